//! Looking: subscriptions, messages, deliveries and attempts, page by page, each page with the cursor of the next.

use std::time::SystemTime;

use webhooks_store::{Counts, Database, Id, JobRecord, Lane, Parameters, State, from_ms, to_ms};

use crate::error::Error;
use crate::model::{
    Attempt, DeliveryId, MessageId, Page, StoredDelivery, StoredMessage, StoredSubscription, SubscriptionId,
};
use crate::publish::{DELIVERIES, message_id};
use crate::sender::Sender;
use crate::shared::{Shared, key};
use crate::state::DeliveryState;
use crate::subscriptions;

/// The most items of a page.
const MOST: u32 = 1000;

/// # Looking
impl<D: Database> Sender<D> {
    /// Subscriptions in the order in which they were made: all, or one owner's.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn subscriptions(
        &self,
        owner: Option<&str>,
        after: Option<&SubscriptionId>,
        limit: u32,
    ) -> Result<Page<StoredSubscription, SubscriptionId>, Error> {
        let limit = limit.clamp(1, MOST);
        let mut connection = self.shared.store.connection().await?;
        let rows = subscriptions::page(&self.shared, &mut connection, owner, after, limit).await?;
        let items: Vec<_> = rows.into_iter().map(|row| row.subscription).collect();
        Ok(Page::new(items, limit, |last| last.id.clone()))
    }

    /// Messages, newest first: all, or one owner's. An empty owner gives the broadcasts.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn messages(
        &self,
        owner: Option<&str>,
        before: Option<&MessageId>,
        limit: u32,
    ) -> Result<Page<StoredMessage, MessageId>, Error> {
        let limit = limit.clamp(1, MOST);
        let before = before.map_or([0xff; 16], |id| *id.key().as_bytes());
        let mut connection = self.shared.store.connection().await?;
        let sql = &self.shared.sql;
        let rows = if let Some(owner) = owner {
            let parameters = Parameters::new().text(owner).bytes(before).int(limit.into());
            sql.page_messages_of.fetch(&mut connection, parameters).await?
        } else {
            let parameters = Parameters::new().bytes(before).int(limit.into());
            sql.page_messages.fetch(&mut connection, parameters).await?
        };
        let items = rows.iter().map(message).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(items, limit, |last| last.id.clone()))
    }

    /// A message.
    ///
    /// # Errors
    ///
    /// When there is no such message (any more), or nobody wanted it when it was sent.
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        let mut connection = self.shared.store.connection().await?;
        let parameters = Parameters::new().blobs([*id.key().as_bytes()]);
        let row = self.shared.sql.messages_by_id.first(&mut connection, parameters).await?;
        message(&row.ok_or(Error::NotFound)?)
    }

    /// The deliveries of a message.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn deliveries(
        &self,
        message: &MessageId,
        after: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<Page<StoredDelivery, DeliveryId>, Error> {
        let limit = limit.clamp(1, MOST);
        let after = after.map(DeliveryId::key);
        let jobs = self.shared.store.jobs_about(message.key(), after, limit).await?;
        let full = jobs.len() >= limit as usize;
        let last = jobs.last().map(|job| job.id);
        let items = deliveries(&self.shared, jobs).await?;
        Ok(Page { items, next: last.filter(|_| full).map(DeliveryId::from_key) })
    }

    /// A delivery.
    ///
    /// # Errors
    ///
    /// When there is no such delivery.
    pub async fn delivery(&self, id: &DeliveryId) -> Result<StoredDelivery, Error> {
        let job = self.shared.store.job(id.key()).await?;
        deliveries(&self.shared, job.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
    }

    /// What waits for a subscription, what is due first coming first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn waiting(&self, id: &SubscriptionId, limit: u32) -> Result<Vec<StoredDelivery>, Error> {
        let lane = Lane::from(id.key());
        let jobs = self.shared.store.unfinished(DELIVERIES, &lane, limit.clamp(1, MOST)).await?;
        deliveries(&self.shared, jobs).await
    }

    /// What has ended for a subscription, newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn finished(
        &self,
        id: &SubscriptionId,
        before: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<Page<StoredDelivery, DeliveryId>, Error> {
        let limit = limit.clamp(1, MOST);
        let lane = Lane::from(id.key());
        let jobs = self.shared.store.finished(DELIVERIES, &lane, before.map(DeliveryId::key), limit).await?;
        let items = deliveries(&self.shared, jobs).await?;
        Ok(Page::new(items, limit, |last| last.id.clone()))
    }

    /// The attempts of a delivery, first to last.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attempts(&self, delivery: &DeliveryId) -> Result<Vec<Attempt>, Error> {
        let mut connection = self.shared.store.connection().await?;
        let parameters = Parameters::new().bytes(*delivery.key().as_bytes());
        let rows = self.shared.sql.attempts_of.fetch(&mut connection, parameters).await?;
        rows.iter().map(attempt).collect()
    }

    /// What a subscription saw, newest first, before a time. The next page begins before the time of the last item.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attempts_to(
        &self,
        id: &SubscriptionId,
        before: SystemTime,
        limit: u32,
    ) -> Result<Vec<Attempt>, Error> {
        let mut connection = self.shared.store.connection().await?;
        let limit = limit.clamp(1, MOST).into();
        let parameters = Parameters::new().bytes(*id.key().as_bytes()).int(to_ms(before)).int(limit);
        let rows = self.shared.sql.page_attempts.fetch(&mut connection, parameters).await?;
        rows.iter().map(attempt).collect()
    }

    /// How the queue of deliveries stands: for a health check.
    ///
    /// # Errors
    ///
    /// When the database fails, which is what a health check wants to know.
    pub async fn health(&self) -> Result<Counts, Error> {
        Ok(self.shared.store.counts(DELIVERIES).await?)
    }
}

