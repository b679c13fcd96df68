//! Querying deliveries: of a message, of a subscription, or of whatever a filter lets through.

use webhooks_store::{Database, Id, JobRecord};

use super::Reach;
use super::having::Common;
use super::reader::Reader;
use super::walk::{BATCH_SIZE, LIST, MESSAGES, Walk};
use crate::error::Error;
use crate::model::{
    Cursor, DeliveryCursor, DeliveryFilter, DeliveryId, MessageId, Page, PageRequest, Scope,
    StoredDelivery, SubscriptionFilter,
};
use crate::tables::owner_hash;

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn delivery(&self, id: &DeliveryId) -> Result<StoredDelivery, Error> {
        let mut connection = self.context.tables.connection().await?;
        let mut reader = self.reader(&mut connection)?;
        let job = reader.delivery(id).await?;
        let mut described = reader.described(vec![job]).await?;
        described.pop().ok_or(Error::NotFound)
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
        let mut connection = self.context.tables.connection().await?;
        let mut reader = self.reader(&mut connection)?;
        let found = reader.deliveries(filter, page).await?;
        Ok(Page {
            items: reader.described(found.items).await?,
            next: found.next,
        })
    }
}

impl<D: Database> Reader<'_, D> {
    /// Whose deliveries are looked for; none where all are reached.
    pub(super) fn owner_hash(&self) -> Option<i64> {
        self.scope.owner().map(owner_hash)
    }

    /// One delivery, if it is reached.
    pub(super) async fn delivery(&mut self, id: &DeliveryId) -> Result<JobRecord, Error> {
        if let Scope::Owner(owner) = self.scope
            && !self.tx.is_delivery_of(owner, id.key()).await?
        {
            return Err(Error::NotFound);
        }
        let job = self.tx.job_record(id.key()).await?;
        let jobs = job.into_iter().collect();
        let mut reached = self.sifted(&DeliveryFilter::new(), jobs).await?;
        reached.pop().map(|(job, _)| job).ok_or(Error::NotFound)
    }

    /// A page of the deliveries that a filter lets through, before they are described.
    pub(super) async fn deliveries(
        &mut self,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<JobRecord>, Error> {
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
        let mut looked_through = 0;
        let next = loop {
            if walk.end.is_some() {
                break None;
            }
            let together = walk.together(looked_through);
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
        &mut self,
        filter: &DeliveryFilter,
        before: Option<&MessageId>,
        limit: u32,
    ) -> Result<(Vec<(MessageId, bool)>, Option<MessageId>), Error> {
        if let Some(message) = &filter.message {
            // Whether everyone gets it is not known; one message is walked through anyway.
            let first = before.is_none().then(|| (message.clone(), true));
            return Ok((first.into_iter().collect(), None));
        }
        let found = self
            .reach
            .found(&mut self.tx, &filter.messages, before, limit);
        let (found, next) = found.await?;
        let mut messages = Vec::with_capacity(found.len());
        for one in found {
            messages.push((one.id.clone(), one.owner.is_everyone()));
            self.remember(one);
        }
        Ok((messages, next))
    }

    /// The deliveries of a message in the order of their ids, and whether they are the last. Of a broadcast, an owner
    /// has those to its own subscriptions, which are found by these: there may be very many others.
    pub(super) async fn jobs_of(
        &mut self,
        filter: &DeliveryFilter,
        message: &MessageId,
        after: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<(Vec<JobRecord>, bool), Error> {
        let (message, after) = (message.key(), after.map(DeliveryId::key));
        if self.scope != Scope::AllOwners {
            // Before its deliveries are looked for: how many another owner's message has takes no time here.
            match self.is_broadcast(message).await? {
                None => return Ok((Vec::new(), true)),
                Some(true) => return self.jobs_of_broadcast(message, after).await,
                Some(false) => {}
            }
        }
        let owner = self.owner_hash();
        if filter.asks_for_waiting()
            && let Some(mut jobs) = self.tx.waiting_about(&[message], owner, BATCH_SIZE).await?
        {
            jobs.retain(|job| after.is_none_or(|after| job.id > after));
            jobs.sort_unstable_by_key(|job| job.id);
            return Ok((jobs, true));
        }
        let jobs = self.tx.jobs_about(message, owner, after, limit).await?;
        let is_last = jobs.len() < limit as usize;
        Ok((jobs, is_last))
    }

    async fn jobs_of_broadcast(
        &mut self,
        message: Id,
        after: Option<Id>,
    ) -> Result<(Vec<JobRecord>, bool), Error> {
        let own = PageRequest::first(BATCH_SIZE);
        let filter = SubscriptionFilter::new();
        let own = self.reach.subscriptions_on(&mut self.tx, &filter, &own);
        let ids = own.await?.items.into_iter();
        let ids: Vec<Id> = ids
            .map(|subscription| DeliveryId::of(message, subscription.id.key()))
            .filter(|id| after.is_none_or(|after| *id > after))
            .collect();
        let known = self.tx.known_deliveries(ids).await?;
        let mut known: Vec<Id> = known.into_iter().collect();
        known.sort_unstable();
        let mut jobs = Vec::new();
        for id in known {
            jobs.extend(self.tx.job_record(id).await?);
        }
        Ok((jobs, true))
    }
}
