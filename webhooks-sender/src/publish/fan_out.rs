//! Which subscriptions an event matches, and the deliveries that are made of it.
//!
//! Up to a few dozen are made in the transaction of the send; beyond that the engine makes them page by page, so that a
//! broadcast never lengthens the application's transaction. A page and the job for the next page are committed
//! together, under the lease of the page's job, so that each delivery is made once.

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Due, Id, Job, NewJob, Verdict};

use super::prepare::CheckedMessage;
use crate::context::Publishing;
use crate::error::Error;
use crate::model::{DeliveryId, Owner};
use crate::tables::{DELIVERIES, FAN_OUTS, Tables};

/// Deliveries made in one transaction of the engine.
const PAGE: u16 = 500;

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
}

impl Progress {
    fn owner(&self) -> Owner {
        self.owner
            .as_ref()
            .map_or_else(Owner::everyone, Owner::from)
    }
}

/// The delivery of a message to a subscription.
pub(crate) fn delivery(message: &CheckedMessage, subscription: Id) -> NewJob {
    job(message.row.id.key(), subscription, message.due)
}

/// The delivery of a message that is due now.
pub(crate) fn delivery_of(message: Id, subscription: Id) -> NewJob {
    job(message, subscription, Due::Now)
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
    };
    page_job(message.row.id.key(), unique, &progress)
}

/// Makes one page of deliveries; its job is settled in the same transaction. Returns how many subscriptions it had.
pub(crate) async fn fan_out_page<D: Database>(
    tables: &Tables<D>,
    publishing: &Publishing,
    job: &Job,
) -> Result<usize, Error> {
    let (Some(message), Ok(progress)) =
        (job.reference, serde_json::from_slice::<Progress>(&job.data))
    else {
        let outcome = job.outcome(Verdict::Failed);
        tables.store.settle(vec![outcome]).await?;
        return Ok(0);
    };
    // Undone by a power cut, the page is made again with the same deliveries.
    let mut transaction = tables.store.begin_bookkeeping().await?;
    let mut tx = tables.on(&mut transaction);
    let patterns = patterns_of(&progress.event);
    let page = match patterns.get(progress.pattern) {
        Some(pattern) => {
            let after = progress.after.clone();
            tx.with_pattern(&progress.owner(), pattern, after, PAGE)
                .await?
        }
        None => Vec::new(),
    };
    let due = progress
        .due_ms
        .map_or(Due::Now, |ms| Due::At(webhooks_store::from_ms(ms)));
    // A subscription whose patterns are changed during the fan-out is met twice.
    let deliveries = page.iter().map(|&id| DeliveryId::of(message, id));
    let known = tx.known_deliveries(deliveries).await?;
    let mut jobs: Vec<_> = page
        .iter()
        .filter(|&&id| !known.contains(&DeliveryId::of(message, id)))
        .map(|&id| self::job(message, id, due))
        .collect();
    if let Some(next) = next(&progress, &page) {
        jobs.push(page_job(message, publishing.random()?, &next));
    }
    tx.enqueue(jobs).await?;
    let outcome = job.outcome(Verdict::Forget);
    let settled = tx.settle(&[&outcome]).await?;
    if !settled.iter().all(|settled| settled.is_applied()) {
        // The lease ran out and another process has the page now.
        transaction.rollback().await?;
        return Ok(0);
    }
    transaction.commit().await?;
    tables.store.wake().now();
    Ok(page.len())
}

/// What follows a page: the rest of the pattern, or the next pattern, or nothing.
fn next(progress: &Progress, page: &[Id]) -> Option<Progress> {
    let mut next = progress.clone();
    if let Some(last) = page.last().filter(|_| page.len() == usize::from(PAGE)) {
        next.after = last.as_bytes().to_vec();
    } else {
        next.pattern += 1;
        next.after.clear();
    }
    (next.pattern < patterns_of(&next.event).len()).then_some(next)
}

/// The delivery of a message to a subscription, by their ids.
pub(crate) fn job(message: Id, subscription: Id, due: Due) -> NewJob {
    let job = NewJob::new(
        DELIVERIES,
        DeliveryId::of(message, subscription),
        subscription,
    );
    job.reference(message).due(due)
}

fn page_job(message: Id, unique: [u8; 10], progress: &Progress) -> NewJob {
    let mut own = [0; 8];
    own.copy_from_slice(&unique[..8]);
    let data = serde_json::to_vec(progress).expect("texts and numbers are always JSON");
    NewJob::new(FAN_OUTS, Id::about(message, own), message)
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
    fn a_fan_out_goes_through_every_pattern_and_ends() {
        let start = Progress {
            owner: None,
            event: "a.b".to_owned(),
            pattern: 0,
            after: Vec::new(),
            due_ms: None,
        };
        let full = vec![Id::from_bytes([9; 16]); PAGE.into()];
        let second = next(&start, &full).expect("more of the pattern");
        assert_eq!((second.pattern, second.after.len()), (0, 16));
        let third = next(&second, &full[..3]).expect("the next pattern");
        assert_eq!((third.pattern, third.after.len()), (1, 0));
        let last = next(&third, &[]).expect("the last pattern");
        assert!(next(&last, &[]).is_none());
    }
}
