//! Which subscriptions an event meets, and the deliveries that are made of it.
//!
//! Up to a few dozen are made in the transaction of the send; beyond that the engine makes them page by page, so that a
//! broadcast never lengthens the application's transaction. A page and the job for the next page are committed
//! together, under the lease of the page's job: each delivery is made once.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Due, Id, Job, NewJob, Outcome, Parameters, Verdict};

use super::prepare::Prepared;
use crate::error::Error;
use crate::model::DeliveryId;
use crate::shared::{Shared, key};

/// The queue of deliveries; the lane is the subscription.
pub(crate) const DELIVERIES: &str = "delivery";
/// The queue of pages to be fanned out; the lane is the message.
pub(crate) const FAN_OUTS: &str = "fan-out";
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

/// Where a fan-out stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    owner: String,
    event: String,
    /// Which of the event's patterns.
    pattern: usize,
    /// The last subscription that was reached.
    after: Vec<u8>,
    /// When the deliveries are due, in milliseconds; none for at once.
    due_ms: Option<i64>,
}

/// The subscriptions of an event, at most `limit` and one.
pub(crate) async fn matching<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    owner: &str,
    event: &str,
    limit: u32,
) -> Result<Vec<Id>, Error> {
    let (limit, patterns) = (i64::from(limit) + 1, patterns_of(event));
    let rows = if owner.is_empty() {
        let parameters = Parameters::new().int(limit).texts(patterns);
        shared
            .sql
            .match_everyone
            .fetch(connection, parameters)
            .await?
    } else {
        let parameters = Parameters::new().text(owner).int(limit).texts(patterns);
        shared.sql.match_owner.fetch(connection, parameters).await?
    };
    rows.iter().map(|row| key(&row.bytes(0)?)).collect()
}

/// The delivery of a message to a subscription.
pub(crate) fn delivery(message: &Prepared, subscription: Id) -> NewJob {
    job(message.id.key(), subscription, message.due)
}

/// The first page of a message that meets too many subscriptions.
pub(crate) fn fan_out(message: &Prepared, unique: [u8; 10]) -> NewJob {
    let due_ms = match message.due {
        Due::At(time) => Some(webhooks_store::to_ms(time)),
        _ => None,
    };
    let (owner, event) = (message.owner.clone(), message.event.clone());
    page_job(
        message.id.key(),
        unique,
        &Progress {
            owner,
            event,
            pattern: 0,
            after: Vec::new(),
            due_ms,
        },
    )
}

/// Makes one page of deliveries; its job is settled in the same transaction.
pub(crate) async fn fan_out_page<D: Database>(
    shared: &Shared<D>,
    job: &Job,
) -> Result<usize, Error> {
    let (Some(message), Ok(progress)) =
        (job.reference, serde_json::from_slice::<Progress>(&job.data))
    else {
        shared
            .store
            .settle(vec![Outcome {
                lease: job.lease(),
                verdict: Verdict::Failed,
            }])
            .await?;
        return Ok(0);
    };
    // Undone by a power cut, the page is made again with the same deliveries.
    let mut transaction = shared.store.begin_bookkeeping().await?;
    let connection = &mut *transaction;
    let page = page(shared, connection, &progress).await?;
    let due = progress
        .due_ms
        .map_or(Due::Now, |ms| Due::At(webhooks_store::from_ms(ms)));
    let known = known(shared, connection, message, &page).await?;
    let new = page
        .iter()
        .filter(|subscription| !known.contains(&DeliveryId::of(message, **subscription)));
    let mut jobs: Vec<_> = new
        .map(|&subscription| self::job(message, subscription, due))
        .collect();
    jobs.extend(
        next(&progress, &page)
            .map(|next| {
                shared
                    .random()
                    .map(|unique| page_job(message, unique, &next))
            })
            .transpose()?,
    );
    shared.store.enqueue_in(connection, jobs).await?;
    let outcome = Outcome {
        lease: job.lease(),
        verdict: Verdict::Forget,
    };
    let settled = shared.store.settle_in(connection, &[outcome]).await?;
    if !settled.iter().all(|settled| settled.is_applied()) {
        // Somebody else has the page now.
        transaction
            .rollback()
            .await
            .map_err(webhooks_store::Error::from)?;
        return Ok(0);
    }
    transaction
        .commit()
        .await
        .map_err(webhooks_store::Error::from)?;
    shared.store.wake().now();
    Ok(page.len())
}

