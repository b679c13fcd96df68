//! The small values everything here is made of: moments, places in a lane, versions of a row.

use std::time::Duration;

use crate::job::Id;

/// A moment of the process's monotonic clock: so long after some beginning. It comes in with each call; nothing here
/// reads a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Duration);

impl Moment {
    /// So long after the beginning.
    pub const fn after(beginning: Duration) -> Self {
        Self(beginning)
    }

    /// How long after the beginning.
    pub const fn since_beginning(self) -> Duration {
        self.0
    }

    /// How long until then; zero when it has passed.
    pub fn until(self, later: Self) -> Duration {
        later.0.saturating_sub(self.0)
    }

    /// A moment that is so much later.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }

    /// A moment that is so much earlier.
    #[must_use]
    pub fn minus(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(time))
    }
}

/// Where a row stands in its lane: by its time, then by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// When it is due, in milliseconds since 1970, by the database's clock.
    pub due_ms: i64,
    /// Which row.
    pub id: Id,
}

impl Place {
    /// Before every row.
    pub const FIRST: Self = Self {
        due_ms: i64::MIN,
        id: Id::from_bytes([0; 16]),
    };

    /// Behind every row that is due at this time.
    pub const fn end_of(due_ms: i64) -> Self {
        Self {
            due_ms,
            id: Id::from_bytes([0xff; 16]),
        }
    }

    /// The place immediately behind this one.
    #[must_use]
    pub fn next(self) -> Self {
        let id = u128::from_be_bytes(*self.id.as_bytes());
        match id.checked_add(1) {
            Some(id) => Self {
                due_ms: self.due_ms,
                id: Id::from_bytes(id.to_be_bytes()),
            },
            None => Self {
                due_ms: self.due_ms.saturating_add(1),
                id: Id::from_bytes([0; 16]),
            },
        }
    }

    /// The place immediately before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        let id = u128::from_be_bytes(*self.id.as_bytes());
        match id.checked_sub(1) {
            Some(id) => Self {
                due_ms: self.due_ms,
                id: Id::from_bytes(id.to_be_bytes()),
            },
            None => Self::end_of(self.due_ms.saturating_sub(1)),
        }
    }
}

/// The state of a row that an outcome is for.
///
/// A success ends any version of its generation. A failure counts for exactly the version that was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// How often the job had ended and was done again.
    pub generation: i64,
    /// How often its row was changed within the generation: by its owner's retries, and by others.
    pub change: i64,
}

impl Version {
    /// The lowest version that may exist once this generation has ended.
    #[must_use]
    pub(super) fn next_generation(self) -> Self {
        Self {
            generation: self.generation.saturating_add(1),
            change: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_lies_between_a_place_and_the_next() {
        let last = Place::end_of(5);
        assert_eq!(last.next().due_ms, 6);
        for place in [last, Place::end_of(5).previous(), last.next()] {
            assert!(place < place.next());
            assert_eq!(place.next().previous(), place);
        }
    }
}
