//! Deliveries that are found by themselves, and not by their messages: those to one subscription, which are what waits in its
//! lane and its history, merged; and those that failed. Most deliveries of the messages may be others.

use std::cmp::Reverse;
use std::collections::HashSet;

use webhooks_store::{Database, Id, JobRecord, Lane};

use super::reader::{Reader, message_id};
use super::walk::LIST;
use super::{BATCH_SIZE, MAX_EXAMINED};
use crate::error::Error;
use crate::model::{
    Cursor, DeliveryCursor, DeliveryFilter, DeliveryId, Page, PageRequest, SubscriptionId,
};
use crate::tables::{DeliveryLane, queue_of};

/// The most waiting deliveries that are read for a page. Where there are more, the messages are gone through.
const MOST_WAITING: u32 = 1000;

/// What they have in common.
#[derive(Debug, Clone, Copy)]
pub(super) enum Common<'f> {
    Subscription(&'f SubscriptionId),
    Failed,
}

impl<'f> Common<'f> {
    /// What all have in common that a filter lets through, if they can be found by it.
    pub(super) fn of(filter: &'f DeliveryFilter) -> Option<Self> {
        if filter.needs_messages() {
            return None;
        }
        match &filter.subscription {
            Some(id) => Some(Self::Subscription(id)),
            None => filter.asks_for_failed().then_some(Self::Failed),
        }
    }
}

impl<D: Database> Reader<'_, D> {
    /// A page of them, newest message first; none where too many wait.
    pub(super) async fn having(
        &mut self,
        common: Common<'_>,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Option<Page<JobRecord>>, Error> {
        let limit = page.limit() as usize;
        let cursor = page.position::<DeliveryCursor>(LIST)?;
        let mut below = filter.messages.end(cursor.map(first_below));
        let Some(waiting) = self.waiting(common, filter).await? else {
            return Ok(None);
        };
        let (mut batch_size, mut examined) = (page.limit().min(BATCH_SIZE), 0);
        let (mut items, mut last) = (Vec::new(), None);
        while examined < MAX_EXAMINED {
            let ended = self.ended(common, filter, below, batch_size).await?;
            let is_last = ended.len() < batch_size as usize;
            let end = ended.last().map(|job| job.id).filter(|_| !is_last);
            let jobs = merged(&waiting, ended, below, end);
            examined += jobs.len();
            let jobs = self.sifted(filter, jobs).await?;
            for (job, is_wanted) in self.with_visible_events(filter, jobs).await? {
                if filter.messages.is_too_old(job.id) {
                    return Ok(Some(Page { items, next: None }));
                }
                let position = DeliveryCursor {
                    message: message_id(&job),
                    delivery: Some(DeliveryId::from_key(job.id)),
                };
                if is_wanted {
                    items.push(job);
                }
                if items.len() == limit {
                    let next = Some(Cursor::new(LIST, position));
                    return Ok(Some(Page { items, next }));
                }
                last = Some(position);
            }
            if is_last {
                return Ok(Some(Page { items, next: None }));
            }
            below = end;
            // What a filter leaves out is looked through in larger steps.
            batch_size = (batch_size * 4).min(BATCH_SIZE);
        }
        let next = last.map(|last| Cursor::new(LIST, last));
        Ok(Some(Page { items, next }))
    }

    async fn ended(
        &mut self,
        common: Common<'_>,
        filter: &DeliveryFilter,
        below: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        if filter.asks_for_waiting() {
            return Ok(Vec::new());
        }
        let owner = self.owner_hash();
        match common {
            Common::Failed => self.tx.failures(owner, below, limit).await,
            Common::Subscription(id) => {
                let (queue, lane) = (queue_of(id.key()), Lane::from(id.key()));
                // Before anything is read of it: how much another owner's has takes no time here. One that was removed is known
                // by its lane alone.
                if let Some(owner) = owner
                    && self.owner_of_subscription(id.key()).await?.is_none()
                    && !self.tx.is_lane_of(owner, (queue, &lane)).await?
                {
                    return Ok(Vec::new());
                }
                self.tx.finished((queue, &lane), owner, below, limit).await
            }
        }
    }

    /// What waits, newest message first; none where there is too much of it. For a subscription that is not there any more, or
    /// is another owner's, nothing waits.
    async fn waiting(
        &mut self,
        common: Common<'_>,
        filter: &DeliveryFilter,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let Common::Subscription(id) = common else {
            return Ok(Some(Vec::new()));
        };
        if filter.asks_for_ended() {
            return Ok(Some(Vec::new()));
        }
        let Some(owner) = self.owner_of_subscription(id.key()).await? else {
            return Ok(Some(Vec::new()));
        };
        let lane = DeliveryLane::new(id.key(), &owner);
        let waiting = self.tx.unfinished(lane, MOST_WAITING);
        let mut waiting = waiting.await?;
        if waiting.len() == MOST_WAITING as usize {
            return Ok(None);
        }
        waiting.sort_unstable_by_key(|job| Reverse(job.id));
        Ok(Some(waiting))
    }
}

/// Below which id the deliveries of a page are.
fn first_below(cursor: DeliveryCursor) -> Id {
    match cursor.delivery {
        Some(delivery) => delivery.key(),
        None => Id::about(cursor.message.key(), [0; 8]),
    }
}

/// Those that have ended, with those that wait between the same ids. One that ends meanwhile is in both.
fn merged(
    waiting: &[JobRecord],
    mut ended: Vec<JobRecord>,
    below: Option<Id>,
    end: Option<Id>,
) -> Vec<JobRecord> {
    let known: HashSet<Id> = ended.iter().map(|job| job.id).collect();
    let between = waiting.iter().filter(|job| {
        below.is_none_or(|below| job.id < below)
            && end.is_none_or(|end| job.id > end)
            && !known.contains(&job.id)
    });
    ended.extend(between.cloned());
    ended.sort_unstable_by_key(|job| Reverse(job.id));
    ended
}
