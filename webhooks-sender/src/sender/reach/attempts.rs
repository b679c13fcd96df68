//! Querying attempts: of a delivery, pages of what a subscription saw, and pages of all that a filter lets through.

use std::cmp::Reverse;
use std::collections::HashMap;

use webhooks_store::Database;

use super::Reach;
use super::walk::LIST as DELIVERY_LIST;
use crate::error::Error;
use crate::model::{
    Attempt, AttemptCursor, AttemptFilter, AttemptId, AttemptListCursor, Cursor, DeliveryCursor,
    DeliveryId, MessageId, Page, PageRequest, Scope, SubscriptionId,
};

/// The letter of its cursors.
const LIST: char = 'a';

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn attempts(&self, delivery: &DeliveryId) -> Result<Vec<Attempt>, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        tx.attempts_of(self.scope()?, delivery).await
    }

    pub(crate) async fn attempts_to(
        &self,
        id: &SubscriptionId,
        page: &PageRequest,
    ) -> Result<Page<Attempt>, Error> {
        let (tables, limit) = (&self.context.tables, page.limit());
        let before = page.position::<AttemptCursor>(LIST)?;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let scope = self.scope()?;
        // Before anything is read of it: what another owner's has seen takes no time here. The operator sees also what a
        // subscription has seen that was removed.
        if scope != Scope::AllOwners && tx.owner_of(scope, id).await?.is_none() {
            return Ok(Page::empty());
        }
        let items = tx.page_attempts(id, before.as_ref(), limit).await?;
        let cursor = |last: &Attempt| AttemptCursor {
            delivery: last.delivery.clone(),
            generation: last.generation,
            number: last.number,
        };
        Ok(Page::new(items, limit, |last| {
            Cursor::new(LIST, cursor(last))
        }))
    }
}

/// The letter of the cursors of lists over several subscriptions.
const ALL: char = 't';
/// The deliveries whose attempts are read together.
const TOGETHER: u32 = 100;
/// The most deliveries that are gone through for a page.
const MAX_EXAMINED: usize = 500;

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn attempt(&self, id: &AttemptId) -> Result<Attempt, Error> {
        let mut attempts = self.attempts(id.delivery()).await?.into_iter();
        attempts
            .find(|attempt| attempt.id == *id)
            .ok_or(Error::NotFound)
    }

    /// The attempts that a filter lets through: message by message, the newest one first, and of each delivery the last
    /// attempt first.
    pub(crate) async fn find_attempts(
        &self,
        filter: &AttemptFilter,
        page: &PageRequest,
    ) -> Result<Page<Attempt>, Error> {
        let limit = page.limit() as usize;
        let (mut items, mut begin) = (Vec::new(), None);
        if let Some(AttemptListCursor { delivery, attempt }) = page.position(ALL)? {
            begin = Some(Cursor::new(DELIVERY_LIST, &delivery));
            if let (Some(id), Some(_)) = (&delivery.delivery, attempt) {
                // Of a delivery that is not done, those behind the last attempt of the page before.
                let rest = [(id.clone(), delivery.message.clone())];
                let full = self.walk(&mut items, limit, filter, &rest, attempt).await?;
                if full.is_some() {
                    return Ok(Page { items, next: full });
                }
            }
        }
        for _ in 0..MAX_EXAMINED / TOGETHER as usize {
            let deliveries = PageRequest::first(TOGETHER).after(begin.take());
            let found = self.deliveries(&filter.deliveries, &deliveries).await?;
            let ids = found.items.into_iter();
            let ids: Vec<_> = ids.map(|one| (one.id, one.message)).collect();
            let full = self.walk(&mut items, limit, filter, &ids, None).await?;
            if full.is_some() {
                return Ok(Page { items, next: full });
            }
            begin = found.next;
            if begin.is_none() {
                break;
            }
        }
        // Where the list of deliveries goes on, this one does, too.
        let position = begin.as_ref().and_then(|next| next.position(DELIVERY_LIST));
        let next = position.map(|position| Cursor::new(ALL, position));
        Ok(Page { items, next })
    }

    /// Adds the attempts of these deliveries, of the first one those behind a place; the cursor of what follows once the
    /// page is full.
    async fn walk(
        &self,
        items: &mut Vec<Attempt>,
        limit: usize,
        filter: &AttemptFilter,
        deliveries: &[(DeliveryId, MessageId)],
        behind: Option<(i64, u32)>,
    ) -> Result<Option<Cursor>, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let keys: Vec<_> = deliveries.iter().map(|(id, _)| id.key()).collect();
        let mut attempts = tables.on(&mut connection).attempts_of_all(&keys).await?;
        attempts.sort_unstable_by_key(|one| Reverse((one.generation, one.number)));
        let mut by_delivery: HashMap<DeliveryId, Vec<Attempt>> = HashMap::new();
        for attempt in attempts {
            let own = by_delivery.entry(attempt.delivery.clone()).or_default();
            own.push(attempt);
        }
        for (id, message) in deliveries {
            for attempt in by_delivery.remove(id).unwrap_or_default() {
                let place = (attempt.generation, attempt.number);
                if behind.is_some_and(|behind| place >= behind) || !filter.matches(&attempt) {
                    continue;
                }
                items.push(attempt);
                if items.len() == limit {
                    let position = AttemptListCursor {
                        delivery: DeliveryCursor {
                            message: message.clone(),
                            delivery: Some(id.clone()),
                        },
                        attempt: Some(place),
                    };
                    return Ok(Some(Cursor::new(ALL, position)));
                }
            }
        }
        Ok(None)
    }
}
