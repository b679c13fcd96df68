//! One pass of the engine, by hand: everything that is due now has been sent and recorded when it returns.
//!
//! For tests with a clock of their own, and for programs that send in their own rhythm. It owns all lanes meanwhile, and
//! makes one request after the other; limits and breakers do not count.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use webhooks_store::lanes::{Ask, LaneSettings, Moment, Places, Polling};
use webhooks_store::{Database, Slot, Worker};

use super::attempt::{AttemptResult, attempt};
use super::complete::complete;
use super::desk::{Desk, Rigour, Step};
use super::dispatcher::shared;
use super::expirer::expire_due;
use super::fanner::Fanner;
use super::job_runner::do_due_pages;
use super::lease::Lease;
use super::load::load;
use super::pause::look as look_at_pause;
use super::subscription_cache::SubscriptionCache;
use crate::change_log::BELIEVED;
use crate::context::{Context, Delivering};
use crate::error::{Error, StateError};
use crate::tables::DELIVERIES;

/// Deliveries in hand, and outcomes recorded in one transaction.
const BATCH_SIZE: u32 = 256;
/// Nothing is looked at by itself.
const NEVER: Duration = Duration::from_hours(24);

/// Sends what is due and returns how many requests were made: none while all deliveries are held back.
pub(crate) async fn by_hand<D: Database>(context: &Arc<Context<D>>) -> Result<usize, Error> {
    if look_at_pause(context).await? {
        return Ok(0);
    }
    // Requests are made one after the other, and no beat comes between the beginning and the end of one.
    let Delivering {
        transport, rules, ..
    } = &context.delivering;
    let lease = rules.lease.max(transport.timeout().saturating_mul(2));
    let settings = settings(lease);
    let last = locked(&context.delivering.last_pass).clone();
    let worker = Worker::new(&context.tables.store, DELIVERIES, &settings).again(last);
    let mut pass = Pass {
        desk: Desk::new(Arc::clone(context), settings, Rigour::Lax),
        worker: Some(worker),
        cache: SubscriptionCache::default(),
        lease: Lease::new(),
        beat: lease / 3,
        beats_at: Moment::default(),
        made: 0,
        context: Arc::clone(context),
    };
    let sent = pass.run().await;
    // Also after an error: others may have the lanes, without waiting for the end of the lease.
    pass.leave().await;
    sent
}

fn settings(lease: Duration) -> LaneSettings {
    LaneSettings {
        ownership: shared(lease),
        polling: Polling {
            shortest: NEVER,
            longest: NEVER,
            between: Duration::ZERO,
        },
        places: Places {
            all: BATCH_SIZE,
            per_owner: BATCH_SIZE,
            reserve: 0,
        },
        widest: BATCH_SIZE,
        in_hand: BATCH_SIZE as usize * 2,
        unrecorded: BATCH_SIZE as usize,
        page: BATCH_SIZE,
    }
}

struct Pass<D: Database> {
    context: Arc<Context<D>>,
    desk: Desk<D>,
    worker: Option<Worker<D>>,
    cache: SubscriptionCache,
    lease: Lease,
    beat: Duration,
    beats_at: Moment,
    made: usize,
}

impl<D: Database> Pass<D> {
    async fn run(&mut self) -> Result<usize, Error> {
        expire_due(&self.context).await?;
        let mut fanner = Fanner::default();
        self.read().await?;
        if self.desk.lanes().slots().count() < Slot::COUNT {
            return Err(StateError::OtherEngine.into());
        }
        loop {
            do_due_pages(&self.context).await?;
            while fanner.fan_out(&self.context).await? > 0 {}
            self.desk.lanes().wake();
            self.read().await?;
            let results = self.send().await?;
            if results.is_empty() {
                if self.desk.lanes().is_marking() {
                    continue;
                }
                return Ok(self.made);
            }
            let recorded = complete(&self.context, &results).await?;
            let now = self.lease.now();
            for (result, recorded) in results.iter().zip(recorded) {
                self.desk.recorded(result.outcome.id(), recorded, now);
            }
        }
    }

