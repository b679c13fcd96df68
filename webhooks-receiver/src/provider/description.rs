//! What is known about a provider: how it signs, and where it puts what.

use webhooks_signature::Scheme;

use crate::handshake::Plain;
use crate::source::{EventSource, Forms, MessageIdSource, MessageShape};

/// A provider's signature scheme together with the layout of its requests.
///
/// There are constants for the providers people use. Another one is a [`Scheme`] with the rest said on the
/// [`Receiver`](crate::Receiver), or a constant of your own:
///
/// ```
/// use webhooks_receiver::{EventSource, MessageIdSource, Provider, Scheme};
///
/// const ACME: Provider = Provider::new("acme", Scheme::hmac_sha256("x-acme-signature"))
///     .event_name(EventSource::json("/kind"))
///     .payload_at("/object")
///     .message_id(MessageIdSource::json("/id"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Provider {
    pub(crate) name: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) event_name: EventSource,
    pub(crate) payload: &'static str,
    pub(crate) batch: Option<&'static str>,
    pub(crate) message_id: Option<MessageIdSource>,
    pub(crate) other_shapes: &'static [MessageShape],
    pub(crate) forms: Forms,
    pub(crate) body_limit: usize,
    pub(crate) handshake: Option<Plain>,
    /// One a line.
    pub(crate) known_events: &'static str,
}

/// What a body may have when nothing else is said: as much as axum's own extractors take.
const BODY_LIMIT: usize = 2 << 20;

impl Provider {
    /// A provider that signs with this scheme. `name` is what logs call it.
    ///
    /// The event's name is taken from the member `type`, and the payload is the whole body, until something else is
    /// said.
    pub const fn new(name: &'static str, scheme: Scheme) -> Self {
        Self {
            name,
            scheme,
            event_name: EventSource::ENVELOPE,
            payload: "",
            batch: None,
            message_id: None,
            other_shapes: &[],
            forms: Forms::Never,
            body_limit: BODY_LIMIT,
            handshake: None,
            known_events: "",
        }
    }

    /// Where the name of the event is.
    pub const fn event_name(mut self, name: EventSource) -> Self {
        self.event_name = name;
        self
    }

    /// Where the payload is, as a JSON pointer; the empty text is the whole body.
    pub const fn payload_at(mut self, pointer: &'static str) -> Self {
        self.payload = pointer;
        self
    }

    /// Where the list is whose elements are the messages, as a JSON pointer; the empty text is the whole body,
    /// and `/*` leads through a list: `/entry/*/changes`.
    pub const fn batch_at(mut self, pointer: &'static str) -> Self {
        self.batch = Some(pointer);
        self
    }

    /// Where the id of the message is, for schemes that do not sign one.
    pub const fn message_id(mut self, id: MessageIdSource) -> Self {
        self.message_id = Some(id);
        self
    }

    /// Further shapes of what the provider sends to the same URL, for bodies in which name or payload are elsewhere.
    /// None when nothing is said.
    pub const fn other_shapes(mut self, shapes: &'static [MessageShape]) -> Self {
        self.other_shapes = shapes;
        self
    }

    /// The provider also sends forms (`application/x-www-form-urlencoded`): with JSON in the field of this name, or with
    /// the payload as fields where that one is missing. When nothing is said, a body that is a form is refused.
    ///
    /// A body that begins as JSON is read as JSON all the same, whatever its content type says, which no signature covers.
    pub const fn form_field(mut self, name: &'static str) -> Self {
        self.forms = Forms::Field(name);
        self
    }

    /// All bodies are forms, because the signature covers their fields and not their bytes.
    pub(super) const fn only_forms(mut self, field: &'static str) -> Self {
        self.forms = Forms::Always(field);
        self
    }

    /// Bodies are forms unless this parameter of the signed URL has the hash of the body.
    pub(super) const fn forms_unless_hashed(mut self, parameter: &'static str) -> Self {
        self.forms = Forms::UnlessHashed(parameter);
        self
    }

    pub(super) const fn handshake(mut self, handshake: Plain) -> Self {
        self.handshake = Some(handshake);
        self
    }

    /// The names of the events that the provider documents, one a line, for
    /// [`strict`](crate::Receiver::strict): a text of your own, or that of a file, `include_str!("acme-events.txt")`.
    /// None when nothing is said. Other events are received all the same.
    pub const fn known_events(mut self, lines: &'static str) -> Self {
        self.known_events = lines;
        self
    }

    /// The most bytes of a body. 2 MiB when nothing is said.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}

impl From<Scheme> for Provider {
    fn from(scheme: Scheme) -> Self {
        Self::new("webhooks", scheme)
    }
}
