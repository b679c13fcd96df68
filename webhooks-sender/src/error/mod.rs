//! What can go wrong, sorted by what a caller can do about it.
//!
//! No text holds a secret, a URL's path or query, or an address of the sender's network.

mod seal;
mod state;

use std::fmt;

use webhooks_core::MessageError;

use crate::dialect::RecipientError;
use crate::entropy::EntropyError;
use crate::guard::TargetError;
use crate::model::{CursorError, JobId, Owner, SubscriptionId};

pub use seal::SealError;
pub use state::StateError;

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
    /// The sender's catalogue has no such event.
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
    /// The idempotency key is that of a message in a transaction that is still open; nothing was sent. Send again when that
    /// transaction has ended, and its answer is the first one's.
    KeyInUse,
    /// The rule given to [`visible`](crate::SenderBuilder::visible) panicked when it was asked for this message.
    VisibilityPanic,
    /// The idempotency key or the labels of a message cannot be stored.
    Outbound(&'static str),
    /// An owner is empty, longer than 256 bytes, or holds control characters.
    Owner,
    /// The subscription cannot work: its events, settings or dialect.
    Subscription(String),
    /// The subscription cannot work: its headers or secrets.
    Recipient(RecipientError),
    /// The target is refused.
    Target(TargetError),
    /// A subscription wants an event, or a pattern of events, of which the catalogue has none for its owner.
    UnknownPattern {
        /// The event or pattern.
        pattern: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// The owner has as many subscriptions as it may have.
    TooManySubscriptions {
        /// The most that it may have.
        limit: u32,
    },
    /// The key of a request for a subscription was used for another request of the same owner.
    RequestKeyReused {
        /// The subscription that was made with it.
        id: SubscriptionId,
    },
    /// A cursor that is not one of the list.
    Cursor(CursorError),
    /// There is no such subscription, message, delivery or job, or it is another owner's.
    NotFound,
    /// The subscription, delivery or job is not in a state in which that can be done.
    State(StateError),
    /// The same is being done already.
    JobRunning {
        /// The job that does it.
        job: JobId,
    },
    /// The sender has been shut down.
    ShutDown,
    /// The operating system could not supply random bytes.
    Entropy(EntropyError),
    /// The stored secrets of a subscription cannot be opened.
    Sealed(SealError),
    /// The database holds something that cannot be read; the text names it. Another program wrote it, or a newer version.
    Corrupt(String),
}

impl Error {
    /// Whether the caller's input is at fault, so that repeating the call does not help.
    pub fn is_input(&self) -> bool {
        match self {
            Self::Store(error) => error.is_character(),
            Self::Settings(_)
            | Self::ShutDown
            | Self::KeyInUse
            | Self::VisibilityPanic
            | Self::Entropy(_)
            | Self::Sealed(_)
            | Self::Corrupt(_) => false,
            _ => true,
        }
    }

    /// Whether there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }

    /// Whether the database has no tables of a sender, in the schema and under the prefix that were given: it may be another
    /// one than was meant.
    pub fn is_without_tables(&self) -> bool {
        use webhooks_store::Error::OlderSchema;

        matches!(self, Self::Store(OlderSchema { found: 0, .. }))
    }

    /// Whether one of several writes is to blame for it, so that the others succeed without that one.
    pub(crate) fn is_of_one(&self) -> bool {
        match self {
            Self::Store(error) => error.is_of_one(),
            _ => true,
        }
    }

    /// The error for a log: with what the database said.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Store(error) => error.error_chain().to_string(),
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
                "the sender's catalogue has no webhook `{event}`; declare it, and give the catalogue to `webhooks`"
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
            Self::KeyInUse => f.write_str(
                "a message with this idempotency key is being sent in a transaction that is still open; send it again later",
            ),
            Self::VisibilityPanic => f.write_str(
                "the rule given to `visible` panicked for this owner and event; nothing was sent",
            ),
            Self::Owner => f.write_str(Owner::RULE),
            Self::Subscription(problem) => write!(f, "the subscription cannot work: {problem}"),
            Self::Recipient(error) => write!(f, "the subscription cannot work: {error}"),
            Self::Target(error) => error.fmt(f),
            Self::UnknownPattern {
                pattern,
                suggestion,
            } => {
                write!(f, "there is no event `{pattern}`")?;
                match suggestion {
                    Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
                    None => Ok(()),
                }
            }
            Self::TooManySubscriptions { limit } => write!(
                f,
                "there are {limit} subscriptions already, which is the most; remove one that is no longer needed"
            ),
            Self::RequestKeyReused { id } => write!(
                f,
                "the key was used for another request, which made the subscription {id}; give each request its own key"
            ),
            Self::Cursor(error) => error.fmt(f),
            Self::NotFound => f.write_str("there is no such subscription, message, delivery or job"),
            Self::Outbound(problem) => f.write_str(problem),
            Self::State(error) => error.fmt(f),
            Self::JobRunning { job } => write!(
                f,
                "the job {job} does the same and has not ended; wait for it, or cancel it"
            ),
            Self::ShutDown => f.write_str("the sender has been shut down and accepts nothing more"),
            Self::Entropy(error) => error.fmt(f),
            Self::Sealed(error) => error.fmt(f),
            Self::Corrupt(what) => write!(
                f,
                "the database holds something that cannot be read: {what}"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Their own texts are shown already: what is behind them comes next.
            Self::Store(error) => error.source(),
            Self::Message(error) => error.source(),
            Self::Target(error) => error.source(),
            Self::Cursor(error) => error.source(),
            Self::State(error) => error.source(),
            Self::Entropy(error) => error.source(),
            Self::Sealed(error) => error.source(),
            Self::Recipient(error) => Some(error),
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
            error => Self::Recipient(error),
        }
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}

impl From<EntropyError> for Error {
    fn from(error: EntropyError) -> Self {
        Self::Entropy(error)
    }
}

impl From<CursorError> for Error {
    fn from(error: CursorError) -> Self {
        Self::Cursor(error)
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Self::Sealed(error)
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        Self::State(error)
    }
}
