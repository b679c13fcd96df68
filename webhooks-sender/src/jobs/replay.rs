//! A page of a replay: what is to be sent to one subscription again, and how.
//!
//! Deliveries go the way of all others: they are made to wait, and the engine sends them in the order of their messages.
//! While many wait already, the next page is put off, so that what the subscription receives anew does not queue behind a
//! million old ones, and a cancelled replay has not made them all wait.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use webhooks_core::EventPattern;
use webhooks_store::{Database, Id, JobRecord, Lane, from_ms, to_ms};

use super::page::{Throttle, advance, advanced, progress, request, write};
use crate::context::Context;
use crate::error::Error;
use crate::model::{DeliveryId, Replay, ReplayId, Scope, Selection, StoredSubscription};
use crate::publish::delivery_of;
use crate::redelivery::check_is_on;
use crate::tables::{BulkJobRow, DeliveryLane, Tx, queue_of};

/// Deliveries looked at in one page.
const PAGE: u32 = 200;
/// So many that wait for the subscription keep the next page back, and for so long.
const BACKLOG: u32 = 1000;
const BACKLOG_PAUSE: Duration = Duration::from_millis(500);

/// How far a replay has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Progress {
    /// When the last failure that was looked at happened.
    since_ms: Option<i64>,
    /// The last delivery or message that was looked at.
    after: Option<[u8; 16]>,
}

/// Something that may be sent again.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    message: Id,
    /// Missing where none was ever made.
    delivery: Option<Id>,
}

pub(super) async fn page<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    throttle: Throttle,
) -> Result<(), Error> {
    let (replay, id) = (request::<Replay>(row)?, row.subscription()?);
    let tables = &context.tables;
    let mut connection = tables.connection().await?;
    let mut tx = tables.on(&mut connection);
    let stored = tx.subscription(Scope::AllOwners, id).await?.subscription;
    check_is_on(stored.state)?;
    let waits = throttle == Throttle::On
        && !replay.dry_run
        && tx
            .backlog(DeliveryLane::new(id.key(), &stored.owner), BACKLOG)
            .await?
            >= BACKLOG;
    // The questions to the store take a connection of their own, and a pool may have one only.
    drop(connection);
    let (candidates, next) = if waits {
        (Vec::new(), None)
    } else {
        found(context, row, &replay, &stored).await?
    };
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let done = send(context, &mut tx, (row, &replay, &stored), &candidates).await?;
    let mut advance = if waits {
        advance(&row.progress, 0)
    } else {
        advanced(next.as_ref(), done)
    };
    if waits {
        advance.pause = BACKLOG_PAUSE;
    }
    if write(&mut tx, row, &advance).await? {
        transaction.commit().await?;
        tables.wake_deliveries();
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

/// The next candidates, and where those behind them begin: none when these are the last.
async fn found<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    replay: &Replay,
    stored: &StoredSubscription,
) -> Result<(Vec<Candidate>, Option<Progress>), Error> {
    let progress = progress::<Progress>(row)?;
    if replay.what == Selection::Failed {
        return failed(context, row, replay, progress).await;
    }
    // Ids begin with the time; both ends are left out.
    let start = replay.since.map_or(Id::from_bytes([0; 16]), before);
    let start = progress.after.map_or(start, Id::from_bytes);
    // Messages are as old as their ids say, by the sender's clock, and so is the job.
    let asked = row.job.id.time();
    let until = replay.until.unwrap_or(asked).min(asked);
    let range = (start, Id::at(until, [0; 10]));
    let mut connection = context.tables.connection().await?;
    let mut tx = context.tables.on(&mut connection);
    let (candidates, last, read) = if replay.what == Selection::All {
        let rows = tx.ended_deliveries(stored.id.key(), range, PAGE).await?;
        let candidates = rows.iter().filter_map(|ended| {
            let (message, delivery) = (ended.message?, Some(ended.id));
            Some(Candidate { message, delivery })
        });
        (
            candidates.collect(),
            rows.last().map(|row| row.id),
            rows.len(),
        )
    } else {
        let rows = tx
            .messages_between(&stored.owner, true, range, PAGE)
            .await?;
        let owner = Some(stored.owner.as_str());
        let wanted = rows.iter().filter(|message| {
            let event = message.event.as_str();
            // A rule that panics is asked again before the attempt.
            stored.wants(event) && context.publishing.may_see(owner, event).unwrap_or(true)
        });
        let candidates = wanted.map(|message| Candidate {
            message: message.id.key(),
            delivery: None,
        });
        let last = rows.last().map(|message| message.id.key());
        (candidates.collect(), last, rows.len())
    };
    let next = last.filter(|_| read == PAGE as usize).map(|last| Progress {
        since_ms: None,
        after: Some(*last.as_bytes()),
    });
    Ok((candidates, next))
}

/// What failed, in the order of the failures, by the database's clock. What fails after the replay was asked for is not sent a third time.
async fn failed<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    replay: &Replay,
    progress: Progress,
) -> Result<(Vec<Candidate>, Option<Progress>), Error> {
    let since = progress.since_ms.map(from_ms).or(replay.since);
    let since = since.unwrap_or(SystemTime::UNIX_EPOCH);
    let after = progress.after.map(Id::from_bytes);
    let subscription = row.subscription()?.key();
    let (queue, lane) = (queue_of(subscription), Lane::from(subscription));
    let store = &context.tables.store;
    let jobs = store.failed(queue, &lane, since, after, PAGE).await?;
    let is_in_time = |job: &&JobRecord| {
        job.finished_at
            .is_some_and(|at| at <= row.job.created && replay.until.is_none_or(|until| at < until))
    };
    // They are in the order in which they ended: all behind the first that ended too late did so too.
    let in_time: Vec<_> = jobs.iter().take_while(is_in_time).collect();
    let last = in_time.last().filter(|_| in_time.len() == PAGE as usize);
    let next = last.map(|last| Progress {
        since_ms: last.finished_at.map(to_ms),
        after: Some(*last.id.as_bytes()),
    });
    let candidates = in_time.iter().filter_map(|job| {
        Some(Candidate {
            message: job.reference?,
            delivery: Some(job.id),
        })
    });
    Ok((candidates.collect(), next))
}

