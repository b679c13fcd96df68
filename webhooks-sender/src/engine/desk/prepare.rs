//! What is done with a delivery whose turn it is.

use std::sync::Arc;

use webhooks_store::lanes::{Ending, Entry, Moment};
use webhooks_store::{Database, Due, Verdict};

use super::known::Reading;
use super::{Desk, REST, Step};
use crate::engine::attempt::{AttemptResult, Obstacle, obstacle};
use crate::engine::load::{Delivery, MessageInHand};
use crate::observe::{PutOffReason, put_off};
use crate::tables::id;

impl<D: Database> Desk<D> {
    /// A request, an outcome, or nothing: then the delivery waits, for what is being read or for its lane.
    pub(super) fn prepare(&mut self, entry: Entry, now: Moment) -> Option<Step> {
        let Ok(subscription) = id(&entry.lane.key) else {
            // No subscription's: what wrote it was not a sender.
            return Some(self.judged(&entry, Verdict::Failed, now));
        };
        let reading = self.subscriptions.get(&self.context, subscription).cloned();
        let found = self
            .held
            .get(&entry.id())
            .and_then(|held| held.found.clone());
        let (Some(reading), Some(found)) = (reading, found) else {
            self.loads.add(entry.id());
            self.incomplete.insert(entry.id(), entry);
            return None;
        };
        if matches!(found, MessageInHand::Large) {
            self.loads.add_large(entry.id());
            self.incomplete.insert(entry.id(), entry);
            return None;
        }
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
        };
        match obstacle(&self.context, &delivery) {
            None => {
                if let Some(held) = self.held.get_mut(&delivery.entry.id()) {
                    held.found = None;
                }
                Some(Step::Request(Arc::new(delivery)))
            }
            Some(obstacle) => self.stand_back(&delivery.entry, &obstacle, now),
        }
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
