//! A process that works on the lanes of one queue: it runs on the database what [`Lanes`](crate::lanes::Lanes) asks.

mod membership;
mod presence;
mod process;
mod read;

use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::lanes::{Answer, Ask, LaneSettings, Ownership};
use crate::store::Store;
use presence::Presence;
pub use process::{Process, Processes};

/// Runs what a [machine of lanes](crate::lanes::Lanes) asks, one statement after the other, on the tables of one queue.
///
/// ```
/// use std::time::Duration;
/// use webhooks_store::lanes::{Ending, LaneSettings, Lanes, Moment, Ownership, Places, Polling};
/// use webhooks_store::{Id, NewJob, Store, Verdict, Worker};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let store = Store::memory().open().await?;
/// store.enqueue(vec![NewJob::new("delivery", Id::from_bytes([7; 16]), "sub_1").data("hello")]).await?;
///
/// let (milliseconds, now) = (Duration::from_millis, Moment::default());
/// let settings = LaneSettings {
///     ownership: Ownership::Sole,
///     polling: Polling { shortest: milliseconds(5), longest: milliseconds(1000), between: milliseconds(5) },
///     places: Places { all: 100, per_owner: 25, reserve: 10 },
///     widest: 1024,
///     in_hand: 2048,
///     unrecorded: 1024,
///     page: 256,
/// };
/// let (mut lanes, mut worker) = (Lanes::new(settings), Worker::new(&store, "delivery", &settings));
/// while let Some(ask) = lanes.ask(now) {
///     lanes.answer(worker.execute(&ask).await?, now);
/// }
/// let job = lanes.begin(now).expect("it is due");
/// assert_eq!(job.content.data, b"hello");
/// lanes.ended(job.id(), Ending::Succeeded, now);                // the work is done here
/// let recorded = store.record(&[job.outcome(Verdict::Done)]).await?;
/// lanes.recorded(job.id(), recorded[0], now);
/// assert_eq!(lanes.in_hand(), 0);
/// # Ok::<(), webhooks_store::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Worker<D: Database> {
    store: Store<D>,
    queue: &'static str,
    page: u32,
    capacity: u32,
    ttl: Duration,
    /// Under which name it has joined.
    name: Option<Vec<u8>>,
    /// Under which name it was there before.
    former: Option<WorkerName>,
    presence: Presence,
}

/// The name of a process among those that share the slots: made by the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerName(Vec<u8>);

impl WorkerName {
    /// The name as it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<D: Database> Worker<D> {
    /// For one queue. It has joined nothing yet.
    pub fn new(store: &Store<D>, queue: &'static str, settings: &LaneSettings) -> Self {
        let ttl = match settings.ownership {
            Ownership::Sole => Duration::ZERO,
            Ownership::Shared { ttl, .. } => ttl,
        };
        Self {
            store: store.clone(),
            queue,
            page: settings.page,
            capacity: 100,
            ttl,
            name: None,
            former: None,
            presence: Presence::new(D::presence_file(store.pool(), store.prefix())),
        }
    }

    /// Joins under the name that a worker of this process had before it left, if that is free: the slots that no other has
    /// taken meanwhile are its own again, and nothing is written for them. For passes by hand, which join and leave often.
    pub fn again(mut self, name: Option<WorkerName>) -> Self {
        self.former = name;
        self
    }

    /// The name that it has left.
    pub fn former_name(&self) -> Option<&WorkerName> {
        self.former.as_ref()
    }

    /// The name under which it is one of the processes now.
    pub fn current_name(&self) -> Option<WorkerName> {
        self.name.clone().map(WorkerName)
    }

    /// How much of the work it takes among the processes: its share of the slots is as large as its part of all
    /// capacities. Default: 100.
    pub fn capacity(mut self, capacity: u32) -> Self {
        self.capacity = capacity.max(1);
        self
    }

    /// Runs what is asked, in a short transaction of its own.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing was learned, which is to be said to the machine with
    /// [`unanswered`](crate::lanes::Lanes::unanswered).
    pub async fn execute(&mut self, ask: &Ask) -> Result<Answer, Error> {
        match ask {
            Ask::Join { .. } => self.join().await,
            Ask::Beat { .. } => self.beat().await,
            Ask::Take { most, back } => self.take(*most, *back).await,
            Ask::Give { slots, is_refused } => self.give(slots, *is_refused).await,
            Ask::Leave => self.leave().await,
            Ask::Mark { begun, not_made } => self.mark(begun, not_made).await,
            Ask::Feed { cursor, slots } => self.feed(cursor, slots).await,
            Ask::Due { cursor } => self.due(*cursor).await,
            Ask::Sweep { slots, after } => self.sweep(slots, after.as_ref()).await,
            Ask::Refill(refills) => self.refill(refills).await,
            Ask::Look(ids) => Ok(Answer::Rows(self.store.look(self.queue, ids).await?)),
        }
    }
}
