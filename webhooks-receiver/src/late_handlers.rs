//! Handlers that go on after their request was answered: how many there may be, and what is lost with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many requests may be handled in tasks of their own, when nothing else is said.
const SLOTS: usize = 100;

/// The handlers of a receiver that [answers early](crate::Receiver::answer_within).
///
/// axum's graceful shutdown waits for answers, and these handlers have already given theirs. Wait for them before the
/// program ends:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), webhooks_receiver::SetupError> {
/// use std::time::Duration;
/// use axum::Router;
/// use webhooks_receiver::{Provider, Receiver};
///
/// let github = Receiver::new(Provider::GITHUB)
///     .secret("s3cret")?
///     .answer_within(Duration::from_secs(5))
///     .on_event("push", async || ());
/// let late = github.late_handlers();
/// let app: Router = Router::new().route("/hooks/github", github.into());
/// // axum::serve(listener, app).with_graceful_shutdown(signal).await?;
/// late.finished().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LateHandlers(Arc<Slots>);

#[derive(Debug)]
struct Slots {
    free: Arc<Semaphore>,
    count: AtomicUsize,
}

impl Default for LateHandlers {
    fn default() -> Self {
        Self(Arc::new(Slots {
            free: Arc::new(Semaphore::new(SLOTS)),
            count: AtomicUsize::new(SLOTS),
        }))
    }
}

impl LateHandlers {
    /// How many requests are being handled, including those that are not answered yet.
    pub fn running(&self) -> usize {
        let count = self.0.count.load(Ordering::Relaxed);
        count.saturating_sub(self.0.free.available_permits())
    }

    /// Waits until none is running. Requests that come meanwhile are answered when their handlers are done.
    #[doc(alias = "graceful")]
    #[doc(alias = "shutdown")]
    pub async fn finished(&self) {
        let count = self.0.count.load(Ordering::Relaxed);
        // A receiver has far fewer slots than the limit of this number, and the semaphore is never closed.
        let all = self
            .0
            .free
            .acquire_many(u32::try_from(count).unwrap_or(u32::MAX));
        drop(all.await);
    }

    /// The place of one more request, if there is one.
    pub(crate) fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.free).try_acquire_owned().ok()
    }

    /// Sets how many there may be. Only while the receiver is being built.
    pub(crate) fn set_limit(&self, limit: usize) {
        let before = self.0.count.swap(limit, Ordering::Relaxed);
        self.0.free.forget_permits(before.saturating_sub(limit));
        self.0.free.add_permits(limit.saturating_sub(before));
    }
}

/// Names a message in the log when its handlers are cut off after the sender was told of a success: the process ended,
/// or the task panicked. The sender does not send that message again.
pub(crate) struct LossGuard {
    receiver: String,
    event: String,
    id: String,
    answered: EarlyAnswer,
    is_over: bool,
}

/// Whether the sender has its answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlyAnswer(Arc<AtomicBool>);

impl EarlyAnswer {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl LossGuard {
    pub(crate) fn new(receiver: &str, event: &str, id: &str) -> Self {
        Self {
            receiver: receiver.to_owned(),
            event: event.to_owned(),
            id: id.to_owned(),
            answered: EarlyAnswer::default(),
            is_over: false,
        }
    }

    pub(crate) fn answered(&self) -> EarlyAnswer {
        self.answered.clone()
    }

    /// The handlers are done.
    pub(crate) fn defuse(mut self) {
        self.is_over = true;
    }
}

impl Drop for LossGuard {
    fn drop(&mut self) {
        if !self.is_over && self.answered.0.load(Ordering::Relaxed) {
            tracing::error!(
                receiver = self.receiver,
                event = self.event,
                id = self.id,
                "the handlers were cut off after the sender had its answer: the message is lost"
            );
        }
    }
}
