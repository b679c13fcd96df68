//! The smaller duties: fanning out, replaying, rescuing what a crash left behind, forgetting what is old.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::{Claimer, Database, Id, Parameters, to_ms};

use crate::error::Error;
use crate::publish::{DELIVERIES, FAN_OUTS, fan_out_page};
use crate::replay::{REPLAYS, replay_page};
use crate::shared::Shared;

/// How often leases that ran out are looked for.
const RESCUE_EVERY: Duration = Duration::from_secs(5);
/// How often old things are looked for.
const PRUNE_EVERY: Duration = Duration::from_mins(1);
/// Rows forgotten in one transaction, so that nobody waits long for it.
pub(crate) const PRUNE_AT_ONCE: u32 = 500;
const PAGE_LEASE: Duration = Duration::from_mins(1);
/// Every send wakes these duties, and few sends are for them: between two looks that find nothing they rest so long.
const FAN_OUT_REST: Duration = Duration::from_millis(20);
const REPLAY_REST: Duration = Duration::from_millis(500);

/// Makes the deliveries of messages with many subscriptions.
pub(super) async fn fan_out<D: Database>(shared: Arc<Shared<D>>, mut stopped: watch::Receiver<bool>) {
    let mut wakeups = shared.store.wake().wakeups();
    while !*stopped.borrow() {
        match fan_out_due(&shared).await {
            Ok(0) => pause(FAN_OUT_REST, &mut stopped).await,
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "a message could not be fanned out"),
        }
        tokio::select! {
            () = wakeups.wait(shared.rules.poll) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Makes one page of deliveries of each message that is due; returns how many pages.
pub(super) async fn fan_out_due<D: Database>(shared: &Shared<D>) -> Result<usize, Error> {
    let jobs = Claimer::new(&shared.store, FAN_OUTS).lease(PAGE_LEASE).claim(16).await?.jobs;
    for job in &jobs {
        fan_out_page(shared, job).await?;
    }
    Ok(jobs.len())
}

/// Brings failed deliveries back.
pub(super) async fn replay<D: Database>(shared: Arc<Shared<D>>, mut stopped: watch::Receiver<bool>) {
    let mut wakeups = shared.store.wake().wakeups();
    while !*stopped.borrow() {
        match replay_due(&shared).await {
            Ok(0) => pause(REPLAY_REST, &mut stopped).await,
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "deliveries could not be replayed"),
        }
        tokio::select! {
            () = wakeups.wait(shared.rules.poll * 5) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Brings one page of failed deliveries back for each replay that is due; returns how many pages.
pub(super) async fn replay_due<D: Database>(shared: &Shared<D>) -> Result<usize, Error> {
    let jobs = Claimer::new(&shared.store, REPLAYS).lease(PAGE_LEASE).claim(4).await?.jobs;
    for job in &jobs {
        replay_page(shared, job).await?;
    }
    Ok(jobs.len())
}

/// Makes deliveries whose process died claimable again.
pub(super) async fn rescue<D: Database>(shared: Arc<Shared<D>>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        for (queue, lease) in
            [(DELIVERIES, shared.rules.lease), (FAN_OUTS, PAGE_LEASE), (REPLAYS, PAGE_LEASE)]
        {
            match shared.store.rescue(queue, lease, 1000).await {
                Ok(rescued) if rescued.is_empty() => {}
                Ok(rescued) => {
                    tracing::warn!(queue, count = rescued.len(), "leases ran out; the work is done again");
                    metrics::counter!("webhooks_rescued_total").increment(rescued.len() as u64);
                    shared.store.wake().now();
                }
                Err(error) => tracing::warn!(%error, "leases could not be looked through"),
            }
        }
        pause(RESCUE_EVERY, &mut stopped).await;
    }
}

/// Forgets what is older than its retention.
pub(super) async fn prune<D: Database>(shared: Arc<Shared<D>>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match prune_once(&shared).await {
            Ok(count) if count >= u64::from(PRUNE_AT_ONCE) => {
                pause(Duration::from_millis(100), &mut stopped).await;
            }
            Ok(_) => pause(PRUNE_EVERY, &mut stopped).await,
            Err(error) => {
                tracing::warn!(%error, "old deliveries could not be removed");
                pause(PRUNE_EVERY, &mut stopped).await;
            }
        }
    }
}

/// One transaction's worth; returns the largest number of rows of one kind.
pub(crate) async fn prune_once<D: Database>(shared: &Shared<D>) -> Result<u64, Error> {
    let (retention, now) = (shared.rules.retention, shared.now());
    let before = |age: Duration| now.checked_sub(age).unwrap_or(std::time::UNIX_EPOCH);
    let most = i64::from(PRUNE_AT_ONCE);
    let mut transaction = shared.store.begin().await?;
    let connection = &mut *transaction;
    let jobs = shared.store.prune_in(connection, DELIVERIES, retention.messages, PRUNE_AT_ONCE).await?;
    let aged = |age| Parameters::new().int(to_ms(before(age))).int(most);
    let oldest = Id::at(before(retention.messages), [0; 10]);
    let attempts = shared.sql.prune_attempts.execute(connection, aged(retention.attempts)).await?;
    let responses = shared.sql.prune_responses.execute(connection, aged(retention.responses)).await?;
    let messages = shared
        .sql
        .prune_messages
        .execute(connection, Parameters::new().bytes(*oldest.as_bytes()).int(most))
        .await?;
    transaction.commit().await.map_err(webhooks_store::Error::from)?;
    Ok(attempts.max(responses).max(messages).max(jobs.len() as u64))
}

async fn pause(time: Duration, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopped.changed() => {}
    }
}
