//! Where a provider writes the name of the event, and the id of the message.

/// Where the name of the event is in a request.
///
/// A [`Provider`](crate::Provider) constant knows it; for others it is set with
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

    /// A header. Few schemes sign headers: a person who has seen one request may be able to send its body under another
    /// event's name.
    pub const fn header(name: &'static str) -> Self {
        Self::of(NameSource::Header(name))
    }

    /// The first of several headers that is there, for providers that are renaming theirs. As unsigned as
    /// [`header`](Self::header).
    pub const fn any_header(names: &'static [&'static str]) -> Self {
        Self::of(NameSource::AnyHeader(names))
    }

    /// A member of the body, as a JSON pointer (RFC 6901); in a form, the field of that name. In a batch it is
    /// looked for in each element.
    pub const fn json(pointer: &'static str) -> Self {
        Self::of(NameSource::Json(pointer))
    }

    /// A parameter of the route: `{event}` in `/hooks/{event}`.
    ///
    /// Few schemes sign the URL: a person who has seen one request may be able to send its body to another event's
    /// route.
    pub const fn path(parameter: &'static str) -> Self {
        Self::of(NameSource::Path(parameter))
    }

    /// Always this name, for providers that have one URL per event.
    ///
    /// Where several such routes have one secret, and the scheme does not sign the URL, a request for one of them is
    /// also valid for the others. Give each route a secret of its own.
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
    /// the SHA-256 of the name ([`webhooks_core::binding`]).
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

/// Where the id of a message is, for schemes that do not sign one.
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
    /// A header. If the scheme does not sign it, a repeat is recognised only with the same body; see
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

/// One of several shapes of what a provider sends to one URL: where the event's name is, and where the payload.
///
/// The shapes are tried in order. The first counts whose name and payload are both there.
///
/// ```
/// use webhooks_receiver::{EventSource, MessageShape, Provider, Scheme};
///
/// // Objects come with `type` and `data`, and notices with a `notice` alone.
/// const ACME: Provider = Provider::new("acme", Scheme::hmac_sha256("x-acme-signature"))
///     .payload_at("/data")
///     .other_shapes(&[MessageShape::new(EventSource::json("/notice"))]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct MessageShape {
    pub(crate) event: EventSource,
    pub(crate) payload: &'static str,
}

impl MessageShape {
    /// A shape with the event's name there, whose payload is the whole body.
    pub const fn new(event: EventSource) -> Self {
        Self { event, payload: "" }
    }

    /// Where the payload is, as a JSON pointer.
    pub const fn payload_at(mut self, pointer: &'static str) -> Self {
        self.payload = pointer;
        self
    }
}

/// Which bodies of a provider are forms (`application/x-www-form-urlencoded`).
///
/// No signature covers the content type of a body, so it decides nothing. What the bytes themselves look like does, and what
/// is known of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forms {
    /// None: the provider sends JSON.
    Never,
    /// Those that do not begin as JSON. The payload is in the field of this name, or is the form where that is missing.
    Field(&'static str),
    /// All: the signature covers the fields and not the bytes.
    Always(&'static str),
    /// All, unless the URL, which is signed, has this parameter with the hash of the body.
    UnlessHashed(&'static str),
}
