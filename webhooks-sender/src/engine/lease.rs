//! Until when this process may believe that its lanes are its own, as its requests see it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use webhooks_store::lanes::Moment;

/// The end of this process's lease, by its monotonic clock.
pub(super) struct Lease {
    beginning: Instant,
    until: AtomicU64,
}

impl Lease {
    pub(super) fn new() -> Self {
        Self {
            beginning: Instant::now(),
            until: AtomicU64::new(0),
        }
    }

    /// The moment that it is.
    pub(super) fn now(&self) -> Moment {
        Moment::after(self.beginning.elapsed())
    }

    /// The instant of a moment.
    pub(super) fn instant(&self, moment: Moment) -> tokio::time::Instant {
        let beginning = tokio::time::Instant::from_std(self.beginning);
        let after = moment.since_beginning();
        // What lies beyond the end of the clock is as good as far away.
        beginning
            .checked_add(after)
            .unwrap_or_else(|| beginning + FAR)
    }

    /// It lasts until then; without an end, for ever.
    pub(super) fn set(&self, until: Option<Moment>) {
        let until = until.map(|until| until.since_beginning().as_micros());
        let until = until.map_or(u64::MAX, |until| u64::try_from(until).unwrap_or(u64::MAX));
        self.until.store(until, Ordering::Release);
    }

    /// Whether it lasts. To be asked right before a request.
    pub(super) fn is_held(&self) -> bool {
        self.beginning.elapsed().as_micros() < u128::from(self.until.load(Ordering::Acquire))
    }
}

const FAR: std::time::Duration = std::time::Duration::from_hours(24 * 365);
