//! Does the pages of jobs (replays, erasures), one after the other.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::Database;

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::jobs::{PageResult, Throttle, do_page};

/// The pause after an empty poll.
const EMPTY_POLL_PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let wakeups = context.tables.store.wake().wakeups();
    let poll = context.delivering.rules.poll * 5;
    let wakeup = |at_least| Pace::Wakeup {
        at_least,
        at_most: poll,
    };
    duty::run(
        "jobs",
        stopped,
        wakeups,
        wakeup(Duration::ZERO),
        async || match do_page(&context, Throttle::On).await? {
            PageResult::Idle => Ok(wakeup(EMPTY_POLL_PAUSE)),
            PageResult::Done => Ok(Pace::Immediately),
        },
    )
    .await;
}

/// Does every page that can be done now.
pub(super) async fn do_due_pages<D: Database>(context: &Context<D>) -> Result<(), Error> {
    while do_page(context, Throttle::Off).await? == PageResult::Done {}
    Ok(())
}
