//! Reading what happens from the tables: new messages in the order of their ids, and the attempts at them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, SystemTime};

use webhooks_store::{Database, Id, JobRecord, from_ms, to_ms};

use crate::context::Context;
use crate::error::Error;
use crate::model::{Attempt, DeliveryId, Happening, LivePosition, earlier};
use crate::tables::{MessageSummary, id, is_delivery};

/// Ids are made before their transactions are committed: so far back a message may still appear.
const OVERLAP: Duration = Duration::from_secs(30);
/// How long the attempts at a message are followed.
const FOLLOWED: Duration = Duration::from_hours(1);
/// The messages whose attempts are followed; beyond that the oldest are let go.
const MOST: usize = 1000;
/// The messages that are read in one statement.
const BATCH_SIZE: u32 = 1000;
/// The deliveries of a message that are followed.
const DELIVERIES_OF_ONE: u32 = 100;

/// Goes forward through what happens, round by round.
pub(crate) struct Follower {
    /// Where the ids of messages are read from: behind this time.
    since: SystemTime,
    /// The messages of the overlap, by the order in which they came.
    seen: HashSet<Id>,
    followed: VecDeque<Watch>,
    round: u64,
    /// What happened before is not shown.
    begin: SystemTime,
}

/// A message whose attempts are followed.
struct Watch {
    message: MessageSummary,
    seen: HashSet<String>,
}

impl Follower {
    pub(crate) fn new(now: SystemTime) -> Self {
        Self {
            since: earlier(now, OVERLAP),
            seen: HashSet::new(),
            followed: VecDeque::new(),
            round: 0,
            // Ids know milliseconds and nothing finer.
            begin: from_ms(to_ms(now)),
        }
    }

    /// What has happened since the last round.
    pub(crate) async fn round<D: Database>(
        &mut self,
        context: &Context<D>,
    ) -> Result<Vec<Happening>, Error> {
        let now = context.now();
        let mut happenings = Vec::new();
        let new = new_messages(context, self.since, &self.seen).await?;
        // Where there are more than are read, the next round begins with those that are left.
        let last = new.last().filter(|_| new.len() >= MOST);
        let read_until = last.map_or(now, |last| last.id.time());
        for message in new {
            self.seen.insert(message.id.key());
            happenings.push(happened(&message));
            let seen = HashSet::new();
            self.followed.push_back(Watch { message, seen });
        }
        let oldest = earlier(read_until, OVERLAP).max(self.since);
        self.since = oldest;
        self.seen.retain(|id| *id >= Id::at(oldest, [0; 10]));
        self.round += 1;
        let gone = earlier(now, FOLLOWED);
        self.followed.retain(|one| one.message.id.time() >= gone);
        while self.followed.len() > MOST {
            self.followed.pop_front();
        }
        let round = self.round;
        let due = self.followed.iter_mut().filter(|one| {
            let age = now
                .duration_since(one.message.id.time())
                .unwrap_or_default();
            // The first attempts come soon; the older a message, the longer its retries are apart.
            let every = match age.as_secs() {
                0..10 => 1,
                10..300 => 5,
                _ => 30,
            };
            round.is_multiple_of(every)
        });
        for one in due {
            for (owner, attempt) in attempts_at(context, &one.message).await? {
                if one.seen.insert(attempt.id.to_string()) {
                    happenings.push(tried(&one.message, owner, attempt));
                }
            }
        }
        happenings.retain(|happening| happening.at() >= self.begin);
        happenings.sort_by_key(Happening::position);
        Ok(happenings)
    }
}

/// What happened since a position.
pub(crate) struct CaughtUp {
    pub(crate) happenings: Vec<Happening>,
    /// Whether more happened than is read.
    pub(crate) is_cut: bool,
}

