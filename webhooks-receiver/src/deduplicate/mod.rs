//! Recognising a message that came before.
//!
//! A claim decides, not a look: of two requests with one id exactly one gets it, and the other is told how far the
//! first has come. A claim that is dropped without having been finished gives the id free again, so that a handler
//! that failed, panicked or was cut off can be tried again.

mod recent;

use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

pub use recent::RecentMessages;

use crate::handler_return::BoxError;

/// A future of a [`Deduplicate`], boxed so that any implementation fits a receiver.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Remembers which messages were handled.
///
/// [`RecentMessages`] does so in memory. Another implementation can keep it in a database: one that claims by
/// inserting under a unique key, never by looking first.
pub trait Deduplicate: Send + Sync + 'static {
    /// Claims a message at the time `now`, or says what became of the first one.
    ///
    /// # Errors
    ///
    /// When it cannot be known; the sender is answered 503 and tries again.
    fn claim<'a>(
        &'a self,
        key: MessageKey<'a>,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>>;
}

/// What makes two messages the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageKey<'a> {
    /// The receiver: ids of different providers may be equal.
    pub receiver: &'a str,
    /// The id.
    pub id: &'a str,
    /// SHA-256 of the body, to notice that an id came back with another one.
    pub body: [u8; 32],
}

/// What a claim came to.
#[non_exhaustive]
pub enum Claim {
    /// The first: it is ours to handle.
    First(Box<dyn ClaimGuard>),
    /// Another request with this message is being handled right now; this one is answered 503.
    InProgress,
    /// It was handled before.
    Handled {
        /// Whether the body was the same.
        same_body: bool,
    },
}

/// A message that is ours to handle. Dropping it gives it free.
pub trait ClaimGuard: Send {
    /// It was handled, and is not to be handled again.
    ///
    /// # Errors
    ///
    /// When that cannot be kept; the message was handled nevertheless, and may be handled again.
    fn finish(self: Box<Self>, now: SystemTime) -> BoxFuture<'static, Result<(), BoxError>>;
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::First(_) => f.write_str("First"),
            Self::InProgress => f.write_str("InProgress"),
            Self::Handled { same_body } => f
                .debug_struct("Handled")
                .field("same_body", same_body)
                .finish(),
        }
    }
}
