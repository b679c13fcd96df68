//! Delivers until it receives a signal; the name of the worker is in its requests.

use std::time::Duration;

use sqlx::Pool;
use tokio::signal::unix::{SignalKind, signal};
use webhooks_sender::SenderBuilder;
use webhooks_sender::dialect::Dialect;
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{in_newer_dialect, sender};

use crate::Result;

pub(crate) async fn work<K: Kind>(pool: Pool<K>, name: &str, lease_ms: u64) -> Result<()> {
    deliver(sender(pool), name, lease_ms).await
}

/// One that knows a dialect more.
pub(crate) async fn newer<K: Kind>(pool: Pool<K>, name: &str, lease_ms: u64) -> Result<()> {
    let sender = sender(pool).dialect(in_newer_dialect(name));
    deliver(sender, name, lease_ms).await
}

/// Until it receives a signal.
pub(crate) async fn deliver<K: Kind>(
    sender: SenderBuilder<K>,
    name: &str,
    lease_ms: u64,
) -> Result<()> {
    let mut stop = signal(SignalKind::terminate())?;
    let sender = sender
        .dialect(Dialect::standard_webhooks().user_agent(name))
        .lease(Duration::from_millis(lease_ms))
        .start()
        .await?;
    println!("working");
    stop.recv().await;
    sender.shut_down().await;
    Ok(())
}
