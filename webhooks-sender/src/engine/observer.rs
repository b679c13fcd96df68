//! Looks at the queue now and then, so that its gauges are current without a call of the application's.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::Database;

use super::duty::{self, Pace};
use crate::context::Context;
use crate::observe;

/// Prometheus asks every 15 to 60 seconds. The counts are bounded, so the query stays cheap however much waits.
const INTERVAL: Duration = Duration::from_secs(15);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let pace = Pace::After(INTERVAL);
    duty::run(
        ("observer", &context.delivering.duties),
        stopped,
        None,
        pace,
        async || {
            let sending = context.delivering.under_way.count();
            observe::queue(&context.tables.queue_stats(sending).await?);
            Ok(pace)
        },
    )
    .await;
}