async fn page<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    progress: &Progress,
) -> Result<Vec<Id>, Error> {
    let patterns = patterns_of(&progress.event);
    let Some(pattern) = patterns.get(progress.pattern) else {
        return Ok(Vec::new());
    };
    let after = progress.after.clone();
    let rows = if progress.owner.is_empty() {
        let parameters = Parameters::new()
            .text(pattern)
            .bytes(after)
            .int(PAGE.into());
        shared
            .sql
            .fan_out_everyone
            .fetch(connection, parameters)
            .await?
    } else {
        let parameters = Parameters::new()
            .text(&progress.owner)
            .text(pattern)
            .bytes(after)
            .int(PAGE.into());
        shared
            .sql
            .fan_out_owner
            .fetch(connection, parameters)
            .await?
    };
    rows.iter().map(|row| key(&row.bytes(0)?)).collect()
}

/// The deliveries of a page that were made already, because the subscription had another pattern a moment ago.
async fn known<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    message: Id,
    page: &[Id],
) -> Result<HashSet<Id>, Error> {
    if page.is_empty() {
        return Ok(HashSet::new());
    }
    let ids = page
        .iter()
        .map(|&subscription| *DeliveryId::of(message, subscription).as_bytes());
    let rows = shared
        .sql
        .known_deliveries
        .fetch(connection, Parameters::new().blobs(ids))
        .await?;
    rows.iter().map(|row| key(&row.bytes(0)?)).collect()
}

/// What comes behind a page: the rest of the pattern, or the next pattern, or nothing.
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

fn job(message: Id, subscription: Id, due: Due) -> NewJob {
    let job = NewJob::new(
        DELIVERIES,
        DeliveryId::of(message, subscription),
        subscription,
    );
    job.reference(message).due(due)
}

fn page_job(message: Id, unique: [u8; 10], progress: &Progress) -> NewJob {
    let mut id = *message.as_bytes();
    id[6..].copy_from_slice(&unique);
    let data = serde_json::to_vec(progress).expect("texts and numbers are always JSON");
    NewJob::new(FAN_OUTS, Id::from_bytes(id), message)
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

    #[cfg(feature = "sqlite")]
    #[tokio::test]
    async fn a_subscription_whose_patterns_change_meanwhile_gets_the_message_once() {
        use webhooks_core::{Descriptor, Message, Webhooks};
        use webhooks_store::Claimer;

        use crate::{Sender, Subscription, TestTransport};

        static CREATED: Descriptor = Descriptor::post("payment.created").payload::<u32>();
        let webhooks = Webhooks::new().with(&CREATED).build().expect("a catalogue");
        for is_delivered_first in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let transport = std::sync::Arc::new(TestTransport::default());
            let sender = Sender::open(folder.path().join("w.db")).webhooks(webhooks.clone());
            let sender = sender
                .transport(transport.clone())
                .without_engine()
                .fan_out_inline(0);
            let sender = sender.start().await.expect("a sender");
            let wanted =
                |pattern: &str| Subscription::new("acct_1", "https://example.com/").event(pattern);
            let id = sender
                .subscribe(wanted("*"))
                .await
                .expect("a subscription")
                .id;
            sender
                .send("acct_1", Message::untyped(&CREATED, &1))
                .await
                .expect("sent");
            let mut pages = Claimer::new(&sender.shared.store, FAN_OUTS);
            let first = pages.claim(1).await.expect("claimed").jobs.remove(0);
            assert_eq!(fan_out_page(&sender.shared, &first).await.expect("made"), 1);
            if is_delivered_first {
                let next = pages.claim(1).await.expect("claimed").jobs.remove(0);
                assert_eq!(sender.deliver().await.expect("delivered"), 1);
                sender
                    .change(&id, wanted("payment.*"))
                    .await
                    .expect("changed");
                fan_out_page(&sender.shared, &next).await.expect("made");
            } else {
                sender
                    .change(&id, wanted("payment.*"))
                    .await
                    .expect("changed");
            }
            sender.deliver().await.expect("delivered");
            assert_eq!(
                transport.requests().len(),
                1,
                "delivered first: {is_delivered_first}"
            );
            assert_eq!(
                sender
                    .finished(&id, None, 10)
                    .await
                    .expect("a page")
                    .items
                    .len(),
                1
            );
        }
    }

    #[test]
    fn a_fan_out_goes_through_every_pattern_and_ends() {
        let start = Progress {
            owner: String::new(),
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
