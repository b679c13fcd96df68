//! Asking for a job: it is checked, and written as one row. The engine does the rest.

use webhooks_core::EventPattern;
use webhooks_store::{Database, Id};

use crate::context::Publishing;
use crate::error::{Error, SealError, StateError};
use crate::model::{
    BulkRetry, JobId, JobKind, MessageId, Owner, Replay, ReplayId, Scope, SubscriptionId,
};
use crate::redelivery::check_is_on;
use crate::tables::{BulkJobRow, NewBulkJob, Tx};

/// Sends a subscription again what is asked for.
pub(crate) async fn start_replay<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
    scope: Scope<'_>,
    (id, replay): (&SubscriptionId, &Replay),
) -> Result<BulkJobRow, Error> {
    check_patterns(&replay.events)?;
    let row = tx.subscription(scope, id).await?;
    let stored = &row.subscription;
    check_is_on(stored.state)?;
    let exclusive = format!("replay {id}");
    let job = JobDraft {
        subscription: Some(id.key()),
        dry_run: replay.dry_run,
        exclusive: Some(exclusive).filter(|_| !replay.dry_run),
        ..JobDraft::new(JobKind::Replay, Some(&stored.owner))
    };
    start(tx, publishing, job, text(replay)).await
}

/// Tries deliveries again that a filter finds.
pub(crate) async fn start_retry<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
    scope: Scope<'_>,
    retry: &BulkRetry,
) -> Result<BulkJobRow, Error> {
    check_patterns(&retry.filter.events)?;
    let mut owner = scope.owner().map(str::to_owned);
    if let Some(id) = &retry.filter.subscription {
        let stored = tx.subscription(scope, id).await?.subscription;
        check_is_on(stored.state)?;
        owner = Some(stored.owner);
    }
    let owner = owner.as_deref();
    let exclusive = format!("retry {}", owner.unwrap_or_default());
    let job = JobDraft {
        subscription: retry.filter.subscription.as_ref().map(SubscriptionId::key),
        dry_run: retry.dry_run,
        exclusive: Some(exclusive).filter(|_| !retry.dry_run),
        ..JobDraft::new(JobKind::Retry, owner)
    };
    start(tx, publishing, job, text(retry)).await
}

fn check_patterns(events: &[String]) -> Result<(), Error> {
    for event in events {
        event
            .parse::<EventPattern>()
            .map_err(|error| Error::Subscription(error.to_string()))?;
    }
    Ok(())
}

/// Sends a message again to the subscriptions that want it.
pub(crate) async fn start_message_replay<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
    scope: Scope<'_>,
    (id, ids): (&MessageId, ReplayId),
) -> Result<BulkJobRow, Error> {
    let owner = message_owner(tx, scope, id).await?;
    if tx.sendable_messages(&[id.key()]).await?.is_empty() {
        return Err(StateError::PayloadRemoved.into());
    }
    // A broadcast goes to the subscriptions of the one who asks.
    let owner = owner.name().or(scope.owner());
    let job = JobDraft {
        message: Some(id.key()),
        exclusive: Some(format!("replay {id} {}", owner.unwrap_or_default())),
        ..JobDraft::new(JobKind::MessageReplay, owner)
    };
    start(tx, publishing, job, text(&ids)).await
}

/// Removes what a message carries, immediately, and then what came back for it.
pub(crate) async fn start_message_erasure<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
    scope: Scope<'_>,
    id: &MessageId,
) -> Result<BulkJobRow, Error> {
    let owner = message_owner(tx, scope, id).await?;
    // A broadcast is everyone's: one of its owners cannot take it from the others.
    if owner.is_everyone() && scope != Scope::AllOwners {
        return Err(Error::NotFound);
    }
    tx.erase_messages(&[id.key()]).await?;
    let job = JobDraft {
        message: Some(id.key()),
        exclusive: Some(format!("erase {id}")),
        ..JobDraft::new(JobKind::MessageErasure, owner.name())
    };
    start(tx, publishing, job, String::new()).await
}

/// Removes an owner's subscriptions, what its messages carry, and what came back for them.
pub(crate) async fn start_owner_erasure<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
    owner: &str,
) -> Result<BulkJobRow, Error> {
    if !Owner::is_valid(owner) {
        return Err(Error::Owner);
    }
    let job = JobDraft {
        exclusive: Some(format!("erase owner {owner}")),
        ..JobDraft::new(JobKind::OwnerErasure, Some(owner))
    };
    start(tx, publishing, job, String::new()).await
}

/// Seals all secrets anew, with the first key.
pub(crate) async fn start_reseal<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
) -> Result<BulkJobRow, Error> {
    if tx.tables.vault.newest().is_empty() {
        return Err(SealError::NoKey.into());
    }
    let job = JobDraft {
        exclusive: Some("reseal".to_owned()),
        ..JobDraft::new(JobKind::Reseal, None)
    };
    start(tx, publishing, job, String::new()).await
}

async fn message_owner<D: Database>(
    tx: &mut Tx<'_, D>,
    scope: Scope<'_>,
    id: &MessageId,
) -> Result<Owner, Error> {
    let mut found = tx.message_summaries(scope, [id.key()]).await?;
    let summary = found.remove(&id.key()).ok_or(Error::NotFound)?;
    Ok(summary.owner)
}

/// What is to be stored of a job.
struct JobDraft<'w> {
    kind: JobKind,
    owner: Option<&'w str>,
    subscription: Option<Id>,
    message: Option<Id>,
    dry_run: bool,
    exclusive: Option<String>,
}

impl<'w> JobDraft<'w> {
    fn new(kind: JobKind, owner: Option<&'w str>) -> Self {
        Self {
            kind,
            owner,
            subscription: None,
            message: None,
            dry_run: false,
            exclusive: None,
        }
    }
}

async fn start<D: Database>(
    tx: &mut Tx<'_, D>,
    publishing: &Publishing,
    wanted: JobDraft<'_>,
    request: String,
) -> Result<BulkJobRow, Error> {
    let id = JobId::new(tx.now(), publishing.random()?);
    let new = NewBulkJob {
        id: &id,
        owner: wanted.owner,
        kind: wanted.kind,
        subscription: wanted.subscription,
        message: wanted.message,
        request,
        dry_run: wanted.dry_run,
        exclusive: wanted.exclusive,
    };
    // The other one may end between the two questions: then there is room for this one.
    for _ in 0..3 {
        if tx.insert_job(&new).await? {
            return tx.job(Scope::AllOwners, &id).await;
        }
        let what = new.exclusive.as_deref().unwrap_or_default();
        if let Some(job) = tx.exclusive_job(what).await? {
            return Err(Error::JobRunning { job });
        }
    }
    Err(Error::Corrupt(
        "a job that is running is not found".to_owned(),
    ))
}

fn text<T: serde::Serialize>(request: &T) -> String {
    serde_json::to_string(request).expect("times, texts and names are always JSON")
}
