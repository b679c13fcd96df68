//! Trying again by hand: one delivery, or everything of a subscription that failed since a time, as a durable job.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Due, Id, Job, Lane, NewJob, Outcome, Parameters, State, Verdict, to_ms};

use crate::error::Error;
use crate::model::{DeliveryId, SubscriptionId};
use crate::publish::DELIVERIES;
use crate::shared::{Shared, key};

/// The queue of replays; the lane is the subscription.
pub(crate) const REPLAYS: &str = "replay";
/// Deliveries brought back in one transaction.
const PAGE: u32 = 200;

/// Where a replay stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    since_ms: i64,
    until_ms: i64,
    after: Option<[u8; 16]>,
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
    if with_payload(shared, &mut transaction, job.reference).await?.is_empty() {
        return Err(Error::State("the message's payload has been removed, so it cannot be sent again"));
    }
    let restarted = shared.store.restart_in(&mut transaction, &[id.key()], Due::Now, attempts).await?;
    transaction.commit().await.map_err(webhooks_store::Error::from)?;
    if restarted.is_empty() {
        return Err(Error::State("the delivery is being sent at this moment"));
    }
    shared.store.wake().now();
    Ok(())
}

/// Gives deliveries up; returns how many were still to be made.
pub(crate) async fn cancel<D: Database>(shared: &Shared<D>, ids: &[Id]) -> Result<usize, Error> {
    let mut transaction = shared.store.begin().await?;
    let cancelled = shared.store.cancel_in(&mut transaction, ids).await?;
    transaction.commit().await.map_err(webhooks_store::Error::from)?;
    Ok(cancelled.len())
}

/// Starts a replay. It is done when the transaction is: a crash does not lose it.
pub(crate) async fn replay<D: Database>(
    shared: &Shared<D>,
    id: &SubscriptionId,
    since: SystemTime,
) -> Result<(), Error> {
    let until_ms = to_ms(shared.now() + Duration::from_millis(1));
    let progress = Progress { since_ms: to_ms(since), until_ms, after: None };
    shared.store.enqueue(vec![page_job(shared, id.key(), &progress)?]).await?;
    Ok(())
}

/// Brings a page of failed deliveries back; its job is settled in the same transaction.
pub(crate) async fn replay_page<D: Database>(shared: &Shared<D>, job: &Job) -> Result<(), Error> {
    let outcome = |verdict| Outcome { lease: job.lease(), verdict };
    let (Ok(subscription), Ok(progress)) =
        (key(job.lane.as_bytes()), serde_json::from_slice::<Progress>(&job.data))
    else {
        shared.store.settle(vec![outcome(Verdict::Failed)]).await?;
        return Ok(());
    };
    let lane = Lane::from(subscription);
    // Ids begin with the time of the message: the first that counts follows from the time.
    let start = Id::at(webhooks_store::from_ms(progress.since_ms.saturating_sub(1)), [0xff; 10]);
    let after = progress.after.map_or(start, Id::from_bytes);
    let failed = shared.store.failed(DELIVERIES, &lane, Some(after), PAGE).await?;
    let mut transaction = shared.store.begin().await?;
    let connection = &mut *transaction;
    let sendable = with_payload(shared, connection, failed.iter().filter_map(|job| job.reference)).await?;
    let wanted = failed.iter().filter(|job| {
        let is_of_the_time = to_ms(job.created_at) < progress.until_ms;
        is_of_the_time && job.reference.is_some_and(|message| sendable.contains(&message))
    });
    let wanted: Vec<Id> = wanted.map(|job| job.id).collect();
    shared.store.restart_in(connection, &wanted, Due::Now, Some(0)).await?;
    if let Some(last) = failed.last().filter(|_| failed.len() == PAGE as usize) {
        let next = Progress { after: Some(*last.id.as_bytes()), ..progress };
        shared.store.enqueue_in(connection, vec![page_job(shared, subscription, &next)?]).await?;
    }
    let settled = shared.store.settle_in(connection, &[outcome(Verdict::Forget)]).await?;
    if settled.iter().all(|settled| settled.is_applied()) {
        transaction.commit().await.map_err(webhooks_store::Error::from)?;
        shared.store.wake().now();
    } else {
        transaction.rollback().await.map_err(webhooks_store::Error::from)?;
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
    let rows = shared.sql.messages_with_payload.fetch(connection, parameters).await?;
    rows.iter().map(|row| key(&row.bytes(0)?)).collect()
}

fn page_job<D: Database>(shared: &Shared<D>, subscription: Id, progress: &Progress) -> Result<NewJob, Error> {
    let id = Id::at(shared.now(), shared.random()?);
    let data = serde_json::to_vec(progress).expect("numbers are always JSON");
    Ok(NewJob::new(REPLAYS, id, subscription).data(data))
}
