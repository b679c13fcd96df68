//! Switches off subscriptions whose time is over.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::Database;

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::model::SubscriptionState;
use crate::notices::{SubscriptionEvent, notify};

/// How often they are looked for. An attempt looks at the time itself.
const INTERVAL: Duration = Duration::from_secs(30);
/// The most that are switched off in one transaction.
const BATCH_SIZE: u32 = 100;

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let pace = Pace::After(INTERVAL);
    duty::run(
        ("expiry", &context.delivering.duties),
        stopped,
        None,
        pace,
        async || expire_due(&context).await.map(|()| pace),
    )
    .await;
}

/// Switches off everything whose time is over.
pub(super) async fn expire_due<D: Database>(context: &Context<D>) -> Result<(), Error> {
    let tables = &context.tables;
    loop {
        let mut connection = tables.store.worker_connection().await?;
        let expired = tables
            .on(&mut connection)
            .expired_subscriptions(BATCH_SIZE)
            .await?;
        connection.end();
        if expired.is_empty() {
            return Ok(());
        }
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        for (id, owner) in &expired {
            let state = SubscriptionState::Expired;
            if tx.set_state(id, state, None).await? {
                let event = SubscriptionEvent::Deactivated(state);
                notify(&context.publishing, &mut tx, owner, id, event).await?;
            }
        }
        transaction.commit().await?;
        for (id, _) in &expired {
            context.changed(id.key());
        }
    }
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use super::super::job_runner::do_due_pages;
    use super::*;
    use crate::Sender;

    #[tokio::test]
    async fn what_is_looked_for_all_the_time_needs_no_connection_of_the_pool() {
        let folder = tempfile::tempdir().expect("a folder");
        let sender = Sender::open(folder.path().join("w.db")).without_engine();
        let sender = sender.start().await.expect("a sender");
        let context = &sender.context;
        let pool = context.tables.store.pool();
        let mut held = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            held.push(pool.acquire().await.expect("a connection"));
        }
        expire_due(context).await.expect("it has looked");
        do_due_pages(context).await.expect("it has looked");
    }
}
