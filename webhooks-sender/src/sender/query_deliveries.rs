//! Pages of deliveries: of a message, of a subscription, or of whatever a filter lets through.

use webhooks_store::{Database, Id, JobRecord, Lane, State};

use super::query_messages::{by_id, found};
use super::{MAX_EXAMINED, MAX_ITEMS, Sender};
use crate::error::Error;
use crate::model::{
    DeliveryCursor, DeliveryFilter, DeliveryId, DeliveryState, MessageId, Page, StoredDelivery,
    StoredMessage, SubscriptionId,
};
use crate::tables::{DELIVERIES, Tables, id};

/// The messages whose deliveries are looked through for one page.
const MESSAGES: u32 = 200;

/// # Querying deliveries
impl<D: Database> Sender<D> {
    /// A delivery.
    ///
    /// # Errors
    ///
    /// When there is no such delivery.
    pub async fn delivery(&self, id: &DeliveryId) -> Result<StoredDelivery, Error> {
        let job = self.context.tables.store.job(id.key()).await?;
        deliveries(&self.context.tables, job.into_iter().collect())
            .await?
            .pop()
            .ok_or(Error::NotFound)
    }

    /// The deliveries of a message, in the order of their ids, at most 1,000 a page. There are none before the engine
    /// has made them, when more subscriptions want the message than a send reaches by itself.
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
        let limit = limit.clamp(1, MAX_ITEMS);
        let after = after.map(DeliveryId::key);
        let jobs = self
            .context
            .tables
            .store
            .jobs_about(message.key(), after, limit)
            .await?;
        let full = jobs.len() >= limit as usize;
        let last = jobs.last().map(|job| job.id);
        let items = deliveries(&self.context.tables, jobs).await?;
        Ok(Page {
            items,
            next: last.filter(|_| full).map(DeliveryId::from_key),
        })
    }

    /// The deliveries that a filter lets through, at most 1,000 a page: message by message, the newest one first.
    ///
    /// For one subscription [`waiting`](Self::waiting) and [`finished`](Self::finished) are faster.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Sender, Subscription};
    /// use webhooks_sender::query::{DeliveryFilter, DeliveryState};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// # sender.subscribe(Subscription::new("acct_1", "https://example.com/hook").event("*")).await?;
    /// sender.send("acct_1", Message::untyped(&PING, &1)).await?;
    ///
    /// let pending = DeliveryFilter::of("acct_1").state(DeliveryState::Pending);
    /// assert_eq!(sender.find_deliveries(&pending, None, 50).await?.items.len(), 1);
    /// sender.deliver().await?;
    /// assert_eq!(sender.find_deliveries(&pending, None, 50).await?.items.len(), 0);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn find_deliveries(
        &self,
        filter: &DeliveryFilter,
        after: Option<&DeliveryCursor>,
        limit: u32,
    ) -> Result<Page<StoredDelivery, DeliveryCursor>, Error> {
        let limit = limit.clamp(1, MAX_ITEMS) as usize;
        // A message that is not done comes first, behind its last delivery.
        let begun =
            after.and_then(|after| Some((after.message.clone(), Some(after.delivery.clone()?))));
        let before = after.map(|after| after.message.key());
        let messages = found(&self.context.tables, &filter.messages, before, MESSAGES).await?;
        let next = messages.next.map(|message| DeliveryCursor {
            message,
            delivery: None,
        });
        let (mut items, mut examined) = (Vec::new(), 0);
        for (message, mut after) in begun
            .into_iter()
            .chain(messages.items.into_iter().map(|id| (id, None)))
        {
            loop {
                let page = self.deliveries(&message, after.as_ref(), MAX_ITEMS).await?;
                for delivery in page.items {
                    let id = delivery.id.clone();
                    examined += 1;
                    if filter.matches(&delivery) {
                        items.push(delivery);
                    }
                    if items.len() == limit || examined >= MAX_EXAMINED {
                        let cursor = DeliveryCursor {
                            message,
                            delivery: Some(id),
                        };
                        return Ok(Page {
                            items,
                            next: Some(cursor),
                        });
                    }
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(Page { items, next })
    }

    /// What waits for a subscription, what is due first coming first; at most 1,000.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn waiting(
        &self,
        id: &SubscriptionId,
        limit: u32,
    ) -> Result<Vec<StoredDelivery>, Error> {
        let lane = Lane::from(id.key());
        let jobs = self
            .context
            .tables
            .store
            .unfinished(DELIVERIES, &lane, limit.clamp(1, MAX_ITEMS))
            .await?;
        deliveries(&self.context.tables, jobs).await
    }

    /// What has ended for a subscription, newest message first, at most 1,000 a page.
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
        let limit = limit.clamp(1, MAX_ITEMS);
        let lane = Lane::from(id.key());
        let jobs = self
            .context
            .tables
            .store
            .finished(DELIVERIES, &lane, before.map(DeliveryId::key), limit)
            .await?;
        let items = deliveries(&self.context.tables, jobs).await?;
        Ok(Page::new(items, limit, |last| last.id.clone()))
    }
}

async fn deliveries<D: Database>(
    tables: &Tables<D>,
    jobs: Vec<JobRecord>,
) -> Result<Vec<StoredDelivery>, Error> {
    let jobs: Vec<_> = jobs
        .into_iter()
        .filter(|job| job.queue == DELIVERIES)
        .collect();
    let mut ids: Vec<_> = jobs.iter().filter_map(|job| job.reference).collect();
    ids.sort_unstable();
    ids.dedup();
    let messages = by_id(tables, &ids).await?;
    jobs.iter()
        .map(|job| stored_delivery(job, &messages))
        .collect()
}

fn stored_delivery(job: &JobRecord, messages: &[StoredMessage]) -> Result<StoredDelivery, Error> {
    let message = job.reference.unwrap_or(Id::from_bytes([0; 16]));
    let known = messages.iter().find(|known| known.id.key() == message);
    Ok(StoredDelivery {
        id: DeliveryId::from_key(job.id),
        message: known.map_or_else(|| MessageId::from_key(message), |known| known.id.clone()),
        subscription: SubscriptionId::from_key(id(job.lane.as_bytes())?),
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
