//! Where a provider writes the name of the event, and the id of the message.

/// Where the name of the event stands in a request.
///
/// A [`Provider`](crate::Provider) constant knows; for others it is said with
/// [`Receiver::event_name`](crate::Receiver::event_name).
///
/// ```
/// use webhooks_receiver::EventSource;
///
/// const STRIPE: EventSource = EventSource::json("/type");
/// const GITHUB: EventSource = EventSource::header("x-github-event").join("/action"); // `issues.opened`
/// const TWILIO_SMS: EventSource = EventSource::fixed("sms"); // the URL says it
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventSource {
    pub(crate) source: NameSource,
    pub(crate) join: Option<&'static str>,
    pub(crate) bound: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameSource {
    Header(&'static str),
    /// The first that is there.
    AnyHeader(&'static [&'static str]),
    Json(&'static str),
    Path(&'static str),
    Fixed(&'static str),
}

impl EventSource {
    /// The `type` of the envelope of Standard Webhooks, which the signature covers.
    pub const ENVELOPE: Self = Self::json("/type");

    /// The `webhook-event` header that our own sender adds to a bare payload, [bound](Self::bound_to_id) to the
    /// message id.
    pub const BARE: Self = Self::header("webhook-event").bound_to_id();

    /// A header. Few schemes sign headers: whoever has seen one request may be able to send its body under another
    /// event's name.
    pub const fn header(name: &'static str) -> Self {
        Self::of(NameSource::Header(name))
    }

    /// The first of several headers that is there, for providers that are renaming theirs.
    pub const fn any_header(names: &'static [&'static str]) -> Self {
        Self::of(NameSource::AnyHeader(names))
    }

    /// A member of the body, as a JSON pointer (RFC 6901); in a form, the field of that name. In a batch it is
    /// looked for in each element.
    pub const fn json(pointer: &'static str) -> Self {
        Self::of(NameSource::Json(pointer))
    }

    /// A parameter of the route: `{event}` in `/hooks/{event}`.
    pub const fn path(parameter: &'static str) -> Self {
        Self::of(NameSource::Path(parameter))
    }

    /// Always this name, for providers that have one URL per event.
    pub const fn fixed(name: &'static str) -> Self {
        Self::of(NameSource::Fixed(name))
    }

    /// Adds a dot and this member of the body, where it is there: `issues` and `opened` are `issues.opened`, and
    /// `issues.*` selects all actions. The member is what the sender wrote, in some events a user's text.
    pub const fn join(mut self, pointer: &'static str) -> Self {
        self.join = Some(pointer);
        self
    }

    /// Refuses a name that does not belong to the message's id: the id ends in `_` and the first 16 hex digits of
    /// the SHA-256 of the name.
    ///
    /// This is how our own sender ties the name to the signature of Standard Webhooks, which covers the id but not
    /// the header with the name, so that a captured `payment.failed` cannot be sent again as `payment.succeeded`.
    pub const fn bound_to_id(mut self) -> Self {
        self.bound = true;
        self
    }

    const fn of(source: NameSource) -> Self {
        Self {
            source,
            join: None,
            bound: false,
        }
    }
}

/// Where the id of a message stands that the signature scheme does not name itself.
///
/// ```
/// use webhooks_receiver::MessageIdSource;
///
/// const STRIPE: MessageIdSource = MessageIdSource::json("/id");
/// const GITHUB: MessageIdSource = MessageIdSource::header("x-github-delivery");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageIdSource(pub(crate) IdSource);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdSource {
    Header(&'static str),
    AnyHeader(&'static [&'static str]),
    Json(&'static str),
}

impl MessageIdSource {
    /// A header. If the scheme does not sign it, a repeat under another id is not recognised as one; see
    /// [`RecentMessages::same_body_within`](crate::RecentMessages::same_body_within).
    pub const fn header(name: &'static str) -> Self {
        Self(IdSource::Header(name))
    }

    /// The first of several headers that is there.
    pub const fn any_header(names: &'static [&'static str]) -> Self {
        Self(IdSource::AnyHeader(names))
    }

    /// A member of the body, as a JSON pointer (RFC 6901); also where the body is a batch.
    pub const fn json(pointer: &'static str) -> Self {
        Self(IdSource::Json(pointer))
    }
}
