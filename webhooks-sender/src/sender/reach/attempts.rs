//! Querying attempts: of a delivery, pages of what a subscription saw, and pages of all that a filter lets through.

use webhooks_store::{Database, JobRecord};

use super::Reach;
use super::reader::{Reader, message_id};
use super::walk::LIST as DELIVERY_LIST;
use crate::error::Error;
use crate::model::{
    Attempt, AttemptCursor, AttemptFilter, AttemptId, AttemptListCursor, Cursor, DeliveryCursor,
    DeliveryId, Page, PageRequest, Scope, SubscriptionId,
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
        let shown = (limit, page.has_bodies());
        let items = tx.page_attempts(id, before.as_ref(), shown).await?;
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
/// The deliveries whose attempts are read together, where some attempts are left out.
const TOGETHER: usize = 250;
/// The fewest.
const FEWEST: usize = 20;
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
        let mut connection = self.context.tables.connection().await?;
        let mut reader = self.reader(&mut connection)?;
        let mut found = reader.find_attempts(filter, page).await?;
        reader.tx.add_replays(&mut found.items).await?;
        Ok(found)
    }
}

impl<D: Database> Reader<'_, D> {
    async fn find_attempts(
        &mut self,
        filter: &AttemptFilter,
        page: &PageRequest,
    ) -> Result<Page<Attempt>, Error> {
        let limit = page.limit() as usize;
        let (mut items, mut begin) = (Vec::new(), None);
        if let Some(AttemptListCursor { delivery, attempt }) = page.position(ALL)? {
            begin = Some(Cursor::new(DELIVERY_LIST, &delivery));
            if let (Some(id), Some(_)) = (&delivery.delivery, attempt) {
                // Of a delivery that is not done, those behind the last attempt of the page before. A cursor can be made up:
                // whose delivery it is is asked once more.
                let rest = match self.delivery(id).await {
                    Ok(job) => vec![job],
                    Err(Error::NotFound) => Vec::new(),
                    Err(error) => return Err(error),
                };
                let full = self.take_attempts(&mut items, limit, filter, rest, attempt);
                if let Some(full) = full.await? {
                    let next = Some(full);
                    return Ok(Page { items, next });
                }
            }
        }
        let (mut examined, mut least) = (0, FEWEST);
        while examined < MAX_EXAMINED {
            // Where all are shown, most deliveries have one; those that wait for their first have none.
            let together = if filter.shows_all() {
                least.max(limit - items.len()).min(TOGETHER)
            } else {
                TOGETHER
            };
            let together = together.min(MAX_EXAMINED - examined);
            examined += together;
            least *= 4;
            let deliveries = PageRequest::first(u32::try_from(together).unwrap_or(u32::MAX));
            let deliveries = deliveries.after(begin.take());
            let found = self.deliveries(&filter.deliveries, &deliveries).await?;
            let full = self.take_attempts(&mut items, limit, filter, found.items, None);
            if let Some(full) = full.await? {
                let next = Some(full);
                return Ok(Page { items, next });
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
    async fn take_attempts(
        &mut self,
        items: &mut Vec<Attempt>,
        limit: usize,
        filter: &AttemptFilter,
        deliveries: Vec<JobRecord>,
        behind: Option<(i64, u32)>,
    ) -> Result<Option<Cursor>, Error> {
        let mut attempts = self.tx.attempts_at(&deliveries).await?;
        for job in &deliveries {
            for attempt in attempts.remove(&job.id).unwrap_or_default() {
                let place = (attempt.generation, attempt.number);
                if behind.is_some_and(|behind| place >= behind) || !filter.matches(&attempt) {
                    continue;
                }
                items.push(attempt);
                if items.len() == limit {
                    let position = AttemptListCursor {
                        delivery: DeliveryCursor {
                            message: message_id(job),
                            delivery: Some(DeliveryId::from_key(job.id)),
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
