//! Trying again by hand: one delivery, or everything of a subscription that failed since a time, as a durable job.

use std::collections::HashSet;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use webhooks_store::{
    Database, Due, Id, Job, JobRecord, Lane, NewJob, Outcome, Parameters, State, Verdict, from_ms,
    to_ms,
};

use crate::error::Error;
use crate::model::{DeliveryId, SubscriptionId, SubscriptionState};
use crate::publish::{DELIVERIES, is_expired};
use crate::shared::{Shared, key};
use crate::subscriptions;

/// The queue of replays; the lane is the subscription.
pub(crate) const REPLAYS: &str = "replay";
/// Deliveries brought back in one transaction.
const PAGE: u32 = 200;

/// Where a replay stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    /// When the first failure that is still to be looked at was.
    since_ms: i64,
    /// The id of the last delivery that was looked at, when it ended at `since_ms`.
    after: Option<[u8; 16]>,
    /// When the replay began, by the clock that says when deliveries ended. The first page does not know yet.
    until_ms: Option<i64>,
}

/// Tries one delivery again, now. A pending try is brought forward instead of doubled; the schedule starts anew for a
/// delivery that had ended.
pub(crate) async fn retry<D: Database>(shared: &Shared<D>, id: &DeliveryId) -> Result<(), Error> {
    let job = shared.store.job(id.key()).await?.ok_or(Error::NotFound)?;
    if job.state == State::Running {
        return Err(Error::State("the delivery is being sent at this moment"));
    }
    let attempts = (job.state != State::Pending).then_some(0);
    let mut transaction = shared.store.begin().await?;
    can_be_sent(shared, &mut transaction, &job).await?;
    let restarted = shared
        .store
        .restart_in(&mut transaction, &[id.key()], Due::Now, attempts)
        .await?;
    transaction
        .commit()
        .await
        .map_err(webhooks_store::Error::from)?;
    if restarted.is_empty() {
        return Err(Error::State("the delivery is being sent at this moment"));
    }
    shared.store.wake().now();
    Ok(())
}

/// Refuses what the engine would end without a request: a delivery that succeeded would look as if it had failed. Nobody
/// switches the subscription off before the transaction ends.
async fn can_be_sent<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    job: &JobRecord,
) -> Result<(), Error> {
    let subscription = SubscriptionId::from_key(key(job.lane.as_bytes())?);
    match subscriptions::to_change(shared, connection, &subscription).await {
        Ok(row) => is_on(row.subscription.state)?,
        Err(Error::NotFound) => {
            return Err(Error::State("the delivery's subscription has been removed"));
        }
        Err(error) => return Err(error),
    }
    let message = Parameters::new().blobs(job.reference.iter().map(|id| *id.as_bytes()));
    let message = shared.sql.messages_by_id.first(connection, message).await?;
    let kept =
        message.map(|row| Ok::<_, Error>((row.maybe_bytes(5)?.is_some(), row.maybe_int(7)?)));
    match kept.transpose()? {
        Some((true, expires_ms)) if is_expired(expires_ms, shared.now()) => {
            Err(Error::State("the delivery's message has expired"))
        }
        Some((true, _)) => Ok(()),
        _ => Err(Error::State(
            "the message's payload has been removed, so it cannot be sent again",
        )),
    }
}

fn is_on(state: SubscriptionState) -> Result<(), Error> {
    if state.gets_messages() {
        return Ok(());
    }
    Err(Error::State(
        "the subscription is switched off; activate it first",
    ))
}

/// Gives deliveries up; returns how many were still to be made.
pub(crate) async fn cancel<D: Database>(shared: &Shared<D>, ids: &[Id]) -> Result<usize, Error> {
    let mut transaction = shared.store.begin().await?;
    let cancelled = shared.store.cancel_in(&mut transaction, ids).await?;
    transaction
        .commit()
        .await
        .map_err(webhooks_store::Error::from)?;
    Ok(cancelled.len())
}