/// What happened to an owner's messages since a position, or to all of them; at most what is followed.
pub(crate) async fn caught_up<D: Database>(
    context: &Context<D>,
    owner: Option<&str>,
    after: &LivePosition,
) -> Result<CaughtUp, Error> {
    let begin = earlier(context.now(), FOLLOWED);
    let is_late = after.at() < begin;
    let since = earlier(after.at(), FOLLOWED).max(earlier(begin, FOLLOWED));
    let mut messages = match owner {
        None => new_messages(context, since, &HashSet::new()).await?,
        Some(owner) => {
            let mut connection = context.tables.connection().await?;
            let mut tx = context.tables.on(&mut connection);
            let above = Id::at(since, [0; 10]).as_bytes().to_vec();
            tx.scan_messages_up(owner, above, BATCH_SIZE).await?
        }
    };
    let is_cut = is_late || messages.len() >= BATCH_SIZE as usize;
    let mut happenings = Vec::new();
    for message in messages.drain(..) {
        for (owner, attempt) in attempts_at(context, &message).await? {
            happenings.push(tried(&message, owner, attempt));
        }
        happenings.push(happened(&message));
    }
    happenings.sort_by_key(Happening::position);
    Ok(CaughtUp { happenings, is_cut })
}

fn happened(message: &MessageSummary) -> Happening {
    Happening::Message {
        message: message.id.clone(),
        event: message.event.clone(),
        owner: message.owner.name().map(str::to_owned),
        created: message.id.time(),
    }
}

fn tried(message: &MessageSummary, owner: String, attempt: Attempt) -> Happening {
    Happening::Attempt {
        message: message.id.clone(),
        event: message.event.clone(),
        owner,
        attempt,
    }
}

/// The messages since a time that were not seen.
async fn new_messages<D: Database>(
    context: &Context<D>,
    since: SystemTime,
    seen: &HashSet<Id>,
) -> Result<Vec<MessageSummary>, Error> {
    let mut connection = context.tables.connection().await?;
    let mut tx = context.tables.on(&mut connection);
    // Another process's clock may be ahead.
    let until = context.now() + FOLLOWED;
    let mut after = Id::at(since, [0; 10]).as_bytes().to_vec();
    let mut new = Vec::new();
    loop {
        let ids = tx.window_of_messages(after, until, BATCH_SIZE).await?;
        let unseen = ids.iter().copied().filter(|id| !seen.contains(id));
        let summaries = tx.message_summaries(unseen).await?;
        new.extend(summaries.into_values());
        match ids.last() {
            Some(last) if ids.len() == BATCH_SIZE as usize && new.len() < MOST => {
                after = last.as_bytes().to_vec();
            }
            _ => break,
        }
    }
    new.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(new)
}

/// The attempts at a message, each with the owner of the subscription that it went to.
async fn attempts_at<D: Database>(
    context: &Context<D>,
    message: &MessageSummary,
) -> Result<Vec<(String, Attempt)>, Error> {
    let tables = &context.tables;
    let jobs = tables
        .store
        .jobs_about(message.id.key(), None, None, DELIVERIES_OF_ONE)
        .await?;
    let jobs: Vec<JobRecord> = jobs
        .into_iter()
        .filter(|job| is_delivery(&job.queue))
        .collect();
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let mut lanes = HashMap::new();
    for job in &jobs {
        lanes.insert(DeliveryId::from_key(job.id), id(job.lane.as_bytes())?);
    }
    let mut connection = tables.connection().await?;
    let mut tx = tables.on(&mut connection);
    let subscriptions = tx.subscription_summaries(lanes.values().copied()).await?;
    let ids: Vec<Id> = jobs.iter().map(|job| job.id).collect();
    let attempts = tx.attempts_of_all(&ids).await?.into_iter();
    let owned = attempts.filter_map(|attempt| {
        let known = lanes.get(&attempt.delivery);
        let known = known.and_then(|lane| subscriptions.get(lane));
        let owner = known.map(|(owner, _)| owner.as_str());
        let owner = owner.or(message.owner.name())?.to_owned();
        Some((owner, attempt))
    });
    Ok(owned.collect())
}
