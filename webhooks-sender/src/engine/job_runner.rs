//! Does the pages of jobs (replays, erasures), one after the other.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use webhooks_store::{Database, SlotSet};

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::jobs::{PageResult, Throttle, Turns, do_page};
use crate::tables::BULK_JOBS;

/// How many targets a process asks concurrently.
const VERIFICATIONS: usize = 4;
/// The pause after an empty poll.
const EMPTY_POLL_PAUSE: Duration = Duration::from_millis(500);
/// The longest wait of a task that is woken when there is something for it.
const RARELY: Duration = Duration::from_mins(1);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    take_turns("jobs", context, (Turns::OfOthers, Team::Alone), stopped).await;
}

/// Asks targets whether they want the messages. They have turns of their own, because an answer may take long.
pub(super) async fn run_verifications<D: Database>(
    context: Arc<Context<D>>,
    stopped: watch::Receiver<bool>,
) {
    let mut tasks = JoinSet::new();
    for number in 0..VERIFICATIONS {
        let (context, stopped) = (Arc::clone(&context), stopped.clone());
        let team = if number == 0 {
            Team::First
        } else {
            Team::Further
        };
        tasks.spawn(take_turns(
            "verifications",
            context,
            (Turns::OfVerifications, team),
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

/// Of the tasks that take the same turns, one looks for them and wakes the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Team {
    Alone,
    First,
    Further,
}

async fn take_turns<D: Database>(
    name: &'static str,
    context: Arc<Context<D>>,
    (turns, team): (Turns, Team),
    stopped: watch::Receiver<bool>,
) {
    let wake = context.tables.store.wake();
    let delivering = &context.delivering;
    let poll = delivering.rules.poll * 5;
    let wakeup = |next: Option<Duration>| {
        let longest = if team == Team::Further {
            RARELY
        } else {
            delivering.longest_wait(poll)
        };
        // Another engine may do what is due next, or may have died since it began.
        let next = next.map_or(longest, |next| next.clamp(EMPTY_POLL_PAUSE, poll));
        Pace::Wakeup {
            at_least: EMPTY_POLL_PAUSE,
            at_most: longest.min(next),
        }
    };
    duty::run(
        (name, &delivering.duties),
        stopped,
        Some(wake.wakeups(BULK_JOBS)),
        Pace::After(poll),
        async || match do_page(&context, turns, Throttle::On).await? {
            PageResult::Idle => Ok(wakeup(None)),
            PageResult::Waits(next) => Ok(wakeup(Some(next))),
            PageResult::Done => {
                if team == Team::First {
                    wake.wake_here(BULK_JOBS, &SlotSet::all());
                }
                Ok(Pace::Immediately)
            }
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