/// Starts a replay. It is done when the transaction is: a crash does not lose it.
pub(crate) async fn replay<D: Database>(
    shared: &Shared<D>,
    id: &SubscriptionId,
    since: SystemTime,
) -> Result<(), Error> {
    let mut connection = shared.store.connection().await?;
    is_on(
        subscriptions::one(shared, &mut connection, id)
            .await?
            .subscription
            .state,
    )?;
    drop(connection);
    let progress = Progress {
        since_ms: to_ms(since),
        after: None,
        until_ms: None,
    };
    shared
        .store
        .enqueue(vec![page_job(shared, id.key(), &progress)?])
        .await?;
    Ok(())
}

/// Brings a page of failed deliveries back; its job is settled in the same transaction.
pub(crate) async fn replay_page<D: Database>(shared: &Shared<D>, job: &Job) -> Result<(), Error> {
    let outcome = |verdict| Outcome {
        lease: job.lease(),
        verdict,
    };
    let (Ok(subscription), Ok(progress)) = (
        key(job.lane.as_bytes()),
        serde_json::from_slice::<Progress>(&job.data),
    ) else {
        shared.store.settle(vec![outcome(Verdict::Failed)]).await?;
        return Ok(());
    };
    let lane = Lane::from(subscription);
    let until_ms = progress.until_ms.unwrap_or_else(|| to_ms(job.created_at));
    let (since, after) = (
        from_ms(progress.since_ms),
        progress.after.map(Id::from_bytes),
    );
    let page = shared
        .store
        .failed(DELIVERIES, &lane, since, after, PAGE)
        .await?;
    let ended = |job: &JobRecord| job.finished_at.map_or(i64::MAX, to_ms);
    // They are in the order in which they ended: behind the first that ended too late there are no others.
    let failed: Vec<_> = page
        .iter()
        .take_while(|job| ended(job) <= until_ms)
        .collect();
    let mut transaction = shared.store.begin().await?;
    let connection = &mut *transaction;
    let sendable = with_payload(
        shared,
        connection,
        failed.iter().filter_map(|job| job.reference),
    )
    .await?;
    let is_sendable = |message: &Id| sendable.contains(message);
    let wanted = failed
        .iter()
        .filter(|job| job.reference.as_ref().is_some_and(is_sendable));
    let wanted: Vec<Id> = wanted.map(|job| job.id).collect();
    shared
        .store
        .restart_in(connection, &wanted, Due::Now, Some(0))
        .await?;
    if let Some(last) = failed.last().filter(|_| failed.len() == PAGE as usize) {
        let (since_ms, after) = (ended(last), Some(*last.id.as_bytes()));
        let next = Progress {
            since_ms,
            after,
            until_ms: Some(until_ms),
        };
        shared
            .store
            .enqueue_in(connection, vec![page_job(shared, subscription, &next)?])
            .await?;
    }
    let settled = shared
        .store
        .settle_in(connection, &[outcome(Verdict::Forget)])
        .await?;
    if settled.iter().all(|settled| settled.is_applied()) {
        transaction
            .commit()
            .await
            .map_err(webhooks_store::Error::from)?;
        shared.store.wake().now();
    } else {
        transaction
            .rollback()
            .await
            .map_err(webhooks_store::Error::from)?;
    }
    Ok(())
}

/// Those of these messages whose payload the retention has left.
async fn with_payload<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    messages: impl IntoIterator<Item = Id>,
) -> Result<HashSet<Id>, Error> {
    let parameters = Parameters::new().blobs(messages.into_iter().map(|id| *id.as_bytes()));
    let rows = shared
        .sql
        .messages_with_payload
        .fetch(connection, parameters)
        .await?;
    rows.iter().map(|row| key(&row.bytes(0)?)).collect()
}

fn page_job<D: Database>(
    shared: &Shared<D>,
    subscription: Id,
    progress: &Progress,
) -> Result<NewJob, Error> {
    let id = Id::at(shared.now(), shared.random()?);
    let data = serde_json::to_vec(progress).expect("numbers are always JSON");
    Ok(NewJob::new(REPLAYS, id, subscription).data(data))
}
