//! The sender: what an application holds, and everything that it can do with it.

mod foreign_driver;
mod query_attempts;
mod query_deliveries;
mod query_messages;
mod query_subscriptions;
mod retry;
mod send;
mod send_untyped;
mod subscribe;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use tokio::sync::watch;

use webhooks_core::Catalogue;
use webhooks_store::{Database, Writer};

use crate::context::Context;
use crate::engine::Engine;
use crate::error::Error;
use crate::model::QueueStats;
use crate::publish::Publish;

pub use foreign_driver::OutboxSql;

/// The most items of a page.
const MAX_ITEMS: u32 = 1000;
/// The rows that a filter examines for one page.
const MAX_EXAMINED: usize = 5000;
/// The rows that a filter reads in one statement.
const BATCH_SIZE: u32 = 500;

/// Sends webhooks from the application's own database. Clones are the same sender.
///
/// `D` is the database: a transaction of another one does not compile. See the [crate's documentation](crate) for what
/// is guaranteed.
pub struct Sender<D: Database> {
    pub(crate) context: Arc<Context<D>>,
    writer: Writer<D, Publish<D>>,
    engine: Arc<Mutex<Option<Engine>>>,
    is_stopping: Arc<AtomicBool>,
    stopped: watch::Sender<bool>,
}

impl<D: Database> Sender<D> {
    pub(crate) fn start(context: Context<D>, with_engine: bool) -> Self {
        let context = Arc::new(context);
        let writer = Writer::start(&context.tables.store);
        let engine = with_engine.then(|| Engine::start(&context));
        Self {
            context,
            writer,
            engine: Arc::new(Mutex::new(engine)),
            is_stopping: Arc::default(),
            stopped: watch::Sender::new(false),
        }
    }

    /// Stops: no message is accepted any more ([`Error::ShutDown`]) and no delivery claimed; requests that are under way
    /// end and are recorded, within the [drain time-out](crate::SenderBuilder::drain) and five seconds.
    ///
    /// The first call begins it, and every call returns when it has ended. A call that is dropped does not end it early.
    #[doc(alias = "graceful")]
    #[doc(alias = "shutdown")]
    #[doc(alias = "stop")]
    pub async fn shut_down(&self) {
        self.context.publishing.shut_down();
        let mut stopped = self.stopped.subscribe();
        let first = !self.is_stopping.swap(true, Ordering::AcqRel);
        if first {
            // A task of its own: it goes on when this future is dropped, by a signal handler that gives up, say.
            tokio::spawn(stop(
                Arc::clone(&self.context),
                self.writer.clone(),
                Arc::clone(&self.engine),
                self.stopped.clone(),
            ));
        }
        // An error would say that no sender is left, and this is one.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

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
    /// let stats = sender.queue_stats().await?;
    /// assert_eq!((stats.ready, stats.scheduled, stats.running, stats.oldest_ready), (0, 0, 0, None));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "health")]
    pub async fn queue_stats(&self) -> Result<QueueStats, Error> {
        self.context.tables.queue_stats().await
    }

    /// The webhooks that can be sent.
    pub fn catalogue(&self) -> &Catalogue {
        &self.context.publishing.catalogue
    }

    /// The time by this sender's clock.
    pub fn now(&self) -> SystemTime {
        self.context.now()
    }
}

/// The writer and the engine at the same time: a send that waits for another's lock must not keep requests from being
/// recorded.
async fn stop<D: Database>(
    context: Arc<Context<D>>,
    writer: Writer<D, Publish<D>>,
    engine: Arc<Mutex<Option<Engine>>>,
    stopped: watch::Sender<bool>,
) {
    let engine = engine.lock().unwrap_or_else(PoisonError::into_inner).take();
    let engine_ends = async {
        if let Some(engine) = engine {
            engine.stop().await;
        }
    };
    let writes_end = tokio::time::timeout(context.delivering.rules.drain, writer.close());
    let (written, ()) = tokio::join!(writes_end, engine_ends);
    if written.is_err() {
        tracing::warn!("the sender was stopped while messages were still being written");
    }
    stopped.send_replace(true);
}

impl<D: Database> Clone for Sender<D> {
    fn clone(&self) -> Self {
        Self {
            context: Arc::clone(&self.context),
            writer: self.writer.clone(),
            engine: Arc::clone(&self.engine),
            is_stopping: Arc::clone(&self.is_stopping),
            stopped: self.stopped.clone(),
        }
    }
}

impl<D: Database> fmt::Debug for Sender<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("webhooks", &self.catalogue().len())
            .finish_non_exhaustive()
    }
}
