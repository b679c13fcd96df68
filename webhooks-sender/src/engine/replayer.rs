//! Brings failed deliveries back for replays, page by page.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::{Claimer, Database};

use super::duty::{self, PAGE_LEASE, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::replay::replay_page;
use crate::tables::REPLAYS;

/// Pages claimed in one step.
const BATCH_SIZE: u32 = 4;
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
        "replay",
        stopped,
        wakeups,
        wakeup(Duration::ZERO),
        async || match replay_due(&context).await? {
            0 => Ok(wakeup(EMPTY_POLL_PAUSE)),
            _ => Ok(Pace::Immediately),
        },
    )
    .await;
}

/// Brings one page of failed deliveries back for each replay that is due; returns how many pages.
pub(super) async fn replay_due<D: Database>(context: &Context<D>) -> Result<usize, Error> {
    let tables = &context.tables;
    let jobs = Claimer::new(&tables.store, REPLAYS)
        .lease(PAGE_LEASE)
        .claim(BATCH_SIZE)
        .await?
        .jobs;
    let mut failed = None;
    for job in &jobs {
        if let Err(error) = replay_page(tables, &context.publishing, job).await {
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(jobs.len()), Err)
}
