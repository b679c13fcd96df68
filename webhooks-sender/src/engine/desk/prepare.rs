//! What is done with a delivery whose turn it is.

use std::sync::Arc;

use webhooks_store::lanes::{Ending, Entry, Moment};
use webhooks_store::{Database, Due, Id, Verdict};

use super::known::Reading;
use super::{Desk, REST, Step};
use crate::change_log::BELIEVED;
use crate::engine::attempt::{AttemptResult, Obstacle, deadly, obstacle};
use crate::engine::load::{Delivery, MessageInHand, ReadMark};
use crate::observe::{PutOffReason, put_off};
use crate::tables::id;

impl<D: Database> Desk<D> {
    /// A request, an outcome, or nothing: then the delivery waits, for what is being read or for its lane. One that has
    /// waited has what it needs, read just now.
    pub(super) fn prepare(&mut self, entry: Entry, has_waited: bool, now: Moment) -> Option<Step> {
        let Ok(subscription) = id(&entry.lane.key) else {
            // No subscription's: what wrote it was not a sender.
            return Some(self.judged(&entry, Verdict::Failed, now));
        };
        let needed = self.needed(entry.id(), subscription, has_waited, now);
        let Some((reading, read, (found, number))) = needed else {
            self.incomplete.insert(entry.id(), entry);
            return None;
        };
        let message = match found {
            MessageInHand::Message(message) => Some(message),
            MessageInHand::Missing | MessageInHand::Large => None,
            MessageInHand::Unreadable => {
                put_off(None, PutOffReason::Unreadable, "");
                return self.stand_back(&entry, &Obstacle::OfMessage, now);
            }
        };
        let cached = match reading {
            Reading::There(cached) => Some(cached),
            Reading::Removed => None,
            Reading::Unreadable => {
                put_off(None, PutOffReason::Unreadable, "");
                return self.stand_back(&entry, &Obstacle::OfLane, now);
            }
        };
        let delivery = Delivery {
            entry,
            subscription,
            message,
            cached,
            changes: read.changes,
            number,
        };
        match obstacle(&self.context, &delivery) {
            None if delivery.entry.is_deadly() => {
                let id = delivery.entry.id();
                self.put_down(id);
                self.lanes.ended(id, Ending::Judged, now);
                let result = deadly(&self.context, &Arc::new(delivery));
                Some(Step::Judged(result))
            }
            None => {
                if let Some(held) = self.held.get_mut(&delivery.entry.id()) {
                    held.found = None;
                }
                Some(Step::Request(Arc::new(delivery)))
            }
            Some(obstacle) => self.stand_back(&delivery.entry, &obstacle, now),
        }
    }

    /// What a delivery needs, if it is there and new enough; otherwise it is going to be read.
    fn needed(
        &mut self,
        id: Id,
        subscription: Id,
        has_waited: bool,
        now: Moment,
    ) -> Option<(Reading, ReadMark, (MessageInHand, Option<i64>))> {
        let known = self.subscriptions.get(&self.context, subscription);
        let known = known.map(|known| (known.state.clone(), known.read));
        let held = self.held.get(&id);
        let found = held.and_then(|held| Some((held.found.clone()?, held.number)));
        let (Some((reading, read)), Some(found)) = (known, found) else {
            self.loads.add(id);
            return None;
        };
        if matches!(found.0, MessageInHand::Large) {
            self.loads.add_large(id);
            return None;
        }
        // Another process may have changed it meanwhile. One look is enough: a database that is slow delays, and does not
        // stop.
        if !has_waited && read.at.plus(BELIEVED) <= now {
            self.loads.look_at([subscription]);
            self.outdated.entry(subscription).or_default().push(id);
            return None;
        }
        Some((reading, read, found))
    }

    /// No request can be made.
    fn stand_back(&mut self, entry: &Entry, obstacle: &Obstacle, now: Moment) -> Option<Step> {
        let (id, lane) = (entry.id(), &entry.lane);
        match obstacle {
            Obstacle::Verdict(verdict) => return Some(self.judged(entry, *verdict, now)),
            // What is in order keeps its place: it must not be overtaken because this process cannot read it.
            Obstacle::OfMessage if entry.order_key.is_none() => {
                let later = Verdict::Postpone(Due::After(REST));
                return Some(self.judged(entry, later, now));
            }
            Obstacle::OfMessage | Obstacle::OfLane => {
                self.lanes.ended(id, Ending::NotMade, now);
                self.lanes.rest(lane, now.plus(REST), now);
                // Another process may have what it needs, and need not wait for this one's end.
                self.lanes.refuse(lane, now);
            }
            Obstacle::Paused => {
                self.lanes.ended(id, Ending::NotMade, now);
                self.lanes.pause(lane, now);
            }
        }
        self.put_down(id);
        None
    }

    fn judged(&mut self, entry: &Entry, verdict: Verdict, now: Moment) -> Step {
        self.put_down(entry.id());
        self.lanes.ended(entry.id(), Ending::Judged, now);
        Step::Judged(AttemptResult {
            outcome: entry.outcome(verdict),
            attempt: None,
        })
    }
}
