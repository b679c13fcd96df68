//! Looking: subscriptions, messages, deliveries and attempts, page by page, each page with the cursor of the next.
//!
//! A page costs about the same whatever the tables hold: each goes through an index in its order, and one with a filter
//! looks at a bounded number of rows. Nothing is kept in an index for the sake of a filter, because every send would
//! pay for it.

mod attempts;
mod deliveries;
mod messages;
mod subscriptions;

use webhooks_store::{Counts, Database};

use crate::error::Error;
use crate::publish::DELIVERIES;
use crate::sender::Sender;

/// The most items of a page.
const MOST: u32 = 1000;
/// The rows that a filter looks at for one page.
const EXAMINED: usize = 5000;
/// The rows that a filter reads at once.
const AT_ONCE: u32 = 500;

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
    pub async fn health(&self) -> Result<Counts, Error> {
        Ok(self.shared.store.counts(DELIVERIES).await?)
    }
}
