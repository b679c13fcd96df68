//! The engine: owns lanes, makes their requests, records the outcomes, tidies up. One duty per file.
//!
//! ```text
//!   lanes ──▶ desk ──▶ attempt ──▶ complete
//!   of the    loads,   one          batched
//!   store     begins   request
//! ```
//!
//! Each process owns some of the lanes, with a lease that it renews ([`webhooks_store::lanes`]): so what is limited for a
//! subscription or an owner is limited exactly, over all processes. No transaction is open during a request. Everything in
//! between is bounded: what is in hand, its bytes, the concurrent requests, what waits to be recorded.

mod attempt;
mod by_hand;
mod complete;
mod completer;
mod decide;
mod desk;
mod dispatcher;
mod duty;
mod expirer;
mod fanner;
mod job_runner;
mod lease;
mod load;
mod number;
mod observer;
mod pause;
mod pruner;
mod subscription_cache;
mod supervisor;
mod unfetched;
mod warn;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use webhooks_store::Database;

pub(crate) use by_hand::by_hand;
pub(crate) use pause::look as look_at_pause;
pub(crate) use pruner::prune_all;

use crate::context::Context;
use crate::model::EngineHealth;
use crate::observe;

/// How the engine of this process does now; [`None`] where it has none.
pub(crate) fn health<D: Database>(context: &Context<D>) -> Option<EngineHealth> {
    context.delivering.duties.health(Instant::now())
}

/// A running engine.
pub(crate) struct Engine {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    drain: Duration,
}

impl Engine {
    /// Starts every duty.
    pub(crate) fn start<D: Database>(context: &Arc<Context<D>>) -> Self {
        observe::engine_starts();
        observe::duty_starts("completer");
        context.delivering.duties.start("completer");
        context.publishing.recent_messages.set_wanted(true);
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut start = Start {
            tasks: &mut tasks,
            context,
            stopped,
        };
        start.duty("dispatcher", dispatcher::run);
        start.duty("fanner", fanner::run);
        start.duty("jobs", job_runner::run);
        start.duty("verifications", job_runner::run_verifications);
        start.duty("expiry", expirer::run);
        start.duty("pruner", pruner::run);
        start.duty("observer", observer::run);
        start.duty("pause", pause::run);
        Self {
            stop,
            tasks,
            drain: context.delivering.rules.drain,
        }
    }

    /// Begins nothing more, lets the requests that are under way end, records them.
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

/// What every duty is started with.
struct Start<'e, D: Database> {
    tasks: &'e mut JoinSet<()>,
    context: &'e Arc<Context<D>>,
    stopped: watch::Receiver<bool>,
}

impl<D: Database> Start<'_, D> {
    fn duty<R, F>(&mut self, name: &'static str, run: R)
    where
        R: Fn(Arc<Context<D>>, watch::Receiver<bool>) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        observe::duty_starts(name);
        let (context, stopped) = (Arc::clone(self.context), self.stopped.clone());
        let of_duty = Arc::clone(self.context);
        let start = move |stopped| run(Arc::clone(&of_duty), stopped);
        self.tasks.spawn(async move {
            supervisor::run(name, &context.delivering.duties, stopped, start).await;
        });
    }
}
