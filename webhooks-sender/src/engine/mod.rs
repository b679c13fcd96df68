//! The engine: claims what is due, makes the attempts, records what came of them, tidies up. One duty per file.
//!
//! ```text
//!  claim ──▶ load ──▶ lanes ──▶ attempt ──▶ record
//!  batched   batched  one per     one        batched
//!                     subscription request
//! ```
//!
//! No transaction is held during a request. Everything in between is bounded: what is claimed, what waits per
//! subscription, the requests at once, what waits to be recorded.

mod attempt;
mod duties;
mod hand;
mod judge;
mod lane;
mod load;
mod prune;
mod recipients;
mod record;
mod recorder;
mod runner;
mod turn;
mod work;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use webhooks_store::Database;

pub(crate) use prune::prune_all;
pub(crate) use turn::turn;

use crate::shared::Shared;

/// A running engine.
pub(crate) struct Engine {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    drain: Duration,
}

impl Engine {
    /// Starts every duty.
    pub(crate) fn start<D: Database>(shared: &Arc<Shared<D>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(work::work(Arc::clone(shared), stopped.clone()));
        tasks.spawn(duties::fan_out(Arc::clone(shared), stopped.clone()));
        tasks.spawn(duties::replay(Arc::clone(shared), stopped.clone()));
        tasks.spawn(duties::rescue(Arc::clone(shared), stopped.clone()));
        tasks.spawn(prune::prune(Arc::clone(shared), stopped));
        Self {
            stop,
            tasks,
            drain: shared.rules.drain,
        }
    }

    /// Claims nothing more, lets the requests that are under way end, records them.
    pub(crate) async fn stop(mut self) {
        let _ = self.stop.send(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        // Requests end by their own time-out; this is for what hangs beyond that.
        if tokio::time::timeout(self.drain + Duration::from_secs(5), all)
            .await
            .is_err()
        {
            tracing::warn!(
                "the sender was stopped before everything had been recorded; it will be sent again"
            );
        }
    }
}
