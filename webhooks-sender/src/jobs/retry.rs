//! A page of a retry: the deliveries of some subscriptions that have ended and that a filter lets through.
//!
//! It goes from subscription to subscription, each through its history from the oldest message on, so that each delivery is
//! met once and costs no search. It waits a moment while much waits for a subscription already, but not for ever: one that
//! hangs must not keep the others from their turn.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use webhooks_core::EventPattern;
use webhooks_store::{Database, Id};

use super::page::{Throttle, advanced, progress, request, scope, write};
use crate::context::Context;
use crate::error::Error;
use crate::model::{BulkRetry, RetryFilter, Scope, StoredSubscription, SubscriptionId};
use crate::tables::{BulkJobRow, DeliveryLane, EndedDelivery, Tx};

/// Deliveries looked at in one page.
const PAGE: u32 = 200;
/// Subscriptions looked at in one page.
const SUBSCRIPTIONS: u32 = 50;
/// So many that wait for a subscription keep its next ones back, for so long, and so often.
const BACKLOG: u32 = 1000;
const BACKLOG_PAUSE: Duration = Duration::from_millis(500);
const BACKLOG_PAUSES: u32 = 20;

/// How far a retry has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Progress {
    /// The last subscription that is done.
    done: Option<SubscriptionId>,
    /// The last delivery that was looked at of the one behind it.
    after: Option<[u8; 16]>,
    /// How often that one was waited for.
    waited: u32,
}

