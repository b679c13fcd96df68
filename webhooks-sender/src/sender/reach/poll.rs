//! Fetching messages instead of being sent them: what waits in the lane of a subscription that no engine works on.
//!
//! Nothing is written when messages are given out: where the customer stands is what it has acknowledged, so a crash on
//! either side loses nothing and keeps the order. A wait is woken by what is sent in this process, and on PostgreSQL in any;
//! no connection is held meanwhile.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use webhooks_store::lanes::{Entry, Rows};
use webhooks_store::{Attempt, Database, Outcome, Verdict};

use super::Reach;
use super::rebuild::request;
use crate::dialect::Recipient;
use crate::error::{Error, StateError};
use crate::model::{
    AttemptId, DeliveryId, Poll, PollAnswer, PolledHeader, PolledMessage, PolledRequest,
    SubscriptionId,
};
use crate::tables::{ContentInBudget, DeliveryLane, MessageContent, POLLED, SubscriptionRow, Tx};

/// Bytes of bodies in one answer; the first body in any case.
const BUDGET: usize = 4 * 1024 * 1024;
/// A wait looks at least so often, for messages that another process has sent without a word.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// And at most so often: what is sent to others wakes it too.
const SPACING: Duration = Duration::from_millis(100);
/// How often what cannot be given is cleared away for one answer.
const MAX_CLEARED: u32 = 20;
/// The status of the attempt that an acknowledgement is recorded as.
const ACKNOWLEDGED: u16 = 200;

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn poll(&self, id: &SubscriptionId, poll: &Poll) -> Result<PollAnswer, Error> {
        if let Some((member, problem)) = poll.problem() {
            return Err(Error::Subscription(format!("`{member}`: {problem}")));
        }
        // Before the first look, so that nothing falls between.
        let mut wakeups = self.context.tables.store.wake().wakeups(POLLED);
        self.acknowledge(id, &poll.acknowledge).await?;
        let first = self.fetch(id, poll).await?;
        if !first.messages.is_empty() || poll.wait.is_zero() {
            return Ok(first);
        }
        let waiting = async {
            loop {
                wakeups.wait(LOOK_EVERY).await;
                let next = self.fetch(id, poll).await?;
                if !next.messages.is_empty() || self.context.publishing.is_shut_down() {
                    return Ok(next);
                }
                tokio::time::sleep(SPACING).await;
            }
        };
        let waited = tokio::time::timeout(poll.wait, waiting).await;
        waited.unwrap_or_else(|_| Ok(PollAnswer::default()))
    }

    /// Ends what waits and is named, as delivered. What was acknowledged already, was made again since, or belongs to
    /// another subscription is passed over: a row of an attempt is written for what ends here and for nothing else.
    async fn acknowledge(&self, id: &SubscriptionId, receipts: &[AttemptId]) -> Result<(), Error> {
        if receipts.is_empty() {
            return Ok(());
        }
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let lane = self.polled_lane(&mut tx, id).await?.0;
        let named: HashSet<_> = receipts
            .iter()
            .map(|receipt| (receipt.delivery().key(), receipt.generation()))
            .collect();
        let ids: HashSet<_> = named.iter().map(|(id, _)| *id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let (held, now, name) = (tx.hold(lane, &ids).await?, tx.now(), lane.name());
        let is_meant = |entry: &&Entry| {
            entry.lane == name && named.contains(&(entry.id(), entry.version.generation))
        };
        let outcomes: Vec<Outcome> = held
            .iter()
            .filter(is_meant)
            .map(|entry| {
                let made = Attempt::new(now, Duration::ZERO).status(ACKNOWLEDGED);
                entry.tried(Verdict::Done, made)
            })
            .collect();
        tx.record(&outcomes.iter().collect::<Vec<_>>()).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The oldest messages that wait. What can be given to no one any more is called off first.
    async fn fetch(&self, id: &SubscriptionId, poll: &Poll) -> Result<PollAnswer, Error> {
        let mut limit = poll.limit;
        for _ in 0..MAX_CLEARED {
            let tables = &self.context.tables;
            let mut connection = tables.connection().await?;
            let mut tx = tables.on(&mut connection);
            let (lane, row) = self.polled_lane(&mut tx, id).await?;
            if !row.subscription.state.is_active() {
                return Err(StateError::SwitchedOff.into());
            }
            let waiting = tx.due(lane, limit).await?;
            let messages = messages(&mut tx, &waiting).await?;
            drop(connection);
            let found = self.given(&row, poll, &waiting, messages)?;
            if found.called_off.is_empty() {
                if !found.polled.messages.is_empty() || waiting.entries.len() < 2 {
                    return Ok(found.polled);
                }
                // The first is so large that another one took its room: it comes alone.
                limit = 1;
                continue;
            }
            let mut transaction = tables.begin().await?;
            let mut tx = tables.on(&mut transaction);
            tx.record(&found.called_off.iter().collect::<Vec<_>>())
                .await?;
            transaction.commit().await?;
            // There may be much more of it, whatever the customer asked for.
            limit = Poll::MAX_LIMIT;
        }
        Ok(PollAnswer::default())
    }

    /// The lane of a subscription that is fetched.
    async fn polled_lane(
        &self,
        tx: &mut Tx<'_, D>,
        id: &SubscriptionId,
    ) -> Result<(DeliveryLane, SubscriptionRow), Error> {
        let row = tx.subscription(self.scope()?, id).await?;
        if !id.is_polled() {
            return Err(StateError::NotPolled.into());
        }
        let lane = DeliveryLane::new(id.key(), &row.subscription.owner);
        Ok((lane, row))
    }

    /// What is given, up to the first body that is too much for this answer, and what is called off.
    fn given(
        &self,
        row: &SubscriptionRow,
        poll: &Poll,
        waiting: &Rows,
        mut messages: HashMap<webhooks_store::Id, Result<ContentInBudget, Error>>,
    ) -> Result<PollPage, Error> {
        let context = self.context;
        let (stored, now) = (&row.subscription, context.now());
        let recipient = if poll.signed {
            let secrets = row.secrets(&context.tables.vault)?;
            let (target, settings) = (&stored.target, &stored.settings);
            let recipients = &context.recipients;
            Some(recipients.recipient(target, settings, &secrets, now)?)
        } else {
            None
        };
        let (owner, mut found) = (Some(stored.owner.as_str()), PollPage::default());
        for entry in &waiting.entries {
            let given = found.polled.messages.len();
            let message = entry.content.reference.and_then(|id| messages.remove(&id));
            let message = match message {
                _ if given >= poll.limit as usize => break,
                Some(Err(_)) if given > 0 => break,
                message => message.transpose()?,
            };
            let message = match &message {
                Some(ContentInBudget::Large) => break,
                Some(ContentInBudget::Content(message)) => Some(message),
                None => None,
            };
            let valid = message.filter(|message| !message.is_expired(now));
            let body = valid.and_then(|message| Some((message, message.body.as_ref()?)));
            let Some((message, body)) = body else {
                found.called_off.push(entry.outcome(Verdict::Cancelled));
                continue;
            };
            if !context.publishing.may_see(owner, &message.event)? {
                found.called_off.push(entry.outcome(Verdict::Cancelled));
                continue;
            }
            let number = entry.attempts.saturating_add(1);
            let delivery = DeliveryId::from_key(entry.id());
            let recipient = recipient.as_ref();
            let request = recipient.map(|recipient| polled_request(recipient, message, body, now));
            found.polled.messages.push(PolledMessage {
                receipt: AttemptId::new(delivery, entry.version.generation, number),
                id: message.id.clone(),
                event: message.event.clone(),
                created: message.id.time(),
                body: body.clone(),
                request: request.transpose()?,
            });
        }
        Ok(found)
    }
}

#[derive(Default)]
struct PollPage {
    polled: PollAnswer,
    called_off: Vec<Outcome>,
}

/// The messages of what waits, within the budget. One that this process cannot read keeps those behind it back: order is
/// kept, and a newer process reads it.
async fn messages<D: Database>(
    tx: &mut Tx<'_, D>,
    waiting: &Rows,
) -> Result<HashMap<webhooks_store::Id, Result<ContentInBudget, Error>>, Error> {
    let references = waiting.entries.iter();
    let references: Vec<_> = references
        .filter_map(|entry| entry.content.reference)
        .collect();
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx.messages_within(references, BUDGET).await?;
    Ok(rows.into_iter().collect())
}

/// The request that would have been made.
fn polled_request(
    recipient: &Recipient,
    message: &MessageContent,
    body: &[u8],
    now: SystemTime,
) -> Result<PolledRequest, Error> {
    let request = request(recipient, message, &Bytes::copy_from_slice(body), now)?;
    let headers = request.headers().iter().map(|(name, value)| PolledHeader {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    });
    Ok(PolledRequest {
        method: request.method().to_string(),
        query: request.uri().query().map(str::to_owned),
        headers: headers.collect(),
    })
}
