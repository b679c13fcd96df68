//! Wake-ups between processes: one connection listens, and each notification is sent in a transaction of its own.
//!
//! `NOTIFY` takes a lock over the whole database until its transaction has been committed. So it is never sent in
//! a caller's transaction, and a process sends at most one every few milliseconds.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool, raw_sql};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::prefix::Prefix;
use crate::wake::{Signal, Wake};

const BETWEEN: Duration = Duration::from_millis(5);
const BEFORE_TRYING_AGAIN: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn connect(pool: &PgPool, listen_on: PgConnectOptions, prefix: &Prefix, wake: &Wake) {
    // Channels belong to the database, not to a schema; a wake-up for another schema's tables costs one look.
    let channel = format!("{}wake", prefix.as_str());
    // Tells our own notifications from the others'.
    let process = RandomState::new().hash_one(std::process::id()).to_string();
    let telling = tell(
        pool.clone(),
        channel.clone(),
        process.clone(),
        wake.elsewhere(),
    );
    wake.keep(tokio::spawn(telling).abort_handle());
    let heard = listen(listen_on, channel, process, wake.downgrade());
    wake.keep(tokio::spawn(heard).abort_handle());
}

async fn tell(
    pool: PgPool,
    channel: String,
    process: String,
    mut signals: watch::Receiver<Signal>,
) {
    let mut sent = 0;
    while signals.changed().await.is_ok() {
        let signal = *signals.borrow_and_update();
        let what = if signal.count == sent { "soon" } else { "now" };
        sent = signal.count;
        // Both texts are our own and hold no quotes. One simple request works behind a connection pooler too.
        let text = format!("SELECT pg_notify('{channel}', '{what} {process}')");
        if let Err(error) = raw_sql(AssertSqlSafe(text)).execute(&pool).await {
            tracing::debug!(%error, "a wake-up could not be sent to other processes; they look at their next poll");
        }
        sleep(BETWEEN).await;
    }
}

/// On a connection of its own, because it is kept for as long as the store lives; on a new one whenever the server
/// or the network has taken it away.
async fn listen(
    options: PgConnectOptions,
    channel: String,
    process: String,
    wake: impl Fn() -> Option<Wake>,
) {
    loop {
        if let Err(error) = hear(&options, &channel, &process, &wake).await {
            tracing::debug!(%error, "not listening for wake-ups; polling goes on");
        }
        if wake().is_none() {
            return;
        }
        sleep(BEFORE_TRYING_AGAIN).await;
    }
}

async fn hear(
    options: &PgConnectOptions,
    channel: &str,
    process: &str,
    wake: &impl Fn() -> Option<Wake>,
) -> Result<(), sqlx::Error> {
    let single = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE);
    let mut listener = PgListener::connect_with(&single.connect_lazy_with(options.clone())).await?;
    listener.listen(channel).await?;
    // What was sent before was not heard here.
    let Some(listening) = wake() else {
        return Ok(());
    };
    listening.wake_here();
    drop(listening);
    loop {
        let heard = listener.try_recv().await?;
        let Some(wake) = wake() else { return Ok(()) };
        match heard.as_ref().map(sqlx::postgres::PgNotification::payload) {
            Some(payload) if payload.ends_with(process) => {}
            Some(payload) if payload.starts_with("soon") => wake.look_often_here(),
            // `None`: the connection was lost for a while, and who knows what with it.
            Some(_) | None => wake.wake_here(),
        }
    }
}
