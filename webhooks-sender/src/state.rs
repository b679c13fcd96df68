//! The states of a delivery and the steps between them, as a pure function.
//!
//! ```text
//!                claimed                  2xx
//!  ┌─────────┐ ───────────▶ ┌─────────┐ ─────────────▶ ┌───────────┐
//!  │ pending │              │ sending │                │ delivered │
//!  └─────────┘ ◀─────────── └─────────┘ ─────────────▶ ┌───────────┐
//!    │     ▲   failed, tries    │         last try     │  failed   │
//!    │     │   left; or the     │         failed       └───────────┘
//!    │     │   lease ran out    │
//!    │     │                    │ cancelled or expired
//!    ▼     │                    ▼
//!  ┌──────────────────────────────┐     from delivered, failed and cancelled
//!  │          cancelled           │     a person's "retry" leads to pending
//!  └──────────────────────────────┘
//! ```
//!
//! `sending` is a lease that runs out, never a lock: a process that dies while sending gives the delivery back. That is
//! why a delivery can arrive twice, and why the message id stays the same.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Waits for its first or next try.
    Pending,
    /// A process has claimed it and is trying.
    Sending,
    /// The receiver answered with a status of success.
    Delivered,
    /// Every try failed.
    Failed,
    /// Given up before the schedule's end: by a person, because it expired, or because its subscription ended.
    Cancelled,
}

impl DeliveryState {
    /// The states, in the order of a delivery's life.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Sending,
        Self::Delivered,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Whether nothing happens any more unless somebody asks for it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled)
    }

    /// The state's name: `pending`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state behind a step, or `None` where that step cannot happen.
    ///
    /// ```
    /// use webhooks_sender::{DeliveryState, Step};
    ///
    /// assert_eq!(DeliveryState::Pending.after(Step::Claimed), Some(DeliveryState::Sending));
    /// assert_eq!(DeliveryState::Delivered.after(Step::Cancelled), None);
    /// ```
    pub const fn after(self, step: Step) -> Option<Self> {
        Some(match (self, step) {
            (Self::Pending, Step::Claimed) => Self::Sending,
            (Self::Sending, Step::Succeeded) => Self::Delivered,
            (Self::Sending, Step::FailedForNow | Step::LeaseRanOut) => Self::Pending,
            (Self::Sending, Step::FailedForGood) => Self::Failed,
            (Self::Pending | Self::Sending, Step::Cancelled | Step::Expired) => Self::Cancelled,
            // A pending delivery that is retried is tried now instead of later: one pending try, never two.
            (Self::Pending | Self::Delivered | Self::Failed | Self::Cancelled, Step::Retried) => {
                Self::Pending
            }
            _ => return None,
        })
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What can happen to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A process took it to try it.
    Claimed,
    /// The receiver accepted it.
    Succeeded,
    /// The try failed and another one follows.
    FailedForNow,
    /// The try failed and was the last.
    FailedForGood,
    /// The process that had claimed it did not report in time.
    LeaseRanOut,
    /// Somebody gave it up.
    Cancelled,
    /// Its message is no longer worth delivering.
    Expired,
    /// Somebody asked for another try.
    Retried,
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 8] = [
        Step::Claimed,
        Step::Succeeded,
        Step::FailedForNow,
        Step::FailedForGood,
        Step::LeaseRanOut,
        Step::Cancelled,
        Step::Expired,
        Step::Retried,
    ];

    #[test]
    fn only_a_person_brings_a_finished_delivery_back() {
        for state in DeliveryState::ALL
            .into_iter()
            .filter(|state| state.is_final())
        {
            for step in STEPS {
                let expected = (step == Step::Retried).then_some(DeliveryState::Pending);
                assert_eq!(state.after(step), expected, "{state} {step:?}");
            }
        }
    }

    #[test]
    fn every_state_is_reached_from_pending() {
        let mut reached = vec![DeliveryState::Pending];
        for index in 0..8 {
            let Some(&state) = reached.get(index) else {
                break;
            };
            for next in STEPS.into_iter().filter_map(|step| state.after(step)) {
                if !reached.contains(&next) {
                    reached.push(next);
                }
            }
        }
        reached.sort_unstable();
        assert_eq!(reached, DeliveryState::ALL);
    }

    #[test]
    fn an_outcome_needs_a_claim() {
        for outcome in [
            Step::Succeeded,
            Step::FailedForNow,
            Step::FailedForGood,
            Step::LeaseRanOut,
        ] {
            assert_eq!(DeliveryState::Pending.after(outcome), None);
        }
    }
}