    /// Reads what there is.
    async fn read(&mut self) -> Result<(), Error> {
        loop {
            let now = self.tick();
            let Some(worker) = &mut self.worker else {
                return Ok(());
            };
            if let Some(ask) = self.desk.ask(now) {
                match worker.execute(&ask).await {
                    Ok(answer) => self.desk.answered(answer, self.lease.now()),
                    Err(error) => {
                        self.desk.lanes().unanswered(now);
                        return Err(error.into());
                    }
                }
            } else if let Some(needed) = self.desk.load(now) {
                match load(&self.context, &mut self.cache, &needed).await {
                    Ok(loaded) => self.desk.loaded(&needed, loaded, self.lease.now()),
                    Err(error) => {
                        self.desk.not_loaded(&needed);
                        return Err(error);
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    /// Sends what is in hand, one after the other, up to a batch: first in, first out, over all subscriptions.
    async fn send(&mut self) -> Result<Vec<AttemptResult>, Error> {
        let (mut results, mut deliveries) = (Vec::new(), Vec::new());
        let mut has_read = false;
        while results.len() + deliveries.len() < BATCH_SIZE as usize {
            let now = self.tick();
            match self.desk.begin(now) {
                Some(Step::Judged(result)) => results.push(result),
                Some(Step::Request(delivery)) => deliveries.push(delivery),
                None if has_read => break,
                None => {
                    // What was begun may need something, or its lane has room again.
                    self.read().await?;
                    has_read = true;
                    continue;
                }
            }
            has_read = false;
        }
        deliveries.sort_by_key(|delivery| delivery.entry.place);
        let (mut gone, first, begun) = (HashSet::new(), self.made, self.tick());
        for delivery in deliveries {
            let (id, subscription) = (delivery.entry.id(), delivery.subscription);
            // Another process may have changed what was read; the first is made in any case, so that it comes to an end.
            let is_old = self.made > first && begun.plus(BELIEVED) <= self.lease.now();
            let made = if is_old || gone.contains(&subscription) {
                // The rest is looked at again when that is recorded.
                None
            } else {
                attempt(&self.context, delivery, &self.lease).await
            };
            let now = self.tick();
            let Some(result) = made else {
                self.desk.not_made(id, now);
                continue;
            };
            self.made += 1;
            let attempt = result.attempt.as_ref();
            if attempt.is_some_and(|attempt| attempt.decision.gone) {
                gone.insert(subscription);
            }
            self.desk.ended(&result, now);
            results.push(result);
            self.beat().await?;
        }
        Ok(results)
    }

    /// Renews the lease when it is time to, and does nothing else.
    async fn beat(&mut self) -> Result<(), Error> {
        if self.beats_at <= self.lease.now() {
            self.beats_at = self.lease.now().plus(self.beat);
            self.read().await?;
        }
        Ok(())
    }

    fn tick(&mut self) -> Moment {
        let now = self.lease.now();
        self.desk.lanes().tick(now);
        self.lease.set(self.desk.lanes().believes_until());
        now
    }

    async fn leave(&mut self) {
        if let Some(mut worker) = self.worker.take() {
            leave(&mut worker).await;
            if let Some(name) = worker.former_name() {
                *locked(&self.context.delivering.last_pass) = Some(name.clone());
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: Database> Drop for Pass<D> {
    /// A pass that is given up in the middle gives its lanes back all the same.
    fn drop(&mut self) {
        if let (Some(mut worker), Ok(runtime)) =
            (self.worker.take(), tokio::runtime::Handle::try_current())
        {
            runtime.spawn(async move { leave(&mut worker).await });
        }
    }
}

async fn leave<D: Database>(worker: &mut Worker<D>) {
    if let Err(error) = worker.execute(&Ask::Leave).await {
        tracing::warn!(%error, "the lanes are given back when the lease ends");
    }
}
