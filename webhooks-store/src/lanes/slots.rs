//! Which slots this process owns, and until when it may believe so.
//!
//! The lease of a process is one row. What this process believes ends earlier than what the others see: it counts from
//! before the statement that renewed the lease was sent, on its own monotonic clock, and less a margin.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ask::{Membership, OwnSlot};
use super::own::{Own, OwnSlots};
use super::place::Moment;
use super::refusal::Refusals;
use crate::lane::Slot;

/// How slots are owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// All of them, for ever: no other process works on these tables.
    Sole,
    /// They are shared out among processes.
    Shared {
        /// How long a lease lasts in the database.
        ttl: Duration,
        /// So much earlier this process stops to believe in it.
        margin: Duration,
        /// How often it is renewed.
        beat: Duration,
    },
}

/// The slots of this process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slots {
    ownership: Ownership,
    pub(super) own: OwnSlots,
    has_joined: bool,
    deadline: Option<Moment>,
    /// [`None`]: now.
    next_beat: Option<Moment>,
    share: u32,
    free: u32,
    /// Of these, those that are taken whatever the share is.
    refused: u32,
    takes_back: bool,
    refusals: Refusals,
    next_drain: Moment,
    is_leaving: bool,
}

/// So long after a lease has ended it is looked at. A process that lives and has lost the database began its last requests
/// just before; in this time most of them are answered.
const AFTER_END: Duration = Duration::from_millis(100);
/// A slot whose lanes are given back to balance the processes, at most one in this time.
const BETWEEN_DRAINS: Duration = Duration::from_secs(1);

impl Slots {
    pub(super) fn new(ownership: Ownership) -> Self {
        let own = match ownership {
            Ownership::Sole => Slot::all()
                .map(|slot| (slot, Own::new(0, false, false)))
                .collect(),
            Ownership::Shared { .. } => OwnSlots::default(),
        };
        Self {
            ownership,
            own,
            has_joined: false,
            deadline: None,
            next_beat: None,
            share: 0,
            free: 0,
            refused: 0,
            takes_back: false,
            refusals: Refusals::default(),
            next_drain: Moment::default(),
            is_leaving: false,
        }
    }

    /// Whether requests may be begun in a slot.
    pub(super) fn may_send(&self, slot: Slot, now: Moment) -> bool {
        self.is_live(now) && self.own.get(&slot).is_some_and(|own| !own.is_draining)
    }

    /// Whether a slot is this process's, and is not being given back.
    pub(super) fn holds(&self, slot: Slot) -> bool {
        self.own.get(&slot).is_some_and(|own| !own.is_draining)
    }

    pub(super) fn epoch(&self, slot: Slot) -> Option<i64> {
        self.own.get(&slot).map(|own| own.epoch)
    }

    /// Whether the owners of a slot have died of late.
    pub(super) fn is_doubtful(&self, slot: Slot) -> bool {
        self.own.get(&slot).is_some_and(|own| own.is_doubtful)
    }

    pub(super) fn are_all_doubtful(&self) -> bool {
        self.own.values().all(|own| own.is_doubtful)
    }

