//! The jobs of the store: deliveries and fan-outs in the store's queues, and how the queue of deliveries stands.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::time::Duration;

use sha2::{Digest, Sha256};
use webhooks_store::lanes::{Entry, Recorded};
use webhooks_store::{Counts, Database, Id, LaneName, NewJob, Outcome, Parameters, Slot, SlotSet};

use super::{Tables, Tx, id};
use crate::error::Error;
use crate::model::{DeliveryState, QueueStats, is_polled};

/// The queue of deliveries; the lane is the subscription.
pub(crate) const DELIVERIES: &str = "delivery";
/// The queue of deliveries to subscriptions that are fetched: the same lanes, and no engine looks at them.
pub(crate) const POLLED: &str = "poll";
/// The queue of messages to be fanned out; the lane is the owner, so that owners take turns.
pub(crate) const FAN_OUTS: &str = "fan-out";
/// What is done in the background: replays, erasures, verifications. No queue of the store's; it is woken like one.
pub(crate) const BULK_JOBS: &str = "job";
/// Whether all deliveries are held back. No queue of the store's either; every process is woken.
pub(crate) const PAUSE: &str = "pause";

/// Where a transaction has put deliveries and fan-outs: who works on those is woken when it has been committed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Arrivals {
    deliveries: SlotSet,
    polled: SlotSet,
    fan_outs: SlotSet,
}

impl Arrivals {
    /// Where these jobs are put.
    pub(crate) fn of(jobs: &[NewJob]) -> Self {
        let mut arrivals = Self::default();
        for job in jobs {
            match job.queue {
                FAN_OUTS => arrivals.fan_outs.insert(job.slot),
                POLLED => arrivals.polled.insert(job.slot),
                _ => arrivals.deliveries.insert(job.slot),
            }
        }
        arrivals
    }

    fn by_queue(&self) -> impl Iterator<Item = (&'static str, &SlotSet)> {
        let queues = [
            (DELIVERIES, &self.deliveries),
            (POLLED, &self.polled),
            (FAN_OUTS, &self.fan_outs),
        ];
        queues.into_iter().filter(|(_, slots)| !slots.is_empty())
    }
}

/// Where the deliveries to a subscription are: in a lane of its own, in its owner's slot. So one process makes all of an
/// owner's requests, and what is limited for an owner is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeliveryLane {
    pub(crate) subscription: Id,
    slot: Slot,
    owner: i64,
}

impl DeliveryLane {
    pub(crate) fn new(subscription: Id, owner: &str) -> Self {
        Self {
            subscription,
            slot: Slot::of(owner.as_bytes()),
            owner: owner_hash(owner),
        }
    }

    /// The queue in which its deliveries are.
    pub(crate) fn queue(self) -> &'static str {
        queue_of(self.subscription)
    }

    /// A delivery in this lane.
    pub(crate) fn job(self, delivery: Id) -> NewJob {
        NewJob::new(self.queue(), delivery, self.subscription)
            .slot(self.slot)
            .owner(self.owner)
    }

    pub(crate) fn name(self) -> LaneName {
        LaneName::new(self.slot, *self.subscription.as_bytes())
    }
}

/// A job in the lane of an owner, for work of which each owner gets its turn. Everyone is an owner too.
pub(crate) fn owner_lane(queue: &'static str, id: Id, owner: &str) -> NewJob {
    let hash = owner_hash(owner);
    NewJob::new(queue, id, hash.to_be_bytes().as_slice())
        .slot(Slot::of(owner.as_bytes()))
        .owner(hash)
}

/// The queue in which the deliveries to a subscription are.
pub(crate) fn queue_of(subscription: Id) -> &'static str {
    if is_polled(subscription) {
        POLLED
    } else {
        DELIVERIES
    }
}

/// Whether a job of this queue is a delivery, sent or fetched.
pub(crate) fn is_delivery(queue: &str) -> bool {
    [DELIVERIES, POLLED].contains(&queue)
}

/// What an owner is called where names would be too long.
pub(crate) fn owner_hash(owner: &str) -> i64 {
    let digest = Sha256::digest(owner);
    digest.first_chunk().copied().map_or(0, i64::from_be_bytes)
}

