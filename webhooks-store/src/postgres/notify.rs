//! Wake-ups between processes: one connection listens, and each notification is sent in a transaction of its own.
//!
//! `NOTIFY` takes a lock over the whole database until its transaction has been committed. So it is never sent in
//! a caller's transaction, and a process sends at most one every few milliseconds.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool, raw_sql};
use tokio::time::sleep;

use crate::outbox::Outbox;
use crate::prefix::Prefix;
use crate::slot_set::SlotSet;
use crate::wake::{EVERY_QUEUE, Wake};

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
        wake.outbox(),
    );
    wake.keep(tokio::spawn(telling).abort_handle());
    let heard = listen(listen_on, channel, process, wake.downgrade());
    wake.keep(tokio::spawn(heard).abort_handle());
}

async fn tell(pool: PgPool, channel: String, process: String, outbox: Arc<Outbox>) {
    loop {
        let mut calls = Vec::new();
        for (queue, news) in outbox.take().await {
            for (when, slots) in [("now", news.now), ("soon", news.soon)] {
                if !slots.is_empty() {
                    // All of it is our own and holds no quotes.
                    calls.push(format!(
                        "pg_notify('{channel}', '{when} {queue} {slots} {process}')"
                    ));
                }
            }
        }
        // One simple request works behind a connection pooler too.
        let text = format!("SELECT {}", calls.join(", "));
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
    listening.wake_here(EVERY_QUEUE, &SlotSet::all());
    drop(listening);
    loop {
        let heard = listener.try_recv().await?;
        let Some(wake) = wake() else { return Ok(()) };
        // None: the connection was lost for a while, and who knows what with it.
        let payload = heard.as_ref().map(sqlx::postgres::PgNotification::payload);
        pass_on(&wake, payload.unwrap_or_default(), process);
    }
}

/// Wakes the workers that a notification concerns: all of them where it is of another version.
fn pass_on(wake: &Wake, payload: &str, process: &str) {
    let mut words = payload.split(' ');
    let (when, queue, slots) = (words.next(), words.next(), words.next());
    if words.next() == Some(process) {
        return;
    }
    let slots = slots.and_then(SlotSet::parse);
    match (when, queue, slots) {
        (Some("now"), Some(queue), Some(slots)) => wake.wake_here(queue, &slots),
        (Some("soon"), Some(queue), Some(slots)) => wake.look_often_here(queue, &slots),
        _ => wake.wake_here(EVERY_QUEUE, &SlotSet::all()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Slot;

    #[tokio::test(start_paused = true)]
    async fn a_notification_wakes_those_it_concerns_and_one_that_is_not_understood_all() {
        let wake = Wake::new();
        let (mut letters, mut parcels) = (wake.wakeups("letters"), wake.wakeups("parcels"));
        wake.own("letters", [Slot(3)].into_iter().collect());
        let (own, others): (SlotSet, SlotSet) = (
            [Slot(3)].into_iter().collect(),
            [Slot(4)].into_iter().collect(),
        );
        for (payload, expected) in [
            (format!("now letters {own} 77"), [true, false]),
            (format!("soon letters {own} 77"), [true, false]),
            (format!("now letters {others} 77"), [false, false]),
            (format!("now parcels {others} 77"), [false, true]),
            (format!("now letters {own} 5"), [false, false]),
            (format!("now * {} 77", SlotSet::all()), [true, true]),
            ("now 77".to_owned(), [true, true]),
            (format!("later letters {own} 77"), [true, true]),
            (String::new(), [true, true]),
        ] {
            pass_on(&wake, &payload, "5");
            for (wakeups, expected) in [&mut letters, &mut parcels].into_iter().zip(expected) {
                let start = tokio::time::Instant::now();
                wakeups.wait(Duration::from_secs(10)).await;
                let was_woken = start.elapsed() < Duration::from_secs(1);
                assert_eq!(was_woken, expected, "{payload}");
                // What may come soon has come or not.
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
