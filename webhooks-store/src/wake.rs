//! Wake-ups: workers look now instead of at their next poll. Only that: a lost one costs time, never a job.
//!
//! Inside a process a wake-up is a number that grows. PostgreSQL carries it to the others with `NOTIFY`, at most one
//! every few milliseconds and never in a caller's transaction, because `NOTIFY` makes commits queue up.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

/// Tells workers that there is something to do. Clones are the same.
///
/// ```
/// use std::time::Duration;
/// use webhooks_store::Store;
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let store = Store::memory().open().await?;
/// let mut wakeups = store.wake().wakeups();
/// store.wake().now();
/// wakeups.wait(Duration::from_secs(3600)).await;      // returns immediately
/// # Ok::<(), webhooks_store::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Wake {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// What this process's workers see.
    here: watch::Sender<Signal>,
    /// What this process has to tell the others.
    elsewhere: watch::Sender<Signal>,
    /// Tasks that carry wake-ups to and from other processes; they end with the last clone.
    carriers: Mutex<Vec<AbortHandle>>,
}

/// How often there was something, and until when something may still come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signal {
    pub(crate) count: u64,
    pub(crate) soon_until: Option<Instant>,
}

/// For so long after [`Wake::soon`] workers look often, and so often.
const SOON: Duration = Duration::from_millis(100);
const OFTEN: Duration = Duration::from_millis(5);

impl Wake {
    pub(crate) fn new() -> Self {
        let (here, elsewhere) = (
            watch::Sender::new(Signal::default()),
            watch::Sender::new(Signal::default()),
        );
        Self {
            shared: Arc::new(Shared {
                here,
                elsewhere,
                carriers: Mutex::default(),
            }),
        }
    }

    /// Something has been committed: look now.
    pub fn now(&self) {
        self.wake_here();
        self.shared
            .elsewhere
            .send_modify(|signal| signal.count += 1);
    }

    /// Something is about to be committed in a transaction that is not ours, as after
    /// [`enqueue_in`](crate::Store::enqueue_in): look every 5 milliseconds for the next 100.
    pub fn soon(&self) {
        self.look_often_here();
        self.shared.elsewhere.send_modify(Signal::look_often);
    }

    /// Wake-ups from now on, for one worker.
    pub fn wakeups(&self) -> Wakeups {
        let signals = self.shared.here.subscribe();
        let seen = signals.borrow().count;
        Wakeups {
            signals,
            seen,
            looked: None,
        }
    }

    /// As [`now`](Wake::now), for a wake-up from another process.
    pub(crate) fn wake_here(&self) {
        self.shared.here.send_modify(|signal| signal.count += 1);
    }

    /// As [`soon`](Wake::soon), for a wake-up from another process.
    pub(crate) fn look_often_here(&self) {
        self.shared.here.send_modify(Signal::look_often);
    }
}

/// For the databases that carry wake-ups to other processes.
impl Wake {
    /// Wake-ups for the other processes. It does not keep the wake alive.
    pub(crate) fn elsewhere(&self) -> watch::Receiver<Signal> {
        self.shared.elsewhere.subscribe()
    }

    /// A wake that takes wake-ups from elsewhere without being kept alive by it.
    pub(crate) fn downgrade(&self) -> impl Fn() -> Option<Wake> + Send + 'static {
        let shared = Arc::downgrade(&self.shared);
        move || shared.upgrade().map(|shared| Self { shared })
    }

    /// Ends the task with the last clone.
    pub(crate) fn keep(&self, carrier: AbortHandle) {
        self.shared
            .carriers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(carrier);
    }
}

impl Signal {
    fn look_often(&mut self) {
        self.soon_until = Some(Instant::now() + SOON);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        for carrier in self
            .carriers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            carrier.abort();
        }
    }
}

/// What a worker waits on.
#[derive(Debug)]
pub struct Wakeups {
    signals: watch::Receiver<Signal>,
    seen: u64,
    /// When the worker was sent to look last.
    looked: Option<Instant>,
}

impl Wakeups {
    /// Returns at the next wake-up, or when `at_most` has passed; immediately when there was a wake-up since the last
    /// call.
    pub async fn wait(&mut self, at_most: Duration) {
        let deadline = Instant::now().checked_add(at_most);
        loop {
            let signal = *self.signals.borrow_and_update();
            if signal.count != self.seen {
                self.seen = signal.count;
                break;
            }
            let next = next_look(Instant::now(), signal.soon_until, self.looked)
                .into_iter()
                .chain(deadline)
                .min();
            let changed = match next {
                Some(next) => timeout_at(next, self.signals.changed()).await,
                None => Ok(self.signals.changed().await),
            };
            match changed {
                Ok(Ok(())) => {}
                // There will be no more wake-ups: only the deadline counts.
                Ok(Err(_)) => {
                    if let Some(deadline) = deadline {
                        tokio::time::sleep_until(deadline).await;
                    }
                    break;
                }
                Err(_) => break,
            }
        }
        self.looked = Some(Instant::now());
    }
}

/// When to look for what is about to be committed: soon after the last look, until it is late.
fn next_look(
    now: Instant,
    soon_until: Option<Instant>,
    looked: Option<Instant>,
) -> Option<Instant> {
    let until = soon_until.filter(|until| now < *until)?;
    let look = looked.map_or(now, |looked| (looked + OFTEN).max(now));
    Some(look.min(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> impl Fn(Instant) -> Instant {
        move |start| start + Duration::from_millis(ms)
    }

    #[test]
    fn what_comes_soon_is_looked_for_every_five_milliseconds() {
        let start = Instant::now();
        let until = Some(at(100)(start));
        assert_eq!(next_look(start, until, None), Some(start));
        assert_eq!(
            next_look(at(1)(start), until, Some(start)),
            Some(at(5)(start))
        );
        assert_eq!(
            next_look(at(40)(start), until, Some(start)),
            Some(at(40)(start))
        );
        assert_eq!(next_look(at(98)(start), until, Some(at(98)(start))), until);
        assert_eq!(next_look(at(100)(start), until, Some(start)), None);
        assert_eq!(next_look(start, None, None), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wake_up_before_the_wait_is_not_lost() {
        let wake = Wake::new();
        let mut wakeups = wake.wakeups();
        wake.now();
        let start = Instant::now();
        wakeups.wait(Duration::from_mins(1)).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        wakeups.wait(Duration::from_mins(1)).await;
        assert_eq!(start.elapsed(), Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wake_up_reaches_every_worker() {
        let wake = Wake::new();
        let (mut one, mut other) = (wake.wakeups(), wake.wakeups());
        let start = Instant::now();
        let waiting = tokio::spawn(async move { one.wait(Duration::from_mins(1)).await });
        tokio::task::yield_now().await;
        wake.now();
        waiting.await.unwrap();
        other.wait(Duration::from_mins(1)).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_told_soon_looks_twenty_times_and_stops() {
        let wake = Wake::new();
        let mut wakeups = wake.wakeups();
        wake.soon();
        let start = Instant::now();
        let mut looks = 0;
        while start.elapsed() < Duration::from_secs(1) {
            wakeups.wait(Duration::from_secs(1)).await;
            looks += 1;
        }
        assert!((20..=22).contains(&looks), "{looks}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_wait_is_no_overflow() {
        let wake = Wake::new();
        let mut wakeups = wake.wakeups();
        wake.now();
        wakeups.wait(Duration::MAX).await;
    }
}
