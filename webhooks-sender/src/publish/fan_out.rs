//! Which subscriptions an event matches, and the deliveries that are made of it.
//!
//! Up to a few dozen are made in the transaction of the send; beyond that the engine makes them page by page, so that a
//! broadcast never lengthens the application's transaction. A page and the job for the next page are committed
//! together, with the job of this page locked, so that each delivery is made once.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use webhooks_store::lanes::Entry;
use webhooks_store::{Database, Due, Id, NewJob, Verdict};

use super::prepare::CheckedMessage;
use crate::context::Publishing;
use crate::error::Error;
use crate::model::{DeliveryId, Owner};
use crate::observe;
use crate::tables::{Arrivals, DeliveryLane, FAN_OUTS, Tx, owner_lane};

/// Deliveries made in one transaction of the engine.
const PAGE: u16 = 500;
/// When a page is looked at again that cannot be read.
const LATER: Duration = Duration::from_mins(1);

/// The patterns that match an event: its name, everything below each of its prefixes, and `*`.
pub(crate) fn patterns_of(event: &str) -> Vec<String> {
    let prefixes = event
        .match_indices('.')
        .map(|(dot, _)| format!("{}.*", &event[..dot]));
    ["*".to_owned(), event.to_owned()]
        .into_iter()
        .chain(prefixes)
        .collect()
}

/// How far a fan-out has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    /// Missing for everyone.
    owner: Option<String>,
    event: String,
    /// Which of the event's patterns.
    pattern: usize,
    /// The last subscription that was reached.
    after: Vec<u8>,
    /// When the deliveries are due, in milliseconds; missing when they are due now.
    due_ms: Option<i64>,
    order_key: Option<String>,
}

impl Progress {
    fn owner(&self) -> Owner {
        self.owner
            .as_ref()
            .map_or_else(Owner::everyone, Owner::from)
    }

    /// What follows: the rest of the pattern behind the last one of a full page, or the next pattern.
    fn advance(&mut self, last: Option<&DeliveryLane>) {
        self.after.clear();
        match last {
            Some(last) => self.after.extend(last.subscription.as_bytes()),
            None => self.pattern += 1,
        }
    }
}

/// The delivery of a message to a subscription.
pub(crate) fn delivery(message: &CheckedMessage, lane: DeliveryLane) -> NewJob {
    let job = job(message.row.id.key(), lane, message.due);
    in_order(job, message.order_key.as_deref())
}

/// The delivery of a message that is due now.
pub(crate) fn delivery_of(message: Id, lane: DeliveryLane) -> NewJob {
    job(message, lane, Due::Now)
}

/// The first page of a message that matches too many subscriptions.
pub(crate) fn first_page(message: &CheckedMessage, unique: [u8; 10]) -> NewJob {
    let due_ms = match message.due {
        Due::At(time) => Some(webhooks_store::to_ms(time)),
        _ => None,
    };
    let progress = Progress {
        owner: message.row.owner.name().map(str::to_owned),
        event: message.row.event.clone(),
        pattern: 0,
        after: Vec::new(),
        due_ms,
        order_key: message.order_key.clone(),
    };
    page_job(message.row.id.key(), unique, &progress)
}

/// Makes one page of deliveries; its job, which is locked, ends in the same transaction. Returns where they went.
pub(crate) async fn fan_out_page<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    page: &Entry,
) -> Result<Arrivals, Error> {
    let progress = serde_json::from_slice::<Progress>(&page.content.data);
    let (Some(message), Ok(mut progress)) = (page.content.reference, progress) else {
        // A later version has written it, or it is damaged: the message must not be lost without a word.
        observe::fan_out_unreadable(page.id());
        let later = Verdict::Postpone(Due::After(LATER));
        tx.record(&[&page.outcome(later)]).await?;
        return Ok(Arrivals::default());
    };
    let patterns = patterns_of(&progress.event);
    let mut found = Vec::new();
    // Events have several patterns, and most of them few subscriptions: what fits is one page.
    while let Some(pattern) = patterns.get(progress.pattern) {
        let room = usize::from(PAGE) - found.len();
        let after = progress.after.clone();
        let limit = u16::try_from(room).unwrap_or(PAGE);
        let lanes = tx
            .with_pattern(&progress.owner(), pattern, after, limit)
            .await?;
        let is_full = lanes.len() == room;
        progress.advance(lanes.last().filter(|_| is_full));
        found.extend(lanes);
        if is_full {
            break;
        }
    }
    let due = progress
        .due_ms
        .map_or(Due::Now, |ms| Due::At(webhooks_store::from_ms(ms)));
    // A subscription whose patterns are changed during the fan-out is met twice, and so is one with several of them.
    let deliveries = found
        .iter()
        .map(|lane| DeliveryId::of(message, lane.subscription));
    let mut known = tx.known_deliveries(deliveries).await?;
    let fresh = found
        .iter()
        .filter(|lane| known.insert(DeliveryId::of(message, lane.subscription)));
    let mut jobs: Vec<_> = fresh
        .map(|lane| in_order(job(message, *lane, due), progress.order_key.as_deref()))
        .collect();
    if progress.pattern < patterns.len() {
        jobs.push(page_job(message, publishing.random()?, &progress));
    }
    let arrivals = Arrivals::of(&jobs);
    tx.enqueue(jobs).await?;
    tx.record(&[&page.outcome(Verdict::Forget)]).await?;
    Ok(arrivals)
}

fn job(message: Id, lane: DeliveryLane, due: Due) -> NewJob {
    let id = DeliveryId::of(message, lane.subscription);
    lane.job(id).reference(message).due(due)
}

fn in_order(job: NewJob, key: Option<&str>) -> NewJob {
    match key {
        Some(key) => job.order_key(key),
        None => job,
    }
}

fn page_job(message: Id, unique: [u8; 10], progress: &Progress) -> NewJob {
    let mut own = [0; 8];
    own.copy_from_slice(&unique[..8]);
    let data = serde_json::to_vec(progress).expect("texts and numbers are always JSON");
    let owner = progress.owner.as_deref().unwrap_or_default();
    owner_lane(FAN_OUTS, Id::about(message, own), owner)
        .reference(message)
        .data(data)
}

#[cfg(test)]
mod tests {
    use webhooks_core::EventPattern;

    use super::*;

    #[test]
    fn the_patterns_of_an_event_are_those_that_match_it() {
        let event = "payment.card.declined";
        let patterns = patterns_of(event);
        assert_eq!(patterns, ["*", event, "payment.*", "payment.card.*"]);
        for pattern in &patterns {
            assert!(
                pattern
                    .parse::<EventPattern>()
                    .expect(pattern)
                    .matches(event),
                "{pattern}"
            );
        }
        assert_eq!(patterns_of("ping"), ["*", "ping"]);
    }

    #[test]
    fn a_fan_out_goes_through_every_pattern() {
        let mut progress = Progress {
            owner: None,
            event: "a.b".to_owned(),
            pattern: 0,
            after: Vec::new(),
            due_ms: None,
            order_key: None,
        };
        let last = DeliveryLane::new(Id::from_bytes([9; 16]), "acct_1");
        progress.advance(Some(&last));
        assert_eq!((progress.pattern, progress.after.len()), (0, 16));
        progress.advance(None);
        assert_eq!((progress.pattern, progress.after.len()), (1, 0));
    }
}