pub(super) async fn page<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    throttle: Throttle,
) -> Result<(), Error> {
    let retry = request::<BulkRetry>(row)?;
    let mut progress = progress::<Progress>(row)?;
    let tables = &context.tables;
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let walked = walk(&mut tx, (row, &retry), &mut progress, throttle).await?;
    let next = (!walked.is_over).then_some(&progress);
    let mut left = advanced(next, walked.found);
    left.pause = walked.pause;
    if write(&mut tx, row, &left).await? {
        transaction.commit().await?;
        tables.wake_deliveries();
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

/// What a page has come to.
struct Walk {
    /// The deliveries that are tried again.
    found: usize,
    /// How long the next page waits.
    pause: Duration,
    /// Whether this was the last page.
    is_over: bool,
}

/// Goes on from where the page before has ended, until this one is full.
async fn walk<D: Database>(
    tx: &mut Tx<'_, D>,
    (row, retry): (&BulkJobRow, &BulkRetry),
    progress: &mut Progress,
    throttle: Throttle,
) -> Result<Walk, Error> {
    let subscriptions = subscriptions(tx, row, &retry.filter, progress).await?;
    let mut walk = Walk {
        found: 0,
        pause: Duration::ZERO,
        is_over: subscriptions.len() < SUBSCRIPTIONS as usize,
    };
    let mut room = PAGE;
    for (id, subscription) in subscriptions {
        let Some(subscription) = subscription.filter(|one| one.state.gets_messages()) else {
            *progress = behind(id);
            continue;
        };
        let waits = throttle == Throttle::On && !retry.dry_run && progress.waited < BACKLOG_PAUSES;
        if waits && is_full(tx, &subscription).await? {
            progress.waited += 1;
            (walk.pause, walk.is_over) = (BACKLOG_PAUSE, false);
            return Ok(walk);
        }
        let range = range(row, &retry.filter, progress);
        let ended = tx.ended_deliveries(id.key(), range, room).await?;
        let wanted = wanted(tx, &retry.filter, &ended).await?;
        walk.found += wanted.len();
        if !retry.dry_run && !wanted.is_empty() {
            let made = tx.restart(&wanted, Some(0)).await?;
            tx.mark_replayed(&row.job.id, &made).await?;
        }
        if let Some(last) = ended.last().filter(|_| ended.len() == room as usize) {
            (progress.after, progress.waited) = (Some(*last.id.as_bytes()), 0);
            walk.is_over = false;
            return Ok(walk);
        }
        room -= u32::try_from(ended.len()).unwrap_or(0);
        *progress = behind(id);
    }
    Ok(walk)
}

fn behind(done: SubscriptionId) -> Progress {
    Progress {
        done: Some(done),
        ..Progress::default()
    }
}

/// The next subscriptions; what is not readable here is missing.
async fn subscriptions<D: Database>(
    tx: &mut Tx<'_, D>,
    row: &BulkJobRow,
    filter: &RetryFilter,
    progress: &Progress,
) -> Result<Vec<(SubscriptionId, Option<StoredSubscription>)>, Error> {
    if let Some(id) = &filter.subscription {
        if progress.done.is_some() {
            return Ok(Vec::new());
        }
        let stored = tx.subscription(Scope::AllOwners, id).await?.subscription;
        return Ok(vec![(id.clone(), Some(stored))]);
    }
    let rows = tx
        .page_subscriptions(scope(row), progress.done.as_ref(), SUBSCRIPTIONS)
        .await?;
    let readable = rows.into_iter();
    let readable = readable.map(|(id, row)| (id, row.ok().map(|row| row.subscription)));
    Ok(readable.collect())
}

async fn is_full<D: Database>(
    tx: &mut Tx<'_, D>,
    subscription: &StoredSubscription,
) -> Result<bool, Error> {
    let lane = DeliveryLane::new(subscription.id.key(), &subscription.owner);
    Ok(tx.backlog(lane, BACKLOG).await? >= BACKLOG)
}

/// The ids between which the deliveries lie: they begin with the time of their message. What was sent
/// after the retry was asked for is left out.
fn range(row: &BulkJobRow, filter: &RetryFilter, progress: &Progress) -> (Id, Id) {
    // Also what was sent in the very millisecond.
    let asked = row.job.id.time() + Duration::from_millis(1);
    let until = filter.until.unwrap_or(asked).min(asked);
    let lowest = Id::from_bytes([0; 16]);
    let start = filter.since.map_or(lowest, |since| {
        // The lower end is left out.
        let first = u128::from_be_bytes(*Id::at(since, [0; 10]).as_bytes());
        Id::from_bytes(first.saturating_sub(1).to_be_bytes())
    });
    (
        progress.after.map_or(start, Id::from_bytes),
        Id::at(until, [0; 10]),
    )
}

/// Those of these deliveries that the filter lets through and that can be sent.
async fn wanted<D: Database>(
    tx: &mut Tx<'_, D>,
    filter: &RetryFilter,
    deliveries: &[EndedDelivery],
) -> Result<Vec<Id>, Error> {
    let ids: Vec<Id> = deliveries.iter().map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    let states = tx.ended_states(&ids).await?;
    let with_message = deliveries.iter();
    let mut left: Vec<(Id, Id)> = with_message
        .filter_map(|one| Some((one.id, one.message?)))
        .collect();
    left.retain(|(id, _)| {
        states
            .get(id)
            .is_some_and(|state| filter.wants_state(*state))
    });
    if !filter.statuses.is_empty() {
        let last = tx.last_attempts(left.iter().map(|(id, _)| *id)).await?;
        left.retain(|(id, _)| filter.wants_answer(last.get(id)));
    }
    let messages: Vec<Id> = left.iter().map(|(_, message)| *message).collect();
    let sendable = tx.sendable_messages(&messages).await?;
    left.retain(|(_, message)| sendable.contains(message));
    if !filter.events.is_empty() {
        let sendable = sendable.iter().copied();
        let summaries = tx.message_summaries(Scope::AllOwners, sendable).await?;
        let patterns = filter.events.iter();
        let patterns: Vec<_> = patterns
            .map(|event| EventPattern::of_provider(event))
            .collect();
        left.retain(|(_, message)| {
            let summary = summaries.get(message);
            summary.is_some_and(|one| patterns.iter().any(|all| all.matches(&one.event)))
        });
    }
    Ok(left.into_iter().map(|(id, _)| id).collect())
}