async fn deliveries<D: Database>(
    shared: &Shared<D>,
    jobs: Vec<JobRecord>,
) -> Result<Vec<StoredDelivery>, Error> {
    let jobs: Vec<_> = jobs.into_iter().filter(|job| job.queue == DELIVERIES).collect();
    let ids = jobs.iter().filter_map(|job| job.reference).map(|id| *id.as_bytes());
    let mut connection = shared.store.connection().await?;
    let rows = shared.sql.messages_by_id.fetch(&mut connection, Parameters::new().blobs(ids)).await?;
    let messages = rows.iter().map(message).collect::<Result<Vec<_>, _>>()?;
    jobs.iter().map(|job| delivery(job, &messages)).collect()
}

fn delivery(job: &JobRecord, messages: &[StoredMessage]) -> Result<StoredDelivery, Error> {
    let message = job.reference.unwrap_or(Id::from_bytes([0; 16]));
    let known = messages.iter().find(|known| known.id.key() == message);
    Ok(StoredDelivery {
        id: DeliveryId::from_key(job.id),
        message: known.map_or_else(|| MessageId::from_key(message), |known| known.id.clone()),
        subscription: SubscriptionId::from_key(key(job.lane.as_bytes())?),
        state: match job.state {
            State::Pending => DeliveryState::Pending,
            State::Running => DeliveryState::Sending,
            State::Done => DeliveryState::Delivered,
            State::Failed => DeliveryState::Failed,
            State::Cancelled => DeliveryState::Cancelled,
        },
        attempts: job.attempts,
        due: (job.state == State::Pending).then_some(job.due_at),
        created: job.created_at,
        finished: job.finished_at,
    })
}

fn message<D: Database>(row: &webhooks_store::Row<D>) -> Result<StoredMessage, Error> {
    let (stored, event, owner) = (row.bytes(0)?, row.text(1)?, row.text(2)?);
    let labels = row.maybe_text(8)?.and_then(|labels| serde_json::from_str(&labels).ok());
    Ok(StoredMessage {
        id: message_id(&stored, &event, row.int(3)? == 1)?,
        event,
        owner: (!owner.is_empty()).then_some(owner),
        body: row.maybe_bytes(5)?,
        created: from_ms(row.int(6)?),
        expires: row.maybe_int(7)?.map(from_ms),
        labels: labels.unwrap_or_default(),
    })
}

fn attempt<D: Database>(row: &webhooks_store::Row<D>) -> Result<Attempt, Error> {
    Ok(Attempt {
        delivery: DeliveryId::from_key(key(&row.bytes(0)?)?),
        subscription: SubscriptionId::from_key(key(&row.bytes(3)?)?),
        number: u32::try_from(row.int(4)?).unwrap_or(u32::MAX),
        at: from_ms(row.int(5)?),
        duration: std::time::Duration::from_millis(row.int(6)?.unsigned_abs()),
        status: row.maybe_int(7)?.and_then(|status| u16::try_from(status).ok()),
        error: row.maybe_text(8)?,
        response: row.maybe_bytes(9)?,
    })
}
