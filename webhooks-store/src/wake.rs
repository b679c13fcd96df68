//! Wake-ups: workers look now instead of at their next poll. Only that: a lost one costs time, never a job.
//!
//! Each is about a queue and some slots, so that the others need not look. Inside a process a wake-up is a number that grows.
//! PostgreSQL carries it to the others with `NOTIFY`, at most one every few milliseconds and never in a caller's
//! transaction, because `NOTIFY` makes commits queue up; what comes in slots of this process's own concerns no other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use crate::outbox::Outbox;
use crate::slot_set::SlotSet;

/// Tells workers that there is something to do. Clones are the same.
///
/// ```
/// use std::time::Duration;
/// use webhooks_store::{SlotSet, Store};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let store = Store::memory().open().await?;
/// let mut wakeups = store.wake().wakeups("letters");
/// store.wake().now("letters", &SlotSet::all());
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
    queues: Mutex<BTreeMap<&'static str, Queue>>,
    outbox: Arc<Outbox>,
    /// Tasks that carry wake-ups to and from other processes; they end with the last clone.
    carriers: Mutex<Vec<AbortHandle>>,
}

/// What this process's workers see of a queue.
#[derive(Debug, Default)]
struct Queue {
    signals: watch::Sender<Signal>,
    /// The slots that are this process's own; [`None`] where its workers look at all of them, and others do too.
    own: Option<SlotSet>,
}

/// How often there was something, and until when something may still come.
#[derive(Clone, Copy, Debug, Default)]
struct Signal {
    count: u64,
    soon_until: Option<Instant>,
}

/// Every queue, where a wake-up is not about one of them.
pub(crate) const EVERY_QUEUE: &str = "*";

/// For so long after [`Wake::soon`] workers look often, and so often.
const SOON: Duration = Duration::from_millis(100);
const OFTEN: Duration = Duration::from_millis(5);

impl Wake {
    pub(crate) fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                queues: Mutex::default(),
                outbox: Arc::default(),
                carriers: Mutex::default(),
            }),
        }
    }

    /// Something has been committed in these slots of a queue: look now.
    pub fn now(&self, queue: &'static str, slots: &SlotSet) {
        let others = self.shared.signal(queue, slots, Signal::count);
        self.shared.outbox.add(queue, |news| &mut news.now, &others);
    }

    /// Something is about to be committed there, in a transaction that is not ours, as after
    /// [`enqueue_in`](crate::Store::enqueue_in): look every 5 milliseconds for the next 100.
    pub fn soon(&self, queue: &'static str, slots: &SlotSet) {
        let others = self.shared.signal(queue, slots, Signal::look_often);
        self.shared
            .outbox
            .add(queue, |news| &mut news.soon, &others);
    }

    /// Everything may have changed: all workers of all processes look now.
    pub fn all(&self) {
        self.wake_here(EVERY_QUEUE, &SlotSet::all());
        let outbox = &self.shared.outbox;
        outbox.add(EVERY_QUEUE, |news| &mut news.now, &SlotSet::all());
    }

    /// Wake-ups from now on about a queue, for one worker.
    pub fn wakeups(&self, queue: &'static str) -> Wakeups {
        let mut queues = self.shared.queues();
        let signals = queues.entry(queue).or_default().signals.subscribe();
        let seen = signals.borrow().count;
        Wakeups {
            signals,
            seen,
            looked: None,
        }
    }

    /// From now on these slots of a queue are this process's own: what comes in them concerns no other process, and what comes
    /// in others does not concern this one. Where a process owns slots without having said so, the others look in vain, and nothing is lost.
    pub fn own(&self, queue: &'static str, slots: SlotSet) {
        self.shared.queues().entry(queue).or_default().own = Some(slots);
    }

    /// As [`now`](Wake::now), within this process alone.
    pub fn wake_here(&self, queue: &str, slots: &SlotSet) {
        self.shared.signal(queue, slots, Signal::count);
    }

    /// As [`soon`](Wake::soon), for a wake-up from another process.
    pub(crate) fn look_often_here(&self, queue: &str, slots: &SlotSet) {
        self.shared.signal(queue, slots, Signal::look_often);
    }
}

/// For the databases that carry wake-ups to other processes.
impl Wake {
    /// Wake-ups for the other processes. It does not keep the wake alive.
    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&self.shared.outbox)
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