/// Makes those of the candidates wait that can be sent and are wanted; returns how many.
async fn send<D: Database>(
    context: &Context<D>,
    tx: &mut Tx<'_, D>,
    (row, replay, stored): (&BulkJobRow, &Replay, &StoredSubscription),
    candidates: &[Candidate],
) -> Result<usize, Error> {
    let wanted = sendable(tx, replay, stored, candidates).await?;
    if replay.dry_run || wanted.is_empty() {
        return Ok(wanted.len());
    }
    let subscription = stored.id.key();
    let lane = DeliveryLane::new(subscription, &stored.owner);
    let deliveries = match replay.ids {
        ReplayId::Same => {
            let ended: Vec<Id> = wanted.iter().filter_map(|one| one.delivery).collect();
            let mut made = tx.restart(&ended, Some(0)).await?;
            let missed = wanted.iter().filter(|one| one.delivery.is_none());
            let missed: Vec<Id> = missed.map(|one| one.message).collect();
            let jobs = missed.iter().map(|&message| delivery_of(message, lane));
            tx.enqueue(jobs.collect()).await?;
            made.extend(
                missed
                    .iter()
                    .map(|&message| DeliveryId::of(message, subscription)),
            );
            made
        }
        ReplayId::New => {
            let now = tx.now();
            let copies = (0_u16..).zip(&wanted).map(|(number, one)| {
                Ok((
                    one.message,
                    copy_id(now, number, context.publishing.random()?),
                ))
            });
            let copies: Vec<(Id, Id)> = copies.collect::<Result<_, Error>>()?;
            tx.copy_messages(&stored.owner, now, &copies).await?;
            let jobs = copies.iter().map(|&(_, copy)| delivery_of(copy, lane));
            tx.enqueue(jobs.collect()).await?;
            let made = copies.iter();
            made.map(|&(_, copy)| DeliveryId::of(copy, subscription))
                .collect()
        }
    };
    tx.mark_replayed(&row.job.id, &deliveries).await?;
    Ok(deliveries.len())
}

/// The id of a copy: the copies of one page keep the order of what they repeat.
fn copy_id(now: SystemTime, number: u16, random: [u8; 8]) -> Id {
    let mut unique = [0; 10];
    unique[..2].copy_from_slice(&number.to_be_bytes());
    unique[2..].copy_from_slice(&random);
    Id::at(now, unique)
}

async fn sendable<D: Database>(
    tx: &mut Tx<'_, D>,
    replay: &Replay,
    stored: &StoredSubscription,
    candidates: &[Candidate],
) -> Result<Vec<Candidate>, Error> {
    let ids: Vec<Id> = candidates.iter().map(|one| one.message).collect();
    let mut sendable = tx.sendable_messages(&ids).await?;
    if !replay.events.is_empty() {
        let ids = sendable.iter().copied();
        let summaries = tx.message_summaries(Scope::AllOwners, ids).await?;
        let patterns = || {
            replay
                .events
                .iter()
                .map(|event| EventPattern::of_provider(event))
        };
        let is_asked_for = |event: &str| patterns().any(|pattern| pattern.matches(event));
        sendable.retain(|id| {
            let summary = summaries.get(id);
            summary.is_some_and(|summary| is_asked_for(&summary.event))
        });
    }
    let delivery = |one: &Candidate| DeliveryId::of(one.message, stored.id.key());
    let missed = candidates.iter().filter(|one| one.delivery.is_none());
    let known = tx.known_deliveries(missed.map(delivery)).await?;
    let is_wanted = |one: &&Candidate| {
        let is_known = one.delivery.is_none() && known.contains(&delivery(one));
        sendable.contains(&one.message) && !is_known
    };
    Ok(candidates.iter().filter(is_wanted).copied().collect())
}

/// The highest id below all of this time.
fn before(time: SystemTime) -> Id {
    let first = u128::from_be_bytes(*Id::at(time, [0; 10]).as_bytes());
    Id::from_bytes(first.saturating_sub(1).to_be_bytes())
}
