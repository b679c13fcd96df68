//! The sender: what an application holds, and everything that it can do with it.

#[macro_use]
mod on_both;

mod account;
mod deliveries;
mod foreign_driver;
mod grants;
mod jobs;
mod live;
mod operator;
mod polling;
mod queries;
mod reach;
mod running;
mod send;
mod send_untyped;
mod subscriptions;
mod terms;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use tokio::sync::watch;

use webhooks_core::Catalogue;
use webhooks_signature::JwkSet;
use webhooks_store::{Database, Writer};

use crate::context::Context;
use crate::engine::{self, Engine};
use crate::error::Error;
use crate::live::Feed;
use crate::publish::Publish;

pub use account::Account;
pub use foreign_driver::OutboxSql;
pub use operator::Operator;

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
    live: Arc<Feed>,
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
            live: Arc::default(),
        }
    }

    /// Stops: no message is accepted any more ([`Error::ShutDown`]) and no delivery is begun; requests that are under way
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

    /// Sends what is due now and returns how many requests were made: for programs that send in their own rhythm, and
    /// for tests. One request is made after the other; limits of subscriptions and breakers do not count.
    ///
    /// It owns all deliveries meanwhile, so that it works where no engine does.
    ///
    /// # Errors
    ///
    /// [`StateError::OtherEngine`](crate::StateError::OtherEngine) when an engine runs on the same tables, here or elsewhere, or
    /// another call; when the database fails.
    pub async fn deliver(&self) -> Result<usize, Error> {
        engine::by_hand(&self.context).await
    }

    /// The public halves of the sender's own [signing keys](crate::SenderBuilder::signing_key), with their ids: a JSON Web Key
    /// Set (RFC 7517) to be published at an address that receivers know.
    #[doc(alias = "jwks")]
    pub fn public_keys(&self) -> JwkSet {
        self.context.recipients.signing_keys.published()
    }

    /// The webhooks that can be sent.
    pub fn catalogue(&self) -> &Catalogue {
        &self.context.publishing.catalogue
    }

    /// The owner who receives [operational events](crate::SenderBuilder::operational_events_to), where one is named: no customer
    /// has this name.
    pub fn operational_owner(&self) -> Option<&str> {
        self.context.publishing.operator.as_deref()
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
            context.publishing.recent_messages.set_wanted(false);
            context.delivering.duties.clear();
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
            live: Arc::clone(&self.live),
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
