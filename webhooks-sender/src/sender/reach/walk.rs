//! Walking over the deliveries of messages until a page is full: of many messages together, of one that has many page by page.

use std::collections::HashMap;

use webhooks_store::{Database, Id, JobRecord};

use super::MAX_EXAMINED;
use super::reader::Reader;
use crate::error::Error;
use crate::model::{DeliveryCursor, DeliveryFilter, DeliveryId, MessageId, Scope};

/// The letter of the cursors of a list of deliveries.
pub(super) const LIST: char = 'd';
/// The deliveries that are read in one statement.
pub(super) const BATCH_SIZE: u32 = 1000;
/// The messages whose deliveries are looked through for one page.
pub(super) const MESSAGES: u32 = 200;
/// The fewest messages whose deliveries are read together.
const TOGETHER: u32 = 20;
/// What a message is taken to have before any was read: most have a few deliveries.
const DELIVERIES: u32 = 3;
/// So few messages that have too many deliveries together are read one by one.
const FEW: usize = 4;

/// A page of deliveries, while it is filled.
pub(super) struct Walk<'f> {
    filter: &'f DeliveryFilter,
    limit: usize,
    pub(super) items: Vec<JobRecord>,
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

    fn room(&self) -> u32 {
        let room = self.limit.saturating_sub(self.items.len()).max(1);
        u32::try_from(room).unwrap_or(u32::MAX)
    }

    /// Of how many messages the deliveries are read next: as many as the page seems to need, by those that were looked
    /// through.
    pub(super) fn together(&self, looked_through: u32) -> u32 {
        let most = MESSAGES.saturating_sub(looked_through).max(TOGETHER);
        let wanted = match u32::try_from(self.items.len()).unwrap_or(u32::MAX) {
            // To look for an event once more takes as long as to find more of them.
            _ if looked_through == 0 && self.filter.messages.looks_inside() => self.room(),
            _ if looked_through == 0 && self.filter.shows_all() => self.room() / DELIVERIES,
            _ if looked_through == 0 => self.room(),
            0 => most,
            found => self.room().saturating_mul(looked_through) / found + TOGETHER / 4,
        };
        wanted.clamp(TOGETHER, most)
    }

    /// How many deliveries of one message are read together: where all are shown, no more than there is room for.
    fn batch_size(&self) -> u32 {
        if self.filter.shows_all() {
            self.room().min(BATCH_SIZE)
        } else {
            BATCH_SIZE
        }
    }

    /// How many deliveries messages may have together to be read together: more would be read in vain.
    fn most(&self) -> u32 {
        if self.filter.shows_all() {
            (2 * self.room().min(BATCH_SIZE) + 100).min(BATCH_SIZE)
        } else {
            BATCH_SIZE
        }
    }

    /// Deliveries of a message, each with whether the filter lets it through.
    fn take(&mut self, message: &MessageId, deliveries: Vec<(JobRecord, bool)>) {
        for (delivery, is_wanted) in deliveries {
            let id = delivery.id;
            self.examined += 1;
            if is_wanted {
                self.items.push(delivery);
            }
            if self.items.len() == self.limit || self.examined >= MAX_EXAMINED {
                self.end = Some(DeliveryCursor {
                    message: message.clone(),
                    delivery: Some(DeliveryId::from_key(id)),
                });
                return;
            }
        }
    }
}

impl<D: Database> Reader<'_, D> {
    /// The deliveries of several messages, each with whether everyone gets it, in a few statements for all of them, unless
    /// there are many.
    pub(super) async fn walk_over(
        &mut self,
        walk: &mut Walk<'_>,
        messages: &[(MessageId, bool)],
    ) -> Result<(), Error> {
        // Of a broadcast an owner has a few, among very many others.
        let has_others = self.scope != Scope::AllOwners;
        let is_apart = |broadcast: bool| broadcast && has_others;
        let groups = messages.chunk_by(|one, other| !is_apart(one.1) && !is_apart(other.1));
        let mut groups: Vec<_> = groups.map(|group| (is_apart(group[0].1), group)).collect();
        groups.reverse();
        while let Some((is_apart, group)) = groups.pop() {
            if walk.end.is_some() {
                break;
            }
            let together = if is_apart {
                None
            } else {
                self.of_each(walk, group).await?
            };
            match together {
                Some(of) => take_each(walk, group, of),
                None if group.len() > FEW => {
                    let (first, second) = group.split_at(group.len() / 2);
                    groups.extend([(false, second), (false, first)]);
                }
                None => {
                    for (message, _) in group {
                        if walk.end.is_none() {
                            self.walk_through(walk, message, None).await?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The deliveries of each of these messages; none where there are too many together.
    async fn of_each(
        &mut self,
        walk: &Walk<'_>,
        messages: &[(MessageId, bool)],
    ) -> Result<Option<HashMap<Id, Vec<(JobRecord, bool)>>>, Error> {
        let references: Vec<Id> = messages.iter().map(|(id, _)| id.key()).collect();
        let owner = self.owner_hash();
        let jobs = if walk.filter.asks_for_waiting() {
            self.tx.waiting_about(&references, owner, walk.most()).await
        } else {
            let jobs = self.tx.jobs_about_each(&references, owner, walk.most());
            jobs.await
        };
        let Some(mut jobs) = jobs? else {
            return Ok(None);
        };
        jobs.sort_unstable_by_key(|job| job.id);
        let mut of: HashMap<Id, Vec<_>> = HashMap::new();
        for (job, is_wanted) in self.sifted(walk.filter, jobs).await? {
            if let Some(reference) = job.reference {
                of.entry(reference).or_default().push((job, is_wanted));
            }
        }
        Ok(Some(of))
    }

    /// All deliveries of one message, or those behind one.
    pub(super) async fn walk_through(
        &mut self,
        walk: &mut Walk<'_>,
        message: &MessageId,
        mut after: Option<DeliveryId>,
    ) -> Result<(), Error> {
        loop {
            let batch_size = walk.batch_size();
            let jobs = self.jobs_of(walk.filter, message, after.as_ref(), batch_size);
            let (jobs, is_last) = jobs.await?;
            after = jobs.last().map(|job| DeliveryId::from_key(job.id));
            let jobs = self.sifted(walk.filter, jobs).await?;
            walk.take(message, jobs);
            if walk.end.is_some() || is_last || after.is_none() {
                return Ok(());
            }
        }
    }
}

fn take_each(
    walk: &mut Walk<'_>,
    messages: &[(MessageId, bool)],
    mut of: HashMap<Id, Vec<(JobRecord, bool)>>,
) {
    for (message, _) in messages {
        if walk.end.is_none() {
            walk.take(message, of.remove(&message.key()).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DeliveryState, MessageFilter};

    #[test]
    fn as_many_messages_are_read_as_a_page_seems_to_need() {
        let (all, failed) = (
            DeliveryFilter::new(),
            DeliveryFilter::new().state(DeliveryState::Pending),
        );
        let of_event = DeliveryFilter::of(MessageFilter::new().event("a"));
        for (filter, limit, first) in [
            (&all, 50, 20),
            (&all, 250, 83),
            (&all, 1000, 200),
            (&failed, 50, 50),
            (&of_event, 100, 100),
            (&failed, 1, 20),
        ] {
            assert_eq!(Walk::new(filter, limit).together(0), first, "{limit}");
        }
        // Where nothing was found, all that may be.
        assert_eq!(Walk::new(&failed, 50).together(50), 150);
        assert_eq!(Walk::new(&failed, 50).together(200), 20);
    }
}