    /// Every slot that is held.
    pub(super) fn held(&self) -> impl Iterator<Item = Slot> + '_ {
        self.own
            .iter()
            .filter(|(_, own)| !own.is_draining)
            .map(|(slot, _)| *slot)
    }

    /// Whether the lease can still be believed in.
    pub(super) fn is_live(&self, now: Moment) -> bool {
        match self.ownership {
            Ownership::Sole => true,
            Ownership::Shared { .. } => self.deadline.is_some_and(|deadline| now < deadline),
        }
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.deadline
    }

    pub(super) fn has_joined(&self) -> bool {
        self.has_joined
    }

    /// When the lease is to be renewed, if it is one.
    pub(super) fn next_beat(&self) -> Option<Moment> {
        match self.ownership {
            Ownership::Sole => None,
            Ownership::Shared { .. } => Some(self.next_beat.unwrap_or_default()),
        }
    }

    /// How many slots are to be taken.
    pub(super) fn wanted(&self) -> u32 {
        if self.is_leaving {
            return 0;
        }
        let of_share = self.share.saturating_sub(self.count()).min(self.free);
        of_share.max(self.refused)
    }

    /// Whether those are taken as well that this process has refused.
    pub(super) fn takes_back(&self) -> bool {
        self.takes_back
    }

    /// Leaves a slot to another process that has what it needs, if there is any. Whether it is.
    pub(super) fn refuse(&mut self, slot: Slot, now: Moment) -> bool {
        let is_alone = self.is_alone();
        let own = self.own.get_mut(&slot).filter(|own| !own.is_draining);
        let Some(own) = own.filter(|_| self.has_joined) else {
            return false;
        };
        if is_alone {
            self.refusals.put_off(slot);
            return false;
        }
        if !self.refusals.refuse(slot, now) {
            return false;
        }
        (own.is_draining, own.is_refused) = (true, true);
        true
    }

    /// Whether this process has all slots to itself, as far as the last beat told.
    fn is_alone(&self) -> bool {
        self.share as usize >= Slot::COUNT
    }

    /// Whether a slot that is given back is refused.
    pub(super) fn is_refused(&self, slot: Slot) -> bool {
        self.own.get(&slot).is_some_and(|own| own.is_refused)
    }

    /// The lease was renewed, or has run out. Returns the slots that are lost and those that are new.
    pub(super) fn beat(
        &mut self,
        membership: Option<Membership>,
        sent_at: Moment,
        now: Moment,
    ) -> (Vec<Slot>, Vec<Slot>) {
        let Ownership::Shared { ttl, margin, beat } = self.ownership else {
            return (Vec::new(), Vec::new());
        };
        let Some(membership) = membership else {
            self.has_joined = false;
            self.deadline = None;
            self.next_beat = None;
            (self.share, self.free, self.refused) = (0, 0, 0);
            return (
                std::mem::take(&mut *self.own).into_keys().collect(),
                Vec::new(),
            );
        };
        self.has_joined = true;
        self.deadline = Some(sent_at.plus(ttl).minus(margin));
        (self.share, self.free, self.refused) =
            (membership.share, membership.free, membership.refused);
        // The others have looked twice.
        self.takes_back = membership.refused_here > 0 && self.refusals.is_over(beat * 2, now);
        if self.takes_back {
            self.refused += membership.refused_here;
        }
        let (lost, new) = self.update(membership.own);
        if self.is_leaving {
            self.own.values_mut().for_each(|own| own.is_draining = true);
        }
        // Another process may have joined just after the last beat.
        if !self.is_alone() {
            for slot in self.refusals.take_put_off() {
                self.refuse(slot, now);
            }
        }
        self.plan_beat(beat, membership.next_end, sent_at, now);
        (lost, new)
    }

    /// Takes note of which slots it has. Returns those that are lost and those that are new.
    fn update(&mut self, own: Vec<OwnSlot>) -> (Vec<Slot>, Vec<Slot>) {
        let current = own.into_iter().map(|own| (own.slot, own));
        let current: BTreeMap<Slot, OwnSlot> = current.collect();
        let is_lost =
            |(slot, own): &(&Slot, &Own)| current.get(slot).map(|now| now.epoch) != Some(own.epoch);
        let lost: Vec<_> = self
            .own
            .iter()
            .filter(is_lost)
            .map(|(slot, _)| *slot)
            .collect();
        for slot in &lost {
            self.own.remove(slot);
        }
        let mut new = Vec::new();
        for (slot, now) in current {
            let own = self.own.entry(slot).or_insert_with(|| {
                new.push(slot);
                Own::new(now.epoch, now.is_doubtful, now.is_refused)
            });
            (own.is_doubtful, own.is_kept) = (now.is_doubtful, now.is_refused);
        }
        (lost, new)
    }

    /// When the lease is renewed next. Another process's ends after `next_end`, unless that renews it.
    fn plan_beat(
        &mut self,
        beat: Duration,
        next_end: Option<Duration>,
        sent_at: Moment,
        now: Moment,
    ) {
        // Who has much less than its share looks often, for what others give back.
        let is_short = self.count() + self.free < self.share - self.share / 8;
        let pause = if is_short {
            beat.min(BETWEEN_DRAINS)
        } else {
            beat
        };
        // Where another process does not renew its lease, its slots are taken when that ends.
        let end = next_end.map(|left| now.plus(left + AFTER_END));
        self.next_beat = Some(end.map_or(sent_at.plus(pause), |end| end.min(sent_at.plus(pause))));
    }

    fn count(&self) -> u32 {
        u32::try_from(self.own.len()).unwrap_or(u32::MAX)
    }

    /// The deadline has passed without a beat. Returns the slots that are lost.
    pub(super) fn expire(&mut self) -> Vec<Slot> {
        self.deadline = None;
        self.next_beat = None;
        std::mem::take(&mut *self.own).into_keys().collect()
    }

    /// The beat did not reach the database.
    pub(super) fn beat_failed(&mut self, now: Moment) {
        self.next_beat = Some(now.plus(BETWEEN_DRAINS));
    }

    pub(super) fn taken(&mut self, slots: &[OwnSlot]) {
        let taken = u32::try_from(slots.len()).unwrap_or(u32::MAX);
        // Who got fewer than there were raced with others; the next beat says what is left.
        self.free = if taken < self.wanted() {
            0
        } else {
            self.free.saturating_sub(taken)
        };
        self.refused = 0;
        for own in slots {
            let new = Own::new(own.epoch, own.is_doubtful, own.is_refused);
            self.own.insert(own.slot, new);
        }
        if self.is_leaving {
            self.own.values_mut().for_each(|own| own.is_draining = true);
        }
    }

    /// More slots than the share are given back, once there is an eighth too many: or two processes would exchange slots for
    /// ever. Those in which nothing is in hand go together; of the others a few at a time, because their lanes stand still
    /// until their requests have ended.
    pub(super) fn drain(&mut self, is_busy: impl Fn(Slot) -> bool, now: Moment) {
        let count = self.count();
        let is_draining = self.own.values().any(|own| own.is_draining);
        if self.share == 0 || count <= self.share + self.share / 8 || is_draining {
            return;
        }
        let mut surplus = (count - self.share) as usize;
        let idle = self
            .own
            .iter_mut()
            .rev()
            .filter(|(slot, own)| !own.is_kept && !is_busy(**slot));
        for (_, own) in idle.take(surplus) {
            own.is_draining = true;
            surplus -= 1;
        }
        if surplus == 0 || now < self.next_drain {
            return;
        }
        self.next_drain = now.plus(BETWEEN_DRAINS);
        let busy = self.own.values_mut().rev();
        let busy = busy.filter(|own| !own.is_draining && !own.is_kept);
        for own in busy.take(surplus.min(8)) {
            own.is_draining = true;
        }
    }

    /// Gives everything back.
    pub(super) fn leave(&mut self) {
        self.is_leaving = true;
        self.own.values_mut().for_each(|own| own.is_draining = true);
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.is_leaving
    }

    /// To be called now and then: what is asked of all slots is then answered without a look at each.
    pub(super) fn settle(&mut self) {
        self.own.settle();
    }

    pub(super) fn draining(&self) -> Vec<Slot> {
        if self.own.are_settled() {
            return Vec::new();
        }
        let draining = self.own.iter().filter(|(_, own)| own.is_draining);
        draining.map(|(slot, _)| *slot).collect()
    }

    pub(super) fn given(&mut self, slots: &[Slot]) {
        for slot in slots {
            self.own.remove(slot);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.own.is_empty()
    }

    /// Whether the others may have everything.
    pub(super) fn has_left(&self) -> bool {
        self.ownership == Ownership::Sole || self.own.is_empty() && !self.has_joined
    }

    pub(super) fn left(&mut self) {
        self.has_joined = false;
        self.own.clear();
        self.deadline = None;
    }
}
