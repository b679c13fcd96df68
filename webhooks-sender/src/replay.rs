//! Sending again on request: one delivery, or everything of a subscription that failed since a time, as a durable job.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Id, Job, JobRecord, Lane, NewJob, State, Verdict, from_ms, to_ms};

use crate::context::Publishing;
use crate::error::{Error, StateError};
use crate::model::{DeliveryId, Scope, SubscriptionId, SubscriptionState};
use crate::tables::{DELIVERIES, REPLAYS, Tables, Tx, id};

/// Deliveries brought back in one transaction.
const PAGE: u32 = 200;

/// How far a replay has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    /// When the first failure that is still to be looked at happened.
    since_ms: i64,
    /// The id of the last delivery that was looked at, when it ended at `since_ms`.
    after: Option<[u8; 16]>,
    /// When the replay began, by the clock that says when deliveries ended. The first page does not know yet.
    until_ms: Option<i64>,
}

/// Tries one delivery again, now. A pending attempt is brought forward instead of doubled; for a delivery that had
/// ended the schedule starts anew.
pub(crate) async fn retry<D: Database>(
    tables: &Tables<D>,
    delivery: &DeliveryId,
) -> Result<(), Error> {
    let job = tables
        .store
        .job(delivery.key())
        .await?
        .ok_or(Error::NotFound)?;
    if job.state == State::Running {
        return Err(StateError::BeingSent.into());
    }
    let attempts = (job.state != State::Pending).then_some(0);
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    check_sendable(&mut tx, &job).await?;
    let restarted = tx.restart(&[delivery.key()], attempts).await?;
    transaction.commit().await?;
    if restarted.is_empty() {
        // Claimed after it was looked at.
        return Err(StateError::BeingSent.into());
    }
    tables.store.wake().now();
    Ok(())
}

/// Refuses what the engine would end without a request: a delivery that succeeded would look as if it had failed. The
/// subscription is locked, so that it is not switched off before the transaction ends.
async fn check_sendable<D: Database>(tx: &mut Tx<'_, D>, job: &JobRecord) -> Result<(), Error> {
    let subscription = SubscriptionId::from_key(id(job.lane.as_bytes())?);
    match tx
        .subscription_to_change(Scope::AllOwners, &subscription)
        .await
    {
        Ok(row) => check_is_on(row.subscription.state)?,
        Err(Error::NotFound) => return Err(StateError::SubscriptionRemoved.into()),
        Err(error) => return Err(error),
    }
    let message = tx.messages_by_id(job.reference).await?.pop();
    match message.filter(|message| message.body.is_some()) {
        Some(message) if message.is_expired(tx.now()) => Err(StateError::Expired.into()),
        Some(_) => Ok(()),
        None => Err(StateError::PayloadRemoved.into()),
    }
}

fn check_is_on(state: SubscriptionState) -> Result<(), Error> {
    if state.gets_messages() {
        return Ok(());
    }
    Err(StateError::SwitchedOff.into())
}

/// Gives deliveries up; returns how many were still pending.
pub(crate) async fn cancel<D: Database>(tables: &Tables<D>, ids: &[Id]) -> Result<usize, Error> {
    let mut transaction = tables.begin().await?;
    let cancelled = tables.store.cancel_in(&mut transaction, ids).await?;
    transaction.commit().await?;
    Ok(cancelled.len())
}

/// Starts a replay: a job, so that a crash does not lose it.
pub(crate) async fn replay<D: Database>(
    tables: &Tables<D>,
    publishing: &Publishing,
    scope: Scope<'_>,
    id: &SubscriptionId,
    since: SystemTime,
) -> Result<(), Error> {
    let mut connection = tables.connection().await?;
    let row = tables.on(&mut connection).subscription(scope, id).await?;
    drop(connection);
    check_is_on(row.subscription.state)?;
    let progress = Progress {
        since_ms: to_ms(since),
        after: None,
        until_ms: None,
    };
    let job = page_job(publishing, tables.now(), id.key(), &progress)?;
    tables.store.enqueue(vec![job]).await?;
    Ok(())
}

/// Brings a page of failed deliveries back; its job is settled in the same transaction.
pub(crate) async fn replay_page<D: Database>(
    tables: &Tables<D>,
    publishing: &Publishing,
    job: &Job,
) -> Result<(), Error> {
    let (Ok(subscription), Ok(progress)) = (
        id(job.lane.as_bytes()),
        serde_json::from_slice::<Progress>(&job.data),
    ) else {
        tables
            .store
            .settle(vec![job.outcome(Verdict::Failed)])
            .await?;
        return Ok(());
    };
    let lane = Lane::from(subscription);
    let until_ms = progress.until_ms.unwrap_or_else(|| to_ms(job.created_at));
    let (since, after) = (
        from_ms(progress.since_ms),
        progress.after.map(Id::from_bytes),
    );
    let page = tables
        .store
        .failed(DELIVERIES, &lane, since, after, PAGE)
        .await?;
    let ended = |job: &JobRecord| job.finished_at.map_or(i64::MAX, to_ms);
    // They are in the order in which they ended: all behind the first that ended too late did so too.
    let failed: Vec<_> = page
        .iter()
        .take_while(|job| ended(job) <= until_ms)
        .collect();
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let messages = failed.iter().filter_map(|job| job.reference);
    let sendable = tx.messages_with_payload(messages).await?;
    let is_sendable = |message: &Id| sendable.contains(message);
    let wanted = failed
        .iter()
        .filter(|job| job.reference.as_ref().is_some_and(is_sendable));
    let wanted: Vec<Id> = wanted.map(|job| job.id).collect();
    tx.restart(&wanted, Some(0)).await?;
    if let Some(last) = failed.last().filter(|_| failed.len() == PAGE as usize) {
        let next = Progress {
            since_ms: ended(last),
            after: Some(*last.id.as_bytes()),
            until_ms: Some(until_ms),
        };
        let next = page_job(publishing, tx.now(), subscription, &next)?;
        tx.enqueue(vec![next]).await?;
    }
    let settled = tx.settle(&[&job.outcome(Verdict::Forget)]).await?;
    if settled.iter().all(|settled| settled.is_applied()) {
        transaction.commit().await?;
        tables.store.wake().now();
    } else {
        // The lease ran out and another process has the page now.
        transaction.rollback().await?;
    }
    Ok(())
}

fn page_job(
    publishing: &Publishing,
    now: SystemTime,
    subscription: Id,
    progress: &Progress,
) -> Result<NewJob, Error> {
    let id = Id::at(now, publishing.random()?);
    let data = serde_json::to_vec(progress).expect("numbers are always JSON");
    Ok(NewJob::new(REPLAYS, id, subscription).data(data))
}
