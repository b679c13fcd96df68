//! Walking over the deliveries of messages until a page is full: of many messages together, of one that has many page by page.

use std::collections::HashMap;

use webhooks_store::{Database, Id};

use super::{MAX_EXAMINED, Reach};
use crate::error::Error;
use crate::model::{DeliveryCursor, DeliveryFilter, DeliveryId, MessageId, Scope, StoredDelivery};

/// The letter of the cursors of a list of deliveries.
pub(super) const LIST: char = 'd';
/// The deliveries that are read in one statement.
pub(super) const BATCH_SIZE: u32 = 1000;

/// A page of deliveries, while it is filled.
pub(super) struct Walk<'f> {
    filter: &'f DeliveryFilter,
    limit: usize,
    pub(super) items: Vec<StoredDelivery>,
    examined: usize,
    /// Where it ended before everything was looked at.
    pub(super) end: Option<DeliveryCursor>,
}

impl<'f> Walk<'f> {
    pub(super) fn new(filter: &'f DeliveryFilter, limit: u32) -> Self {
        Self {
            filter,
            limit: limit as usize,
            items: Vec::new(),
            examined: 0,
            end: None,
        }
    }

    /// How many deliveries of one message are read together: where all are shown, no more than there is room for.
    fn batch_size(&self) -> u32 {
        if self.filter.shows_all() {
            let room = self.limit.saturating_sub(self.items.len()).max(1);
            u32::try_from(room).map_or(BATCH_SIZE, |room| room.min(BATCH_SIZE))
        } else {
            BATCH_SIZE
        }
    }

    fn take(&mut self, message: &MessageId, deliveries: Vec<StoredDelivery>) {
        for delivery in deliveries {
            let id = delivery.id.clone();
            self.examined += 1;
            if self.filter.matches(&delivery) {
                self.items.push(delivery);
            }
            if self.items.len() == self.limit || self.examined >= MAX_EXAMINED {
                self.end = Some(DeliveryCursor {
                    message: message.clone(),
                    delivery: Some(id),
                });
                return;
            }
        }
    }
}

impl<D: Database> Reach<'_, D> {
    /// The deliveries of several messages in a few statements for all of them, unless there are many.
    pub(super) async fn walk_over(
        &self,
        walk: &mut Walk<'_>,
        messages: &[(MessageId, bool)],
    ) -> Result<(), Error> {
        let scope = self.scope()?;
        // Of a broadcast an owner has a few, among very many others.
        let is_apart = |broadcast: bool| broadcast && scope != Scope::AllOwners;
        let references: Vec<Id> = messages
            .iter()
            .filter(|(_, broadcast)| !is_apart(*broadcast))
            .map(|(id, _)| id.key())
            .collect();
        let store = &self.context.tables.store;
        let jobs = store
            .jobs_about_each(&references, self.owner_hash()?, BATCH_SIZE)
            .await?;
        let mut of: HashMap<Id, Vec<StoredDelivery>> = HashMap::new();
        let are_read = jobs.is_some();
        let mut jobs = jobs.unwrap_or_default();
        jobs.sort_unstable_by_key(|job| job.id);
        let keys: Vec<_> = jobs.iter().map(|job| (job.id, job.reference)).collect();
        let mut described = self.described(jobs).await?.into_iter().peekable();
        for (id, reference) in keys {
            let own = described.next_if(|delivery| delivery.id.key() == id);
            if let (Some(delivery), Some(reference)) = (own, reference) {
                of.entry(reference).or_default().push(delivery);
            }
        }
        for (message, broadcast) in messages {
            if walk.end.is_some() {
                break;
            }
            if are_read && !is_apart(*broadcast) {
                walk.take(message, of.remove(&message.key()).unwrap_or_default());
            } else {
                self.walk_through(walk, message, None).await?;
            }
        }
        Ok(())
    }

    /// All deliveries of one message, or those behind one.
    pub(super) async fn walk_through(
        &self,
        walk: &mut Walk<'_>,
        message: &MessageId,
        mut after: Option<DeliveryId>,
    ) -> Result<(), Error> {
        loop {
            let (jobs, is_last) = self
                .jobs_of(message, after.as_ref(), walk.batch_size())
                .await?;
            after = jobs.last().map(|job| DeliveryId::from_key(job.id));
            walk.take(message, self.described(jobs).await?);
            if walk.end.is_some() || is_last || after.is_none() {
                return Ok(());
            }
        }
    }
}
