//! Reading what happens from the tables: new messages in the order of their ids, and the attempts at them.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, SystemTime};

use webhooks_store::{Database, Id, from_ms, to_ms};

use super::tries::{TOGETHER, tries};
use crate::context::Context;
use crate::error::Error;
use crate::model::{Attempt, Happening, LivePosition, Scope, earlier};
use crate::tables::MessageSummary;

/// Ids are made before their transactions are committed: so far back a message may still appear.
const OVERLAP: Duration = Duration::from_secs(30);
/// How long the attempts at a message are followed.
const FOLLOWED: Duration = Duration::from_hours(1);
/// The messages that one round begins to follow.
const MOST: usize = 1000;
/// The messages whose attempts are followed; beyond that the oldest are let go.
const MOST_FOLLOWED: usize = 5000;
/// The messages that are read in one statement.
const BATCH_SIZE: u32 = 1000;

/// Goes forward through what happens, round by round.
pub(crate) struct Follower {
    /// Where the ids of messages are read from: behind this time.
    since: SystemTime,
    /// The messages of the overlap, by the order in which they came.
    seen: HashSet<Id>,
    followed: VecDeque<Watch>,
    /// How many messages have been followed.
    count: u64,
    round: u64,
    /// What happened before is not shown.
    begin: SystemTime,
}

/// A message whose attempts are followed.
struct Watch {
    message: MessageSummary,
    /// Which one it is: those of one age take turns.
    number: u64,
    seen: HashSet<String>,
    /// Whether all its deliveries have ended. One of them may be tried again all the same.
    has_ended: bool,
}

impl Watch {
    /// Whether its attempts are read in this round.
    fn is_due(&self, round: u64, now: SystemTime) -> bool {
        let age = now.duration_since(self.message.id.time());
        // The first attempts come soon; the older a message, the longer its retries are apart.
        let every = match age.unwrap_or_default().as_secs() {
            _ if self.has_ended => 10,
            0..10 => 1,
            10..300 => 5,
            _ => 30,
        };
        (round + self.number).is_multiple_of(every)
    }
}

impl Follower {
    pub(crate) fn new(now: SystemTime) -> Self {
        Self {
            since: earlier(now, OVERLAP),
            seen: HashSet::new(),
            followed: VecDeque::new(),
            count: 0,
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
            self.followed.push_back(Watch {
                message,
                number: self.count,
                seen: HashSet::new(),
                has_ended: false,
            });
            self.count += 1;
        }
        let oldest = earlier(read_until, OVERLAP).max(self.since);
        self.since = oldest;
        self.seen.retain(|id| *id >= Id::at(oldest, [0; 10]));
        self.round += 1;
        let gone = earlier(now, FOLLOWED);
        self.followed.retain(|one| one.message.id.time() >= gone);
        while self.followed.len() > MOST_FOLLOWED {
            self.followed.pop_front();
        }
        self.look(context, now, &mut happenings).await?;
        happenings.retain(|happening| happening.at() >= self.begin);
        happenings.sort_by_key(Happening::position);
        Ok(happenings)
    }

    /// Reads the attempts of the messages whose turn it is.
    async fn look<D: Database>(
        &mut self,
        context: &Context<D>,
        now: SystemTime,
        happenings: &mut Vec<Happening>,
    ) -> Result<(), Error> {
        let round = self.round;
        let due = self.followed.iter_mut();
        let mut due: Vec<_> = due.filter(|one| one.is_due(round, now)).collect();
        for some in due.chunks_mut(TOGETHER) {
            let messages: Vec<_> = some.iter().map(|one| &one.message).collect();
            let mut found = tries(context, &messages).await?;
            for one in some {
                let tries = found.remove(&one.message.id.key()).unwrap_or_default();
                one.has_ended = tries.have_ended;
                for (owner, attempt) in tries.attempts {
                    if one.seen.insert(attempt.id.to_string()) {
                        happenings.push(tried(&one.message, owner, attempt));
                    }
                }
            }
        }
        Ok(())
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
    let messages = match owner {
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
    for messages in messages.chunks(TOGETHER) {
        let mut found = tries(context, &messages.iter().collect::<Vec<_>>()).await?;
        for message in messages {
            let tries = found.remove(&message.id.key()).unwrap_or_default();
            let attempts = tries.attempts.into_iter();
            happenings.extend(attempts.map(|(owner, attempt)| tried(message, owner, attempt)));
            happenings.push(happened(message));
        }
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
        let summaries = tx.message_summaries(Scope::AllOwners, unseen).await?;
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
