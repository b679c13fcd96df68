//! Outcomes are written in batches: one transaction for the jobs, the attempts and the subscriptions' failure windows.
//!
//! While one batch is being committed the next one gathers, so that the batches grow with the load by themselves.

use std::collections::{HashMap, HashSet};

use webhooks_store::{Database, Id, Outcome, Parameters, from_ms};

use super::attempt::{Finished, Made};
use crate::error::Error;
use crate::health::FailureWindow;
use crate::model::{SubscriptionId, SubscriptionState};
use crate::operations::{self, Operation};
use crate::shared::{Shared, key};
use crate::subscriptions::set_state;

/// Writes a batch.
pub(crate) async fn record<D: Database>(
    shared: &Shared<D>,
    batch: &[Finished],
) -> Result<(), Error> {
    let outcomes: Vec<Outcome> = batch.iter().map(|finished| finished.outcome).collect();
    let made: Vec<&Made> = batch
        .iter()
        .filter_map(|finished| finished.made.as_ref())
        .collect();
    let mut transaction = shared.store.begin_bookkeeping().await?;
    let connection = &mut *transaction;
    let settled = shared.store.settle_in(connection, &outcomes).await?;
    insert_attempts(shared, connection, &made).await?;
    windows(shared, connection, &made).await?;
    let told = batch
        .iter()
        .zip(settled)
        .filter(|(_, settled)| settled.is_applied());
    for made in told.filter_map(|(finished, _)| finished.made.as_ref()) {
        tell(shared, connection, made).await?;
    }
    transaction
        .commit()
        .await
        .map_err(webhooks_store::Error::from)?;
    Ok(())
}

async fn insert_attempts<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    made: &[&Made],
) -> Result<(), Error> {
    if made.is_empty() {
        return Ok(());
    }
    let column = || made.iter();
    let parameters = Parameters::new()
        .blobs(column().map(|made| *made.delivery.job.id.as_bytes()))
        .ints(column().map(|made| made.delivery.job.claim))
        .blobs(column().map(|made| {
            made.delivery
                .job
                .reference
                .map_or([0; 16], |id| *id.as_bytes())
        }))
        .blobs(column().map(|made| *made.delivery.subscription.as_bytes()))
        .ints(column().map(|made| made.number.into()))
        .ints(column().map(|made| made.at_ms))
        .ints(column().map(|made| i64::try_from(made.duration.as_millis()).unwrap_or(i64::MAX)))
        .maybe_ints(column().map(|made| {
            made.result
                .as_ref()
                .ok()
                .map(|(status, _)| i64::from(*status))
        }))
        .maybe_texts(column().map(|made| made.result.as_ref().err().map(|error| error.as_str())))
        .maybe_blobs(column().map(|made| {
            let body = made.result.as_ref().ok().map(|(_, body)| body.to_vec());
            body.filter(|body| !body.is_empty())
        }));
    shared
        .sql
        .insert_attempts
        .execute(connection, parameters)
        .await?;
    Ok(())
}

/// The failure windows of the subscriptions, and what follows from them.
async fn windows<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    made: &[&Made],
) -> Result<(), Error> {
    let mut failed: HashMap<Id, (i64, i64)> = HashMap::new();
    let mut succeeded: HashSet<Id> = HashSet::new();
    let mut gone: HashMap<Id, &Made> = HashMap::new();
    for made in made {
        let id = made.delivery.subscription;
        if made.succeeded() {
            succeeded.insert(id);
            continue;
        }
        let (count, first) = failed.entry(id).or_insert((0, made.at_ms));
        *count += 1;
        *first = made.at_ms.min(*first);
        if made.judgement.gone {
            gone.insert(id, made);
        }
    }
    if !succeeded.is_empty() {
        let parameters = Parameters::new().blobs(succeeded.iter().map(|id| *id.as_bytes()));
        shared
            .sql
            .record_successes
            .fetch(connection, parameters)
            .await?;
    }
    // A subscription that had both in this batch is alive.
    failed.retain(|id, _| !succeeded.contains(id));
    for (id, made) in gone {
        // What a former target answered late says nothing about the one that took its place.
        let asked = made.delivery.known.as_ref().map(|known| known.revision);
        deactivate(
            shared,
            connection,
            (id, owner(made)),
            SubscriptionState::Gone,
            asked,
        )
        .await?;
    }
    record_failures(shared, connection, &failed, made).await
}

async fn record_failures<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    failed: &HashMap<Id, (i64, i64)>,
    made: &[&Made],
) -> Result<(), Error> {
    if failed.is_empty() {
        return Ok(());
    }
    let parameters = Parameters::new()
        .blobs(failed.keys().map(|id| *id.as_bytes()))
        .ints(failed.values().map(|(count, _)| *count))
        .ints(failed.values().map(|(_, first)| *first));
    let rows = shared
        .sql
        .record_failures
        .fetch(connection, parameters)
        .await?;
    for row in rows {
        let (id, state) = (key(&row.bytes(0)?)?, row.text(3)?);
        let failures = u32::try_from(row.int(1)?).unwrap_or(u32::MAX);
        let window = FailureWindow {
            failures,
            since: row.maybe_int(2)?.map(from_ms),
        };
        let is_active = state == SubscriptionState::Active.as_str();
        if is_active && window.deactivates(&shared.rules.deactivation, shared.now()) {
            let owner = made
                .iter()
                .find(|made| made.delivery.subscription == id)
                .map_or("", |made| owner(made));
            deactivate(
                shared,
                connection,
                (id, owner),
                SubscriptionState::Failing,
                None,
            )
            .await?;
        }
    }
    Ok(())
}

async fn deactivate<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    (id, owner): (Id, &str),
    state: SubscriptionState,
    only: Option<i64>,
) -> Result<(), Error> {
    let id = SubscriptionId::from_key(id);
    if set_state(shared, connection, &id, state, only).await? {
        tracing::warn!(
            subscription = id.as_str(),
            reason = state.as_str(),
            "a subscription was switched off"
        );
        operations::tell(
            shared,
            connection,
            owner,
            &id,
            Operation::Deactivated(state),
        )
        .await?;
    }
    Ok(())
}

async fn tell<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    made: &Made,
) -> Result<(), Error> {
    let (Some(operation), Some(message)) = (made.told, &made.delivery.message) else {
        return Ok(());
    };
    let subscription = SubscriptionId::from_key(made.delivery.subscription);
    let about = (&message.id, message.event.as_str());
    operations::tell_delivery(
        shared,
        connection,
        owner(made),
        about,
        &subscription,
        (operation, made.number),
    )
    .await
}

fn owner(made: &Made) -> &str {
    made.delivery
        .known
        .as_ref()
        .map_or("", |known| known.owner.as_str())
}
