//! Makes deliveries claimable again whose process died: their leases ran out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::Database;

use super::duty::{self, PAGE_LEASE, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::observe;
use crate::tables::{DELIVERIES, FAN_OUTS};

/// How often leases that ran out are looked for.
const INTERVAL: Duration = Duration::from_secs(5);
/// The most jobs of a queue that are rescued in one step.
const BATCH_SIZE: u32 = 1000;

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let wakeups = context.tables.store.wake().wakeups();
    let pace = Pace::After(INTERVAL);
    duty::run("rescuer", stopped, wakeups, pace, async || {
        rescue(&context).await.map(|()| pace)
    })
    .await;
}

async fn rescue<D: Database>(context: &Context<D>) -> Result<(), Error> {
    let store = &context.tables.store;
    let mut failed = None;
    for (queue, lease) in [
        (DELIVERIES, context.delivering.rules.lease),
        (FAN_OUTS, PAGE_LEASE),
    ] {
        match store.rescue(queue, lease, BATCH_SIZE).await {
            Ok(rescued) if rescued.is_empty() => {}
            Ok(rescued) => {
                observe::rescued(queue, rescued.len());
                store.wake().now();
            }
            // The other queues are rescued all the same.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}