impl<D: Database> Tx<'_, D> {
    pub(crate) async fn enqueue(&mut self, jobs: Vec<NewJob>) -> Result<(), Error> {
        if !jobs.is_empty() {
            self.tables.store.enqueue_in(self.connection, jobs).await?;
        }
        Ok(())
    }

    /// Records outcomes; says of each what became of its row.
    pub(crate) async fn record(&mut self, outcomes: &[&Outcome]) -> Result<Vec<Recorded>, Error> {
        let store = &self.tables.store;
        Ok(store.record_in(self.connection, outcomes).await?)
    }

    /// The next job of a queue whose work is done in this transaction: of the lane that comes behind this one.
    pub(crate) async fn lock_due(
        &mut self,
        queue: &str,
        after: Option<&LaneName>,
    ) -> Result<Option<Entry>, Error> {
        let store = &self.tables.store;
        let found = store.lock_due_in(self.connection, queue, after, 1).await?;
        Ok(found.into_iter().next())
    }

    /// Lets the owner of a lane look at it again, which was paused.
    pub(crate) async fn touch(&mut self, lane: DeliveryLane) -> Result<(), Error> {
        let (store, name) = (&self.tables.store, lane.name());
        store
            .touch_lane_in(self.connection, lane.queue(), &name)
            .await?;
        Ok(())
    }

    /// Brings jobs back, due now; returns those that were.
    pub(crate) async fn restart(
        &mut self,
        ids: &[Id],
        attempts: Option<u32>,
    ) -> Result<Vec<Id>, Error> {
        let store = &self.tables.store;
        Ok(store.restart_in(self.connection, ids, attempts).await?)
    }

    /// Those of these deliveries that exist already.
    pub(crate) async fn known_deliveries(
        &mut self,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashSet<Id>, Error> {
        Ok(self.tables.store.known_in(self.connection, ids).await?)
    }

    /// How these deliveries ended; those that have not are left out.
    pub(crate) async fn ended_states(
        &mut self,
        ids: &[Id],
    ) -> Result<HashMap<Id, DeliveryState>, Error> {
        let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.ended_states;
        let rows = sql.fetch(self.connection, parameters).await?;
        let ended = rows.iter().map(|row| {
            let state = match row.int("state")? {
                3 => DeliveryState::Delivered,
                4 => DeliveryState::Failed,
                5 => DeliveryState::Cancelled,
                other => return Err(Error::Corrupt(format!("a delivery ended in state {other}"))),
            };
            Ok((id(&row.bytes("id")?)?, state))
        });
        ended.collect()
    }

    /// How the deliveries of a subscription ended whose ids lie between two: delivered, failed, cancelled.
    pub(crate) async fn count_ended(
        &mut self,
        subscription: Id,
        between: Range<Id>,
        limit: u32,
    ) -> Result<[u32; 3], Error> {
        let parameters = Parameters::new()
            .bytes(*subscription.as_bytes())
            .bytes(*between.start.as_bytes())
            .bytes(*between.end.as_bytes())
            .int(limit.into());
        let sql = &self.tables.sql.count_ended;
        let Some(row) = sql.first(self.connection, parameters).await? else {
            return Ok([0; 3]);
        };
        let count = |column: &str| {
            let number = row.maybe_int(column)?.unwrap_or(0);
            Ok::<_, Error>(u32::try_from(number).unwrap_or(limit))
        };
        Ok([count("delivered")?, count("failed")?, count("cancelled")?])
    }
}

impl<D: Database> Tables<D> {
    /// What a transaction has put there has been committed: it is looked for now.
    pub(crate) fn wake(&self, arrivals: &Arrivals) {
        for (queue, slots) in arrivals.by_queue() {
            self.store.wake().now(queue, slots);
        }
    }

    /// The application is about to commit it: it is looked for again and again.
    pub(crate) fn wake_soon(&self, arrivals: &Arrivals) {
        for (queue, slots) in arrivals.by_queue() {
            self.store.wake().soon(queue, slots);
        }
    }

    /// Deliveries were brought back, wherever they are.
    pub(crate) fn wake_deliveries(&self) {
        self.store.wake().now(DELIVERIES, &SlotSet::all());
        self.store.wake().now(POLLED, &SlotSet::all());
    }

    /// How the queue of deliveries stands; `sending` of them are under way in this process.
    pub(crate) async fn queue_stats(&self, sending: u32) -> Result<QueueStats, Error> {
        let parameters = Parameters::new().text(DELIVERIES).int(Counts::MOST.into());
        let mut connection = self.connection().await?;
        let row = self.sql.health.first(&mut connection, parameters).await?;
        let row = row.ok_or_else(|| Error::Corrupt("the queue has no counts".to_owned()))?;
        let count = |number: i64| u32::try_from(number).unwrap_or(Counts::MOST);
        let (held, seen) = (count(row.int("held")?), count(row.int("ready")?));
        Ok(QueueStats {
            // What is under way is due as well.
            ready: seen.saturating_sub(sending),
            held,
            scheduled: count(row.int("scheduled")?),
            sending,
            oldest_ready: row
                .maybe_int("oldest_ms")?
                .map(|ms| Duration::from_millis(ms.try_into().unwrap_or(0))),
        })
    }
}
