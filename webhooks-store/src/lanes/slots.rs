//! Which slots this process owns, and until when it may believe so.
//!
//! The lease of a process is one row. What this process believes ends earlier than what the others see: it counts from
//! before the statement that renewed the lease was sent, on its own monotonic clock, and less a margin.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ask::{Membership, OwnSlot};
use super::place::Moment;
use crate::lane::{LaneName, Slot};

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

/// Slots, each with its epoch.
type Epochs = Vec<(Slot, i64)>;

/// A slot of this process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Own {
    epoch: i64,
    /// Its owners have died of late.
    is_doubtful: bool,
    /// Nothing new is begun in it, and it is given back when everything has ended.
    is_draining: bool,
    sweep: Sweep,
}

/// How far the lanes of a slot have been found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Sweep {
    Start,
    After(LaneName),
    Done,
}

/// The slots of this process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slots {
    ownership: Ownership,
    own: BTreeMap<Slot, Own>,
    has_joined: bool,
    deadline: Option<Moment>,
    /// [`None`]: now.
    next_beat: Option<Moment>,
    share: u32,
    free: u32,
    next_drain: Moment,
    is_leaving: bool,
}

/// So long after a lease has ended it is looked at.
const AFTER_END: Duration = Duration::from_millis(2);
/// A slot whose lanes are given back to balance the processes, at most one in this time.
const BETWEEN_DRAINS: Duration = Duration::from_secs(1);

impl Slots {
    pub(super) fn new(ownership: Ownership) -> Self {
        let own = match ownership {
            Ownership::Sole => Slot::all().map(|slot| (slot, Own::new(0, false))).collect(),
            Ownership::Shared { .. } => BTreeMap::new(),
        };
        Self {
            ownership,
            own,
            has_joined: false,
            deadline: None,
            next_beat: None,
            share: 0,
            free: 0,
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
        self.share.saturating_sub(self.count()).min(self.free)
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
            (self.share, self.free) = (0, 0);
            return (
                std::mem::take(&mut self.own).into_keys().collect(),
                Vec::new(),
            );
        };
        self.has_joined = true;
        self.deadline = Some(sent_at.plus(ttl).minus(margin));
        (self.share, self.free) = (membership.share, membership.free);
        let current = membership.own.into_iter().map(|own| (own.slot, own));
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
                Own::new(now.epoch, now.is_doubtful)
            });
            own.is_doubtful = now.is_doubtful;
        }
        if self.is_leaving {
            self.own.values_mut().for_each(|own| own.is_draining = true);
        }
        // Who has much less than its share looks often, for what others give back.
        let is_short = self.count() + self.free < self.share - self.share / 8;
        let pause = if is_short {
            beat.min(BETWEEN_DRAINS)
        } else {
            beat
        };
        // Where another process does not renew its lease, its slots are taken when that ends.
        let end = membership.next_end.map(|left| now.plus(left + AFTER_END));
        self.next_beat = Some(end.map_or(sent_at.plus(pause), |end| end.min(sent_at.plus(pause))));
        (lost, new)
    }

    fn count(&self) -> u32 {
        u32::try_from(self.own.len()).unwrap_or(u32::MAX)
    }

    /// The deadline has passed without a beat. Returns the slots that are lost.
    pub(super) fn expire(&mut self) -> Vec<Slot> {
        self.deadline = None;
        self.next_beat = None;
        std::mem::take(&mut self.own).into_keys().collect()
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
        for own in slots {
            self.own
                .insert(own.slot, Own::new(own.epoch, own.is_doubtful));
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
            .filter(|(slot, _)| !is_busy(**slot));
        for (_, own) in idle.take(surplus) {
            own.is_draining = true;
            surplus -= 1;
        }
        if surplus == 0 || now < self.next_drain {
            return;
        }
        self.next_drain = now.plus(BETWEEN_DRAINS);
        let busy = self.own.values_mut().rev().filter(|own| !own.is_draining);
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

    pub(super) fn draining(&self) -> Vec<Slot> {
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

    /// The slots whose lanes are to be found next, with their epochs, and behind which lane of the first of them.
    pub(super) fn unswept(&self) -> Option<(Epochs, Option<LaneName>)> {
        let held = self.own.iter().filter(|(_, own)| !own.is_draining);
        let mut held = held.filter(|(_, own)| own.sweep != Sweep::Done);
        let (first, own) = held.next()?;
        let after = match &own.sweep {
            Sweep::After(lane) => Some(lane.clone()),
            Sweep::Start | Sweep::Done => None,
        };
        let further = held.filter(|(_, own)| own.sweep == Sweep::Start);
        let slots = std::iter::once((first, own)).chain(further);
        Some((slots.map(|(slot, own)| (*slot, own.epoch)).collect(), after))
    }

    /// Whether the sweep of its slot has passed a lane.
    pub(super) fn has_swept(&self, lane: &LaneName) -> bool {
        self.own
            .get(&lane.slot)
            .is_some_and(|own| match &own.sweep {
                Sweep::Start => false,
                Sweep::After(after) => lane <= after,
                Sweep::Done => true,
            })
    }

    /// The lanes of these slots are known, up to a lane if that was not the last.
    pub(super) fn swept(&mut self, slots: &[Slot], up_to: Option<&LaneName>) {
        for slot in slots {
            let Some(own) = self.own.get_mut(slot) else {
                continue;
            };
            match up_to {
                Some(lane) if lane.slot < *slot => {}
                Some(lane) if lane.slot == *slot => own.sweep = Sweep::After(lane.clone()),
                _ => own.sweep = Sweep::Done,
            }
        }
    }

    /// The lanes of a slot are to be found anew.
    pub(super) fn sweep_again(&mut self, slot: Slot) {
        if let Some(own) = self.own.get_mut(&slot) {
            own.sweep = Sweep::Start;
        }
    }

    pub(super) fn all_swept(&self) -> bool {
        self.own.values().all(|own| own.sweep == Sweep::Done)
    }
}

impl Own {
    fn new(epoch: i64, is_doubtful: bool) -> Self {
        Self {
            epoch,
            is_doubtful,
            is_draining: false,
            sweep: Sweep::Start,
        }
    }
}
