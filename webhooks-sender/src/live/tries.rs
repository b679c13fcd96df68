//! The attempts at many messages, read together: message by message they would cost those who send their time.

use std::collections::HashMap;

use webhooks_store::{Database, Id, JobRecord, State};

use crate::context::Context;
use crate::error::Error;
use crate::model::Attempt;
use crate::tables::{MessageSummary, id, is_delivery};

/// The messages whose attempts are read together.
pub(super) const TOGETHER: usize = 200;
/// The deliveries of these: where there are more, they are read message by message.
const DELIVERIES: u32 = 1000;
/// The deliveries of a message that has very many of which the attempts are read.
const DELIVERIES_OF_ONE: u32 = 100;

/// The attempts at one message.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// Each with the owner of the subscription that it went to.
    pub(super) attempts: Vec<(String, Attempt)>,
    /// Whether there are deliveries, and all of them have ended.
    pub(super) have_ended: bool,
}

/// The attempts at these messages, by the message's id.
pub(super) async fn tries<D: Database>(
    context: &Context<D>,
    messages: &[&MessageSummary],
) -> Result<HashMap<Id, Tries>, Error> {
    let mut found = HashMap::new();
    if messages.is_empty() {
        return Ok(found);
    }
    let owners: HashMap<Id, Option<&str>> = messages
        .iter()
        .map(|message| (message.id.key(), message.owner.name()))
        .collect();
    let jobs = deliveries(context, messages).await?;
    let mut lanes = HashMap::new();
    for job in &jobs {
        let Some(message) = job.reference else {
            continue;
        };
        lanes.insert(job.id, (id(job.lane.as_bytes())?, message));
        let has_ended = job.state != State::Pending;
        let tries = found.entry(message).or_insert_with(|| Tries {
            attempts: Vec::new(),
            have_ended: true,
        });
        tries.have_ended &= has_ended;
    }
    let mut subscriptions: Vec<Id> = lanes.values().map(|(lane, _)| *lane).collect();
    subscriptions.sort_unstable();
    subscriptions.dedup();
    let mut connection = context.tables.connection().await?;
    let mut tx = context.tables.on(&mut connection);
    let subscriptions = tx.subscription_summaries(subscriptions).await?;
    let attempts = tx.attempts_at(&jobs).await?.into_values();
    let mut attempts: Vec<Attempt> = attempts.flatten().collect();
    tx.add_replays(&mut attempts).await?;
    for attempt in attempts {
        let Some((lane, message)) = lanes.get(&attempt.delivery.key()) else {
            continue;
        };
        let owner = subscriptions.get(lane).map(|(owner, _)| owner.as_str());
        let owner = owner.or_else(|| owners.get(message).copied().flatten());
        if let (Some(owner), Some(tries)) = (owner, found.get_mut(message)) {
            tries.attempts.push((owner.to_owned(), attempt));
        }
    }
    Ok(found)
}

async fn deliveries<D: Database>(
    context: &Context<D>,
    messages: &[&MessageSummary],
) -> Result<Vec<JobRecord>, Error> {
    let store = &context.tables.store;
    let references: Vec<Id> = messages.iter().map(|message| message.id.key()).collect();
    let together = store.jobs_about_each(&references, None, DELIVERIES).await?;
    let mut jobs = Vec::new();
    match together {
        Some(together) => jobs = together,
        None => {
            for reference in references {
                let own = store.jobs_about(reference, None, None, DELIVERIES_OF_ONE);
                jobs.extend(own.await?);
            }
        }
    }
    jobs.retain(|job| is_delivery(&job.queue));
    Ok(jobs)
}