impl Shared {
    /// Lets the workers of a queue know, where any of the slots is theirs. Returns the slots that are not.
    fn signal(&self, queue: &str, slots: &SlotSet, change: impl Fn(&mut Signal)) -> SlotSet {
        let queues = self.queues();
        if queue == EVERY_QUEUE {
            queues
                .values()
                .for_each(|queue| queue.signals.send_modify(&change));
            return *slots;
        }
        let Some(queue) = queues.get(queue) else {
            return *slots;
        };
        if queue.own.is_none_or(|own| own.meets(slots)) {
            queue.signals.send_modify(&change);
        }
        slots.without(&queue.own.unwrap_or_default())
    }

    fn queues(&self) -> MutexGuard<'_, BTreeMap<&'static str, Queue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signal {
    fn count(&mut self) {
        self.count += 1;
    }

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
    use crate::lane::Slot;
    use crate::outbox::News;

    const QUEUE: &str = "letters";

    fn slots(numbers: &[u8]) -> SlotSet {
        numbers.iter().copied().map(Slot).collect()
    }

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
        let mut wakeups = wake.wakeups(QUEUE);
        wake.now(QUEUE, &SlotSet::all());
        let start = Instant::now();
        wakeups.wait(Duration::from_mins(1)).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        wakeups.wait(Duration::from_mins(1)).await;
        assert_eq!(start.elapsed(), Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wake_up_reaches_every_worker() {
        let wake = Wake::new();
        let (mut one, mut other) = (wake.wakeups(QUEUE), wake.wakeups(QUEUE));
        let start = Instant::now();
        let waiting = tokio::spawn(async move { one.wait(Duration::from_mins(1)).await });
        tokio::task::yield_now().await;
        wake.now(QUEUE, &SlotSet::all());
        waiting.await.unwrap();
        other.wait(Duration::from_mins(1)).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_told_soon_looks_twenty_times_and_stops() {
        let wake = Wake::new();
        let mut wakeups = wake.wakeups(QUEUE);
        wake.soon(QUEUE, &SlotSet::all());
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
        let mut wakeups = wake.wakeups(QUEUE);
        wake.now(QUEUE, &SlotSet::all());
        wakeups.wait(Duration::MAX).await;
    }

    /// Whether there was a wake-up.
    async fn was_woken(wakeups: &mut Wakeups) -> bool {
        let start = Instant::now();
        wakeups.wait(Duration::from_mins(1)).await;
        start.elapsed() < Duration::from_secs(1)
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_workers_of_the_queue_are_woken() {
        let wake = Wake::new();
        let (mut letters, mut parcels) = (wake.wakeups(QUEUE), wake.wakeups("parcels"));
        wake.now(QUEUE, &SlotSet::all());
        assert!(was_woken(&mut letters).await && !was_woken(&mut parcels).await);
        wake.all();
        assert!(was_woken(&mut letters).await && was_woken(&mut parcels).await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_in_own_slots_is_no_news_to_others_and_the_other_way_round() {
        let wake = Wake::new();
        let mut wakeups = wake.wakeups(QUEUE);
        wake.own(QUEUE, slots(&[1, 2]));
        wake.now(QUEUE, &slots(&[2]));
        assert!(was_woken(&mut wakeups).await);
        assert!(
            wake.outbox().news().is_empty(),
            "no other process is concerned"
        );

        wake.now(QUEUE, &slots(&[3]));
        assert!(!was_woken(&mut wakeups).await);
        wake.now(QUEUE, &slots(&[1, 4]));
        wake.soon(QUEUE, &slots(&[9]));
        assert!(was_woken(&mut wakeups).await);
        let (now, soon) = (slots(&[3, 4]), slots(&[9]));
        let told = wake.outbox().take().await;
        assert_eq!(told, BTreeMap::from([(QUEUE, News { now, soon })]));

        wake.wake_here(QUEUE, &slots(&[7]));
        assert!(!was_woken(&mut wakeups).await);
        wake.wake_here(QUEUE, &slots(&[7, 1]));
        assert!(was_woken(&mut wakeups).await);
        wake.wake_here(EVERY_QUEUE, &SlotSet::all());
        assert!(was_woken(&mut wakeups).await);
        assert!(
            wake.outbox().news().is_empty(),
            "what was heard is not told"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_without_workers_tells_the_others() {
        let wake = Wake::new();
        wake.now(QUEUE, &slots(&[5]));
        let told = wake.outbox().take().await;
        assert_eq!(told[QUEUE].now, slots(&[5]));
    }
}
