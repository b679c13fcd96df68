//! The engine: claims what is due, makes the attempts, records their outcomes, tidies up. One duty per file.
//!
//! ```text
//!  claim ──▶ load ──▶ lanes ──▶ attempt ──▶ complete
//!  batched   batched  one per     one         batched
//!                     subscription request
//! ```
//!
//! No transaction is open during a request. Everything in between is bounded: what is claimed, what waits per
//! subscription, the concurrent requests, what waits to be recorded.

mod attempt;
mod complete;
mod completer;
mod decide;
mod dispatcher;
mod duty;
mod fanner;
mod in_flight;
mod lane;
mod lane_task;
mod load;
mod pruner;
mod replayer;
mod rescuer;
mod run_once;
mod subscription_cache;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use webhooks_store::Database;

pub(crate) use pruner::prune_all;
pub(crate) use run_once::run_once;

use crate::context::Context;

/// A running engine.
pub(crate) struct Engine {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    drain: Duration,
}

impl Engine {
    /// Starts every duty.
    pub(crate) fn start<D: Database>(context: &Arc<Context<D>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(dispatcher::run(Arc::clone(context), stopped.clone()));
        tasks.spawn(fanner::run(Arc::clone(context), stopped.clone()));
        tasks.spawn(replayer::run(Arc::clone(context), stopped.clone()));
        tasks.spawn(rescuer::run(Arc::clone(context), stopped.clone()));
        tasks.spawn(pruner::run(Arc::clone(context), stopped));
        Self {
            stop,
            tasks,
            drain: context.delivering.rules.drain,
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
