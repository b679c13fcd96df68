//! Reading deliveries for one page, on one connection: which of the rows that were read are reached and let through, and what
//! is shown of those of the page. Nothing is read of a message or a subscription before it is needed, and nothing twice.

use std::collections::HashMap;
use std::time::SystemTime;

use webhooks_store::{Database, Hold, Id, JobRecord, State};

use super::Reach;
use crate::error::Error;
use crate::model::{
    DeliveryFilter, DeliveryId, DeliveryState, JobId, LastAttempt, MessageId, Scope,
    StoredDelivery, SubscriptionId,
};
use crate::tables::{MessageSummary, Tx, id, is_delivery, last_of_ended};

/// What a list of deliveries shows of a subscription.
struct Addressee {
    owner: String,
    target: String,
}

/// One page while it is read.
pub(super) struct Reader<'r, D: Database> {
    pub(super) reach: &'r Reach<'r, D>,
    pub(super) scope: Scope<'r>,
    pub(super) tx: Tx<'r, D>,
    /// What is known of them: also that they do not exist.
    messages: HashMap<Id, Option<MessageSummary>>,
    subscriptions: HashMap<Id, Option<Addressee>>,
}

impl<D: Database> Reach<'_, D> {
    pub(super) fn reader<'r>(
        &'r self,
        connection: &'r mut D::Connection,
    ) -> Result<Reader<'r, D>, Error> {
        Ok(Reader {
            reach: self,
            scope: self.scope()?,
            tx: self.context.tables.on(connection),
            messages: HashMap::new(),
            subscriptions: HashMap::new(),
        })
    }
}

