//! Records the results of attempts: one transaction for the jobs with their attempts and the subscriptions' failure windows.
//!
//! While one batch is being committed the next one gathers, so that batches grow with the load by themselves.

use std::collections::{HashMap, HashSet};

use webhooks_store::lanes::Recorded;
use webhooks_store::{Database, Id, Outcome};

use super::attempt::{Attempt, AttemptResult};
use super::warn::warn;
use crate::context::{Context, Publishing};
use crate::error::Error;
use crate::failure_windows::EndingWindows;
use crate::model::{SubscriptionId, SubscriptionState};
use crate::notices::{SubscriptionEvent, notify, notify_delivery};
use crate::observe;
use crate::tables::{FailureRow, NewFailures, Tx};

/// Writes a batch; says of each what became of its row.
pub(crate) async fn complete<D: Database>(
    context: &Context<D>,
    batch: &[AttemptResult],
) -> Result<Vec<Recorded>, Error> {
    let outcomes: Vec<&Outcome> = batch.iter().map(|result| &result.outcome).collect();
    let attempts: Vec<&Attempt> = batch
        .iter()
        .filter_map(|result| result.attempt.as_ref())
        .collect();
    let tables = &context.tables;
    let windows = Windows::of(context, &attempts);
    if windows.are_unchanged() && attempts.iter().all(|attempt| attempt.event.is_none()) {
        return Ok(tables.store.record(&outcomes).await?);
    }
    let mut transaction = tables.store.begin_bookkeeping().await?;
    let mut tx = tables.on(&mut transaction);
    let recorded = tx.record(&outcomes).await?;
    update_windows(context, &mut tx, &windows, &attempts).await?;
    // Where the row had been changed meanwhile, this is another's to report.
    let applied = batch
        .iter()
        .zip(&recorded)
        .filter(|(_, recorded)| **recorded != Recorded::Missed);
    for attempt in applied.filter_map(|(result, _)| result.attempt.as_ref()) {
        notify_attempt(&context.publishing, &mut tx, attempt).await?;
    }
    transaction.commit().await?;
    context.delivering.failure_windows.ended(&windows.ending);
    Ok(recorded)
}

/// What a batch does to the failure windows of subscriptions.
struct Windows<'a> {
    /// What the successes end.
    ending: EndingWindows,
    failed: HashMap<Id, NewFailures>,
    /// Whose target has said that it is gone.
    gone: HashMap<Id, &'a Attempt>,
}

impl<'a> Windows<'a> {
    fn of<D: Database>(context: &Context<D>, attempts: &[&'a Attempt]) -> Self {
        let mut failed: HashMap<Id, NewFailures> = HashMap::new();
        let mut succeeded: HashSet<Id> = HashSet::new();
        let mut gone: HashMap<Id, &Attempt> = HashMap::new();
        for &attempt in attempts {
            let id = attempt.delivery.subscription;
            if attempt.succeeded() {
                succeeded.insert(id);
                if !attempt.decision.gone {
                    continue;
                }
            }
            if attempt.decision.is_ours {
                continue;
            }
            let failures = failed.entry(id).or_insert(NewFailures {
                count: 0,
                first_ms: attempt.at_ms,
            });
            failures.count += 1;
            failures.first_ms = failures.first_ms.min(attempt.at_ms);
            if attempt.decision.gone {
                gone.insert(id, attempt);
            }
        }
        // A subscription that had both in this batch is alive, unless its target says that it is gone.
        failed.retain(|id, _| !succeeded.contains(id) || gone.contains_key(id));
        let windows = &context.delivering.failure_windows;
        let ending = windows.of(succeeded.into_iter());
        // Before they are written: a success that is recorded meanwhile ends them.
        for id in failed.keys() {
            windows.opened(*id);
        }
        Self {
            ending,
            failed,
            gone,
        }
    }

    fn are_unchanged(&self) -> bool {
        self.ending.subscriptions().len() == 0 && self.failed.is_empty()
    }
}

/// The failure windows of the subscriptions, and what follows from them.
async fn update_windows<D: Database>(
    context: &Context<D>,
    tx: &mut Tx<'_, D>,
    windows: &Windows<'_>,
    attempts: &[&Attempt],
) -> Result<(), Error> {
    tx.record_successes(windows.ending.subscriptions()).await?;
    let gone = &windows.gone;
    let publishing = &context.publishing;
    // Those that are returned are this transaction's; what another one holds is not waited for.
    let mut counted = tx.record_failures(&windows.failed).await?;
    for failures in &counted {
        let id = failures.subscription;
        let Some(attempt) = gone.get(&id) else {
            continue;
        };
        // What a former target answered late says nothing about the one that took its place.
        let revision = attempt
            .delivery
            .cached
            .as_ref()
            .map(|cached| cached.revision);
        let about = (id, owner(attempt));
        let state = attempt.decision.off_as;
        deactivate(publishing, tx, about, state, revision).await?;
    }
    counted.retain(|failures| !gone.contains_key(&failures.subscription));
    act_on_failures(context, tx, &counted, attempts).await
}

/// Switches off what has failed for too long, and warns of what will be.
async fn act_on_failures<D: Database>(
    context: &Context<D>,
    tx: &mut Tx<'_, D>,
    counted: &[FailureRow],
    attempts: &[&Attempt],
) -> Result<(), Error> {
    let rule = &context.delivering.rules.deactivation;
    for failures in counted.iter().filter(|row| row.state.is_active()) {
        let id = failures.subscription;
        let attempt = attempts
            .iter()
            .find(|attempt| attempt.delivery.subscription == id);
        let about = (id, attempt.map_or("", |attempt| owner(attempt)));
        if failures.window.deactivates(rule, tx.now()) {
            let state = SubscriptionState::Failing;
            deactivate(&context.publishing, tx, about, state, None).await?;
        } else {
            warn(context, tx, about, failures.window, failures.warning).await?;
        }
    }
    Ok(())
}

async fn deactivate<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    (id, owner): (Id, &str),
    state: SubscriptionState,
    only: Option<i64>,
) -> Result<(), Error> {
    let id = SubscriptionId::from_key(id);
    if tx.set_state(&id, state, only).await? {
        observe::deactivated(&id, owner, state);
        let event = SubscriptionEvent::Deactivated(state);
        notify(publishing, tx, owner, &id, event).await?;
    }
    Ok(())
}

async fn notify_attempt<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    attempt: &Attempt,
) -> Result<(), Error> {
    let (Some(event), Some(message)) = (attempt.event, &attempt.delivery.message) else {
        return Ok(());
    };
    let subscription = SubscriptionId::from_key(attempt.delivery.subscription);
    let about = (&message.id, message.event.as_str());
    let event = (event, attempt.number);
    notify_delivery(publishing, tx, owner(attempt), about, &subscription, event).await
}

fn owner(attempt: &Attempt) -> &str {
    attempt
        .delivery
        .cached
        .as_ref()
        .map_or("", |cached| cached.owner.as_str())
}
