//! Does the pages of jobs (replays, erasures), one after the other.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use webhooks_store::Database;

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::jobs::{PageResult, Throttle, Turns, do_page};

/// How many targets a process asks concurrently.
const VERIFICATIONS: usize = 4;
/// The pause after an empty poll.
const EMPTY_POLL_PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    take_turns("jobs", context, Turns::OfOthers, stopped).await;
}

/// Asks targets whether they want the messages. They have turns of their own, because an answer may take long.
pub(super) async fn run_verifications<D: Database>(
    context: Arc<Context<D>>,
    stopped: watch::Receiver<bool>,
) {
    let mut tasks = JoinSet::new();
    for _ in 0..VERIFICATIONS {
        let (context, stopped) = (Arc::clone(&context), stopped.clone());
        tasks.spawn(take_turns(
            "verifications",
            context,
            Turns::OfVerifications,
            stopped,
        ));
    }
    while let Some(ended) = tasks.join_next().await {
        // One that panicked ends them all, and the duty is started again.
        if let Err(error) = ended
            && let Ok(panic) = error.try_into_panic()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

async fn take_turns<D: Database>(
    name: &'static str,
    context: Arc<Context<D>>,
    turns: Turns,
    stopped: watch::Receiver<bool>,
) {
    let wakeups = context.tables.store.wake().wakeups();
    let poll = context.delivering.rules.poll * 5;
    let wakeup = |at_least| Pace::Wakeup {
        at_least,
        at_most: poll,
    };
    duty::run(
        (name, &context.delivering.duties),
        stopped,
        wakeups,
        wakeup(Duration::ZERO),
        async || match do_page(&context, turns, Throttle::On).await? {
            PageResult::Idle => Ok(wakeup(EMPTY_POLL_PAUSE)),
            PageResult::Done => Ok(Pace::Immediately),
        },
    )
    .await;
}

/// Does every page that can be done now.
pub(super) async fn do_due_pages<D: Database>(context: &Context<D>) -> Result<(), Error> {
    for turns in [Turns::OfVerifications, Turns::OfOthers] {
        while do_page(context, turns, Throttle::Off).await? == PageResult::Done {}
    }
    Ok(())
}
