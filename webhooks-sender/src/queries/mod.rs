//! Looking: subscriptions, messages, deliveries and attempts, page by page, each page with the cursor of the next.
//!
//! A page costs about the same whatever the tables hold: each goes through an index in its order, and one with a filter
//! looks at a bounded number of rows. Nothing is kept in an index for the sake of a filter, because every send would
//! pay for it.

mod attempts;
mod deliveries;
mod messages;
mod subscriptions;

use std::time::Duration;

use webhooks_store::{Counts, Database, Parameters};

use crate::error::Error;
use crate::publish::DELIVERIES;
use crate::sender::Sender;

/// The most items of a page.
const MOST: u32 = 1000;
/// The rows that a filter looks at for one page.
const EXAMINED: usize = 5000;
/// The rows that a filter reads at once.
const AT_ONCE: u32 = 500;

/// How the queue of deliveries stands. Each number is counted up to [`Health::MOST`], so that asking stays cheap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// Deliveries that could be sent now. Where there are many, those of the first 1,000 subscriptions are counted.
    pub ready: u32,
    /// Deliveries that are due and held back, because their subscription is paused.
    pub held: u32,
    /// Deliveries that wait for their time.
    pub scheduled: u32,
    /// Deliveries that are being sent.
    pub running: u32,
    /// How long the oldest of those that are ready has been due, over the first 1,000 subscriptions: what an alarm looks
    /// at. What is held back does not count.
    pub oldest_ready: Option<Duration>,
}

impl Health {
    /// A number that reaches this one means: at least as many.
    pub const MOST: u32 = Counts::MOST;
}

/// # Looking
impl<D: Database> Sender<D> {
    /// How the queue of deliveries stands: for a health check.
    ///
    /// # Errors
    ///
    /// When the database fails, which is what a health check wants to know.
    ///
    /// ```
    /// # use webhooks_sender::{Error, Sender};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let health = sender.health().await?;
    /// assert_eq!((health.ready, health.scheduled, health.running, health.oldest_ready), (0, 0, 0, None));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn health(&self) -> Result<Health, Error> {
        let counts = self.shared.store.counts(DELIVERIES).await?;
        let parameters = Parameters::new().text(DELIVERIES).int(Health::MOST.into());
        let mut connection = self.shared.store.connection().await?;
        let row = self
            .shared
            .sql
            .health
            .first(&mut connection, parameters)
            .await?
            .ok_or(Error::NotFound)?;
        let count = |number: i64| u32::try_from(number).unwrap_or(Health::MOST);
        let (held, seen) = (count(row.int(0)?), count(row.int(1)?));
        Ok(Health {
            // Both are at most the truth: one counts all lanes together, the other those that move.
            ready: counts.ready.saturating_sub(held).max(seen),
            held,
            scheduled: counts.scheduled,
            running: counts.running,
            oldest_ready: row
                .maybe_int(2)?
                .map(|ms| Duration::from_millis(ms.try_into().unwrap_or(0))),
        })
    }
}
