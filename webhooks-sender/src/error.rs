//! What can go wrong, sorted by what a caller can do about it.
//!
//! No text holds a secret, a URL's path or query, or an address of the sender's network.

use std::fmt;

use webhooks_core::MessageError;

use crate::dialect::RecipientError;
use crate::guard::TargetError;
use crate::model::Owner;

/// Everything a sender can fail with.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The database failed.
    Store(webhooks_store::Error),
    /// The settings cannot work; found when the sender starts.
    Settings(String),
    /// The message cannot be sent: its payload could not be written, or a parameter cannot stand in a header.
    Message(MessageError),
    /// The event is none of the sender's catalogue.
    UnknownEvent(String),
    /// The event is one of the sender's catalogue, but the message is of another declaration.
    OtherDeclaration(String),
    /// The catalogue lists the message's webhook under several names; [`Outbound::as_event`](crate::Outbound::as_event)
    /// says which one is meant.
    Ambiguous {
        /// The event, as declared.
        event: String,
        /// The names in the catalogue.
        names: Vec<String>,
    },
    /// An untyped payload does not fit the webhook's schema.
    Schema {
        /// The event.
        event: String,
        /// Where it does not fit, and why.
        problem: String,
    },
    /// The payload is larger than the sender accepts.
    TooLarge {
        /// Its size in bytes.
        found: usize,
        /// The most that is accepted.
        limit: usize,
    },
    /// A parameter's value that cannot stand in a header or cookie.
    Parameter {
        /// The header or cookie.
        name: String,
    },
    /// The time at which the event happened is beyond what a timestamp can say.
    Time,
    /// The idempotency key was used for another event of the same owner.
    KeyReused {
        /// The event of the message that was first.
        first: String,
    },
    /// What is said about a message beside its payload cannot be kept: its idempotency key or its labels.
    Outbound(&'static str),
    /// An owner is empty, longer than 256 bytes, or holds control characters.
    Owner,
    /// The subscription cannot work: its target, headers, secret or dialect.
    Subscription(String),
    /// The target is refused.
    Target(TargetError),
    /// There is no such subscription, message or delivery.
    NotFound,
    /// The delivery is not in a state in which that can be done.
    State(&'static str),
    /// The sender has been shut down.
    ShutDown,
    /// The operating system has no random bytes to give.
    NoRandomness,
    /// The stored secrets cannot be read: the key that encrypted them is not given.
    Sealed(String),
}

impl Error {
    /// Whether the caller's input is at fault, so that repeating the call does not help.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            Self::Store(_)
                | Self::Settings(_)
                | Self::ShutDown
                | Self::NoRandomness
                | Self::Sealed(_)
        )
    }

    /// Whether there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

impl Error {
    /// The error for a log: with what the database said.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Store(error) => error.reason().to_string(),
            error => error.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Settings(problem) => write!(f, "the sender cannot start: {problem}"),
            Self::Message(error) => error.fmt(f),
            Self::UnknownEvent(event) => write!(
                f,
                "`{event}` is no webhook of the sender's catalogue; declare it, and give the catalogue to `webhooks`"
            ),
            Self::OtherDeclaration(event) => write!(
                f,
                "the message is of another declaration than `{event}` of the sender's catalogue; send what the catalogue \
                 lists, or list the message's webhook in it"
            ),
            Self::Ambiguous { event, names } => write!(
                f,
                "the catalogue lists `{event}` as `{}`; say with `Outbound::as_event` which of them this is",
                names.join("` and as `")
            ),
            Self::Schema { event, problem } => {
                write!(
                    f,
                    "the payload does not fit the schema of `{event}`: {problem}"
                )
            }
            Self::TooLarge { found, limit } => write!(
                f,
                "the body has {found} bytes and the sender accepts {limit}; send less, or a link to the data"
            ),
            Self::Parameter { name } => write!(
                f,
                "the value of the parameter `{name}` must be visible ASCII, in a cookie also without spaces, commas, \
                 semicolons, quotes and backslashes"
            ),
            Self::Time => f.write_str("the time of the event must be in the years 0 to 9999"),
            Self::KeyReused { first } => write!(
                f,
                "the idempotency key was used for a message of the event `{first}` before; give each event its own keys"
            ),
            Self::Owner => f.write_str(Owner::RULE),
            Self::Subscription(problem) => write!(f, "the subscription cannot work: {problem}"),
            Self::Target(error) => error.fmt(f),
            Self::NotFound => f.write_str("there is no such subscription, message or delivery"),
            Self::Outbound(problem) | Self::State(problem) => f.write_str(problem),
            Self::ShutDown => f.write_str("the sender has been shut down and accepts nothing more"),
            Self::NoRandomness => f.write_str("the operating system has no random bytes to give"),
            Self::Sealed(key) => write!(
                f,
                "the subscription's secrets are encrypted with the key `{key}`, which the sender was not given"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}

impl From<webhooks_store::Error> for Error {
    /// What a batch refused comes back as it was.
    fn from(error: webhooks_store::Error) -> Self {
        match error {
            webhooks_store::Error::Closed => Self::ShutDown,
            webhooks_store::Error::Refused(error) => match error.downcast::<Self>() {
                Ok(error) => *error,
                Err(error) => Self::Store(webhooks_store::Error::Refused(error)),
            },
            error => Self::Store(error),
        }
    }
}

impl From<MessageError> for Error {
    fn from(error: MessageError) -> Self {
        Self::Message(error)
    }
}

impl From<RecipientError> for Error {
    fn from(error: RecipientError) -> Self {
        match error {
            RecipientError::Target(error) => Self::Target(error),
            error => Self::Subscription(error.to_string()),
        }
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}

impl From<crate::chance::NoRandomness> for Error {
    fn from(_: crate::chance::NoRandomness) -> Self {
        Self::NoRandomness
    }
}
