//! What a store of handled messages promises.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use crate::handler_return::BoxError;

/// A future of a [`Deduplicate`], boxed so that any implementation fits a receiver.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Remembers which messages were handled.
///
/// [`RecentMessages`](crate::RecentMessages) does so in memory. Another implementation can keep it in a database. The contract:
///
/// - Two keys are the same message if `receiver` and `id` are equal, byte for byte.
/// - A claim is made by inserting under a unique key, never by looking first. Of many concurrent claims of one key
///   exactly one is [`Claim::First`].
/// - A claim is held for its lease and no longer. A process that is killed finishes nothing and drops nothing; without
///   the lease, each further try of that message would be answered 503.
/// - A claim that is dropped unfinished frees the key soon, and after the lease at the latest.
/// - A message that was [finished](ClaimGuard::finish) is [`Claim::Handled`] until it is forgotten. Keep it longer than
///   the sender tries again: three days are enough for most.
///
/// [`testing::conformance::deduplicate`](crate::testing::conformance::deduplicate) tests an implementation against this.
pub trait Deduplicate: Send + Sync + 'static {
    /// Claims a message at the time `now` for the time `lease`, or says what became of the first one.
    ///
    /// # Errors
    ///
    /// When it cannot be known; the sender is answered 503 and tries again.
    fn claim<'a>(
        &'a self,
        key: MessageKey<'a>,
        lease: Duration,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>>;

    /// A random key under which the labels of tenants are made that have no name of their own; see
    /// [`MessageKey::receiver`].
    ///
    /// `None`, the default, stands for a key of this process. The labels are then others in the next process. A store
    /// that outlives the process makes a key once, keeps it and returns it here.
    fn label_key(&self) -> Option<[u8; 32]> {
        None
    }
}

/// One store for several receivers.
impl<D: Deduplicate + ?Sized> Deduplicate for std::sync::Arc<D> {
    fn claim<'a>(
        &'a self,
        key: MessageKey<'a>,
        lease: Duration,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>> {
        (**self).claim(key, lease, now)
    }

    fn label_key(&self) -> Option<[u8; 32]> {
        (**self).label_key()
    }
}

/// What makes two messages the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageKey<'a> {
    /// The receiver, because ids of different senders may be equal: its [name](crate::Receiver::name) where one was
    /// given, else the provider's name with a label made of the secrets. Under
    /// [`secrets_by`](crate::NeedsSecret::secrets_by) the tenant follows.
    pub receiver: &'a str,
    /// The id, at most 512 bytes without control characters. Where the signature covers neither the id nor the name of
    /// the event, a digest of event and body follows: an id that nothing proves must not hide another message.
    pub id: &'a str,
    /// Whether the signature covers the id and the name of the event.
    pub is_signed: bool,
    /// SHA-256 of the body, to notice that an id came back with another one. Where the name of the event is not
    /// signed, it is digested too.
    pub content: [u8; 32],
}

impl<'a> MessageKey<'a> {
    /// A key, for tests of a [`Deduplicate`]: with a signed id and an empty body.
    pub fn new(receiver: &'a str, id: &'a str) -> Self {
        Self {
            receiver,
            id,
            is_signed: true,
            content: [0; 32],
        }
    }

    /// Sets the digest of the body.
    pub fn with_content(mut self, content: [u8; 32]) -> Self {
        self.content = content;
        self
    }

    /// Says that the signature covers neither id nor event.
    pub fn unsigned(mut self) -> Self {
        self.is_signed = false;
        self
    }
}

/// The result of a claim.
#[non_exhaustive]
pub enum Claim {
    /// The first: it is ours to handle.
    First(Box<dyn ClaimGuard>),
    /// Another request with this message is being handled right now; this one is answered 503.
    InProgress,
    /// It was handled before.
    Handled {
        /// Whether [`content`](MessageKey::content) was the same.
        same_body: bool,
    },
}

/// A message that is ours to handle. Dropping it frees the message for the next request.
pub trait ClaimGuard: Send {
    /// Records that the message was handled and is not to be handled again.
    ///
    /// A claim whose lease has ended may belong to another request by now. Recording the message is right even then,
    /// because it was handled; ending the other claim is not.
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
