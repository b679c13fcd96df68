//! Querying deliveries: of a message, of a subscription, or of whatever a filter lets through.

use std::time::SystemTime;

use webhooks_store::{Database, Hold, Id, JobRecord, State};

use super::Reach;
use super::having::Common;
use super::walk::{BATCH_SIZE, LIST, Walk};
use crate::error::Error;
use crate::model::{
    Cursor, DeliveryCursor, DeliveryFilter, DeliveryId, DeliveryState, MessageId, Page,
    PageRequest, Scope, StoredDelivery, SubscriptionFilter, SubscriptionId,
};
use crate::tables::{id, is_delivery, owner_hash};

/// The messages whose deliveries are looked through for one page.
const MESSAGES: u32 = 200;
/// The fewest messages whose deliveries are read together.
const TOGETHER: u32 = 20;

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn delivery(&self, id: &DeliveryId) -> Result<StoredDelivery, Error> {
        let tables = &self.context.tables;
        if let Scope::Owner(owner) = self.scope()? {
            let mut connection = tables.connection().await?;
            let mut tx = tables.on(&mut connection);
            if !tx.is_delivery_of(owner, id.key()).await? {
                return Err(Error::NotFound);
            }
        }
        let job = tables.store.job(id.key()).await?;
        let mut found = self.described(job.into_iter().collect()).await?;
        found.pop().ok_or(Error::NotFound)
    }

    /// Finds out whether a delivery is reached, before it is changed; whose it is.
    pub(super) async fn own_delivery(&self, id: &DeliveryId) -> Result<String, Error> {
        Ok(self.delivery(id).await?.owner.unwrap_or_default())
    }

    pub(crate) async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<StoredDelivery>, Error> {
        if let Some(common) = Common::of(filter)
            && let Some(page) = self.having(common, filter, page).await?
        {
            return Ok(page);
        }
        let cursor = page.position::<DeliveryCursor>(LIST)?;
        let mut before = cursor.as_ref().map(|cursor| cursor.message.clone());
        let mut walk = Walk::new(filter, page.limit());
        // A message that is not done comes first, behind its last delivery.
        if let Some((message, Some(after))) = cursor.map(|cursor| (cursor.message, cursor.delivery))
        {
            self.walk_through(&mut walk, &message, Some(after)).await?;
        }
        let together = page.limit().clamp(TOGETHER, MESSAGES);
        let mut looked_through = 0;
        let next = loop {
            if walk.end.is_some() {
                break None;
            }
            let (messages, next) = self.messages_of(filter, before.as_ref(), together).await?;
            looked_through += together;
            self.walk_over(&mut walk, &messages).await?;
            if messages.len() < together as usize || looked_through >= MESSAGES {
                break next;
            }
            before = next;
        };
        let next = next.map(|message| DeliveryCursor {
            message,
            delivery: None,
        });
        let position = walk.end.or(next);
        Ok(Page {
            items: walk.items,
            next: position.map(|position| Cursor::new(LIST, position)),
        })
    }

    /// The messages whose deliveries are looked through, each with whether everyone gets it, and where the next ones begin.
    async fn messages_of(
        &self,
        filter: &DeliveryFilter,
        before: Option<&MessageId>,
        limit: u32,
    ) -> Result<(Vec<(MessageId, bool)>, Option<MessageId>), Error> {
        if let Some(message) = &filter.message {
            // Whether everyone gets it is not known; one message is walked through anyway.
            let first = before.is_none().then(|| (message.clone(), true));
            return Ok((first.into_iter().collect(), None));
        }
        let (found, next) = self.found(&filter.messages, before, limit).await?;
        let found = found.into_iter();
        let messages = found.map(|one| (one.id, one.owner.is_everyone()));
        Ok((messages.collect(), next))
    }

    /// The deliveries of a message in the order of their ids, and whether they are the last. Of a broadcast, an owner
    /// has those to its own subscriptions, which are found by these: there may be very many others.
    pub(super) async fn jobs_of(
        &self,
        message: &MessageId,
        after: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<(Vec<JobRecord>, bool), Error> {
        let tables = &self.context.tables;
        let after = after.map(DeliveryId::key);
        let scope = self.scope()?;
        if scope != Scope::AllOwners {
            let mut connection = tables.connection().await?;
            let mut tx = tables.on(&mut connection);
            let mut found = tx.message_summaries(scope, [message.key()]).await?;
            drop(connection);
            // Before its deliveries are looked for: how many another owner's message has takes no time here.
            let Some(summary) = found.remove(&message.key()) else {
                return Ok((Vec::new(), true));
            };
            if summary.owner.is_everyone() {
                return self.jobs_of_broadcast(message, after).await;
            }
        }
        let jobs = tables
            .store
            .jobs_about(message.key(), self.owner_hash()?, after, limit)
            .await?;
        let is_last = jobs.len() < limit as usize;
        Ok((jobs, is_last))
    }

    async fn jobs_of_broadcast(
        &self,
        message: &MessageId,
        after: Option<Id>,
    ) -> Result<(Vec<JobRecord>, bool), Error> {
        let own = PageRequest::first(BATCH_SIZE);
        let own = self.subscriptions(&SubscriptionFilter::new(), &own).await?;
        let mut ids: Vec<Id> = own
            .items
            .iter()
            .map(|subscription| DeliveryId::of(message.key(), subscription.id.key()))
            .filter(|id| after.is_none_or(|after| *id > after))
            .collect();
        ids.sort_unstable();
        let mut jobs = Vec::new();
        for id in ids {
            jobs.extend(self.context.tables.store.job(id).await?);
        }
        Ok((jobs, true))
    }

    /// Whose deliveries are looked for; none where all are reached.
    pub(super) fn owner_hash(&self) -> Result<Option<i64>, Error> {
        Ok(self.scope()?.owner().map(owner_hash))
    }

    /// Of what waits, the database does not know whether it is being sent: the process that owns its lane does.
    fn state(&self, job: &JobRecord) -> DeliveryState {
        if job.state == State::Pending && self.context.delivering.under_way.contains(job.id) {
            return DeliveryState::Sending;
        }
        state(job.state)
    }

    /// Those of these jobs that are reached, with what is shown of their messages, subscriptions and last attempts: one
    /// statement each for all of them.
    pub(super) async fn described(
        &self,
        jobs: Vec<JobRecord>,
    ) -> Result<Vec<StoredDelivery>, Error> {
        let scope = self.scope()?;
        let jobs: Vec<_> = jobs
            .into_iter()
            .filter(|job| is_delivery(&job.queue))
            .collect();
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let mut messages: Vec<_> = jobs.iter().filter_map(|job| job.reference).collect();
        messages.sort_unstable();
        messages.dedup();
        let lanes = jobs.iter().map(|job| id(job.lane.as_bytes()));
        let mut subscriptions = lanes.collect::<Result<Vec<_>, _>>()?;
        subscriptions.sort_unstable();
        subscriptions.dedup();
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let messages = tx.message_summaries(scope, messages).await?;
        let subscriptions = tx.subscription_summaries(subscriptions).await?;
        let mut attempts = tx.last_attempts(jobs.iter().map(|job| job.id)).await?;
        let mut replays = tx.replays_of(jobs.iter().map(|job| job.id)).await?;
        let described = jobs.into_iter().map(|job| {
            let lane = id(job.lane.as_bytes())?;
            let message = job.reference.and_then(|id| messages.get(&id));
            let subscription = subscriptions.get(&lane);
            let addressee = message.and_then(|message| message.owner.name());
            let owner = subscription.map(|(owner, _)| owner.as_str()).or(addressee);
            let reference = job.reference.unwrap_or(Id::from_bytes([0; 16]));
            let id = message.map(|message| message.id.clone());
            Ok(StoredDelivery {
                id: DeliveryId::from_key(job.id),
                message: id.unwrap_or_else(|| MessageId::from_key(reference)),
                event: message.map(|message| message.event.clone()),
                subscription: SubscriptionId::from_key(lane),
                target: subscription.map(|(_, target)| target.clone()),
                owner: owner.map(str::to_owned),
                state: self.state(&job),
                attempts: job.attempts,
                last_attempt: attempts.remove(&job.id),
                due: due(&job),
                created: job.created_at,
                finished: job.finished_at,
                replay_of: message.and_then(|message| message.replay_of.clone()),
                job: replays.remove(&job.id).map(|(_, job)| job),
            })
        });
        let described: Vec<StoredDelivery> = described.collect::<Result<_, Error>>()?;
        let is_reached = |delivery: &StoredDelivery| match &delivery.owner {
            Some(owner) => scope.reaches(owner),
            None => scope == Scope::AllOwners,
        };
        Ok(described.into_iter().filter(is_reached).collect())
    }
}

/// When the next attempt is due. One that is in an order and was given up waits for a person.
fn due(job: &JobRecord) -> Option<SystemTime> {
    match (job.state, job.held_until) {
        (State::Pending, Some(Hold::Until(time))) => Some(time.max(job.due_at)),
        (State::Pending, None) => Some(job.due_at),
        _ => None,
    }
}

fn state(state: State) -> DeliveryState {
    match state {
        State::Pending => DeliveryState::Pending,
        State::Done => DeliveryState::Delivered,
        State::Failed => DeliveryState::Failed,
        State::Cancelled => DeliveryState::Cancelled,
    }
}