impl<D: Database> Reader<'_, D> {
    /// The deliveries among these jobs that are reached, each with whether the filter lets it through, as far as it asks for
    /// what can be seen at a delivery.
    pub(super) async fn sifted(
        &mut self,
        filter: &DeliveryFilter,
        mut jobs: Vec<JobRecord>,
    ) -> Result<Vec<(JobRecord, bool)>, Error> {
        jobs.retain(|job| is_delivery(&job.queue));
        // What was answered rules most of them out, by their own rows: whose those are is not asked for.
        let is_ruled_out = |job: &JobRecord| {
            let last = job.last_attempt.as_ref();
            filter.asks_for_answers() && last.is_some_and(|last| !filter.wants_answer(last.status))
        };
        if self.scope != Scope::AllOwners {
            let possible: Vec<_> = jobs.iter().filter(|job| !is_ruled_out(job)).collect();
            self.learn_owners(&possible).await?;
            jobs.retain(|job| {
                let owner = self.owner_of(job);
                is_ruled_out(job) || owner.is_some_and(|own| self.scope.reaches(own))
            });
        }
        let answers = if filter.asks_for_answers() {
            self.unended_attempts(&jobs).await?
        } else {
            HashMap::new()
        };
        let sifted = jobs.into_iter().map(|job| {
            let lane = id(job.lane.as_bytes())?;
            let ended = job.last_attempt.as_ref().map(|last| last.status);
            let status = ended.or_else(|| answers.get(&job.id).map(|last| last.status));
            let is_answered = !filter.asks_for_answers()
                || status.is_some_and(|status| filter.wants_answer(status));
            let is_wanted = is_answered && filter.matches(lane, self.state(&job));
            Ok((job, is_wanted))
        });
        sifted.collect()
    }

    /// Those of these jobs whose messages' events are asked for and may be seen.
    pub(super) async fn with_visible_events(
        &mut self,
        filter: &DeliveryFilter,
        jobs: Vec<(JobRecord, bool)>,
    ) -> Result<Vec<(JobRecord, bool)>, Error> {
        if self.scope == Scope::AllOwners && !filter.messages.looks_inside() {
            return Ok(jobs);
        }
        let wanted = jobs.iter().filter(|(_, is_wanted)| *is_wanted);
        let messages: Vec<Id> = wanted.filter_map(|(job, _)| job.reference).collect();
        self.learn_messages(messages).await?;
        let shown = jobs.into_iter().map(|(job, is_wanted)| {
            let is_shown = is_wanted && self.shows_event(filter, &job)?;
            Ok((job, is_shown))
        });
        shown.collect()
    }

    fn shows_event(&self, filter: &DeliveryFilter, job: &JobRecord) -> Result<bool, Error> {
        let Some(message) = self.message_of(job) else {
            return Ok(!filter.messages.looks_inside());
        };
        let event = &message.event;
        Ok(filter.messages.matches(event, None) && self.reach.may_see(self.scope, event)?)
    }

    /// What is shown of these, in a few statements for all of them.
    pub(super) async fn described(
        &mut self,
        jobs: Vec<JobRecord>,
    ) -> Result<Vec<StoredDelivery>, Error> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let messages: Vec<Id> = jobs.iter().filter_map(|job| job.reference).collect();
        self.learn_messages(messages).await?;
        self.learn_subscriptions(jobs.iter()).await?;
        let mut attempts = self.unended_attempts(&jobs).await?;
        let replays = self.tx.replays_of(jobs.iter().map(|job| job.id)).await?;
        let mut replays = last_of_each(replays);
        let described = jobs.into_iter().map(|job| {
            let attempt = last_of_ended(&job).or_else(|| attempts.remove(&job.id));
            let replay = replays.remove(&job.id).map(|(_, job)| job);
            self.one_described(&job, attempt, replay)
        });
        described.collect()
    }

    fn one_described(
        &self,
        job: &JobRecord,
        last_attempt: Option<LastAttempt>,
        replay: Option<JobId>,
    ) -> Result<StoredDelivery, Error> {
        let subscription = id(job.lane.as_bytes())?;
        let message = self.message_of(job);
        let addressee = self.subscriptions.get(&subscription);
        let addressee = addressee.and_then(Option::as_ref);
        Ok(StoredDelivery {
            id: DeliveryId::from_key(job.id),
            message: message.map_or_else(|| message_id(job), |message| message.id.clone()),
            event: message.map(|message| message.event.clone()),
            subscription: SubscriptionId::from_key(subscription),
            target: addressee.map(|addressee| addressee.target.clone()),
            owner: self.owner_of(job).map(str::to_owned),
            state: self.state(job),
            attempts: job.attempts,
            last_attempt,
            due: due(job),
            created: job.created_at,
            finished: job.finished_at,
            replay_of: message.and_then(|message| message.replay_of.clone()),
            job: replay,
        })
    }

    /// Of what waits, the database does not know whether it is being sent: the process that owns its lane does.
    fn state(&self, job: &JobRecord) -> DeliveryState {
        let under_way = &self.reach.context.delivering.under_way;
        match job.state {
            State::Pending if under_way.contains(job.id) => DeliveryState::Sending,
            State::Pending => DeliveryState::Pending,
            State::Done => DeliveryState::Delivered,
            State::Failed => DeliveryState::Failed,
            State::Cancelled => DeliveryState::Cancelled,
        }
    }

    /// The last attempts of those whose row does not have it: what waits, and what was cancelled.
    async fn unended_attempts(
        &mut self,
        jobs: &[JobRecord],
    ) -> Result<HashMap<Id, LastAttempt>, Error> {
        let without = jobs.iter().filter(|job| job.last_attempt.is_none());
        self.tx.last_attempts(without.map(|job| job.id)).await
    }

    fn message_of(&self, job: &JobRecord) -> Option<&MessageSummary> {
        self.messages.get(&job.reference?)?.as_ref()
    }

    /// The owner of its subscription, or the one whom its message was sent to where that was removed; as far as it is known.
    fn owner_of(&self, job: &JobRecord) -> Option<&str> {
        let lane = id(job.lane.as_bytes()).ok()?;
        let addressee = self.subscriptions.get(&lane)?.as_ref();
        addressee
            .map(|addressee| addressee.owner.as_str())
            .or_else(|| self.message_of(job)?.owner.name())
    }

    async fn learn_owners(&mut self, jobs: &[&JobRecord]) -> Result<(), Error> {
        self.learn_subscriptions(jobs.iter().copied()).await?;
        let orphans = jobs.iter().filter(|job| self.owner_of(job).is_none());
        let messages: Vec<Id> = orphans.filter_map(|job| job.reference).collect();
        self.learn_messages(messages).await
    }

    /// Whether a message is one to everyone, if it is reached.
    pub(super) async fn is_broadcast(&mut self, message: Id) -> Result<Option<bool>, Error> {
        self.learn_messages(vec![message]).await?;
        let known = self.messages.get(&message).and_then(Option::as_ref);
        Ok(known.map(|message| message.owner.is_everyone()))
    }

    /// Remembers a message that was read with all that is shown of it.
    pub(super) fn remember(&mut self, message: MessageSummary) {
        self.messages.insert(message.id.key(), Some(message));
    }

    async fn learn_messages(&mut self, mut ids: Vec<Id>) -> Result<(), Error> {
        ids.retain(|id| !self.messages.contains_key(id));
        ids.sort_unstable();
        ids.dedup();
        let mut found = self
            .tx
            .message_summaries(self.scope, ids.iter().copied())
            .await?;
        let known = ids.into_iter().map(|id| (id, found.remove(&id)));
        self.messages.extend(known);
        Ok(())
    }

    /// Whose a subscription is, if it exists and is reached.
    pub(super) async fn owner_of_subscription(&mut self, id: Id) -> Result<Option<String>, Error> {
        self.learn_addressees(vec![id]).await?;
        let addressee = self.subscriptions.get(&id).and_then(Option::as_ref);
        let owner = addressee.map(|addressee| &addressee.owner);
        Ok(owner.filter(|owner| self.scope.reaches(owner)).cloned())
    }

    async fn learn_subscriptions(
        &mut self,
        jobs: impl Iterator<Item = &JobRecord>,
    ) -> Result<(), Error> {
        let lanes = jobs.map(|job| id(job.lane.as_bytes()));
        let ids = lanes.collect::<Result<Vec<_>, _>>()?;
        self.learn_addressees(ids).await
    }

    async fn learn_addressees(&mut self, mut ids: Vec<Id>) -> Result<(), Error> {
        ids.retain(|id| !self.subscriptions.contains_key(id));
        ids.sort_unstable();
        ids.dedup();
        let mut found = self.tx.subscription_summaries(ids.iter().copied()).await?;
        let known = ids.into_iter().map(|id| {
            let found = found.remove(&id);
            (id, found.map(|(owner, target)| Addressee { owner, target }))
        });
        self.subscriptions.extend(known);
        Ok(())
    }
}

/// The message of a delivery, of which nothing else may be known.
pub(super) fn message_id(job: &JobRecord) -> MessageId {
    MessageId::from_key(job.reference.unwrap_or(Id::from_bytes([0; 16])))
}

/// The job that had each delivery made again last.
fn last_of_each(replays: HashMap<(Id, i64), JobId>) -> HashMap<Id, (i64, JobId)> {
    let mut last: HashMap<Id, (i64, JobId)> = HashMap::new();
    for ((delivery, generation), job) in replays {
        let known = last.get(&delivery);
        if known.is_none_or(|(earlier, _)| *earlier < generation) {
            last.insert(delivery, (generation, job));
        }
    }
    last
}

/// When the next attempt is due. One that is in an order and was given up waits for a person.
fn due(job: &JobRecord) -> Option<SystemTime> {
    match (job.state, job.held_until) {
        (State::Pending, Some(Hold::Until(time))) => Some(time.max(job.due_at)),
        (State::Pending, None) => Some(job.due_at),
        _ => None,
    }
}
