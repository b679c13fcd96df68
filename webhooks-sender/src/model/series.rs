//! What happened over all owners, or to one, step by step of a period: what a chart is drawn of.

use std::time::{Duration, SystemTime};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::{DateTime, millis, time};

/// Numbers over a period, oldest step first. Everything is put under the time at which its message was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SeriesOf{T}")]
#[non_exhaustive]
pub struct Series<T> {
    /// The steps.
    pub steps: Vec<T>,
}

/// The messages of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MessagesIn {
    /// When the step begins.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub since: SystemTime,
    /// Whether all that there is was counted. Of a step at most 10,000 are looked at.
    pub is_complete: bool,
    /// Messages that were sent and kept.
    pub sent: u32,
}

/// How the deliveries of a step's messages ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DeliveriesIn {
    /// When the step begins.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub since: SystemTime,
    /// Whether all that there is was counted. Of a step at most 10,000 are looked at.
    pub is_complete: bool,
    /// Deliveries that succeeded.
    pub delivered: u32,
    /// Deliveries that were given up after their last attempt.
    pub failed: u32,
    /// Deliveries that were called off.
    pub cancelled: u32,
}

/// The attempts at a step's messages, of subscriptions that still exist where one owner is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AttemptsIn {
    /// When the step begins.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub since: SystemTime,
    /// Whether all that there is was counted. Of a step at most 20,000 are looked at.
    pub is_complete: bool,
    /// How many had which kind of answer.
    pub answered: AnsweredIn,
    /// How many of them are of messages that are fetched instead of sent: no requests, so that they took no time.
    pub fetched: u32,
    /// How long the requests took on average, in milliseconds.
    #[serde(with = "millis", rename = "average_ms")]
    #[schemars(with = "u64")]
    pub average: Duration,
    /// How long the longest took, in milliseconds.
    #[serde(with = "millis", rename = "longest_ms")]
    #[schemars(with = "u64")]
    pub longest: Duration,
}

/// Attempts by their answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AnsweredIn {
    /// With a status of success, 2xx.
    pub success: u32,
    /// With a redirect, 3xx, or another status that is neither success nor error.
    pub redirect: u32,
    /// With an error of the request, 4xx.
    pub client_error: u32,
    /// With an error of the target, 5xx.
    pub server_error: u32,
    /// Without an answer.
    pub none: u32,
}

impl AnsweredIn {
    /// All of them.
    pub fn total(&self) -> u32 {
        let errors = self.client_error.saturating_add(self.server_error);
        let answered = self.success.saturating_add(self.redirect);
        answered.saturating_add(errors).saturating_add(self.none)
    }

    /// Counts attempts whose status begins with this digit; 0 for those without one.
    pub(crate) fn add(&mut self, class: i64, count: u32) {
        let own = match class {
            0 => &mut self.none,
            2 => &mut self.success,
            4 => &mut self.client_error,
            5 => &mut self.server_error,
            _ => &mut self.redirect,
        };
        *own = own.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attempt_is_counted_under_one_answer() {
        let mut answered = AnsweredIn::default();
        for (class, count) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (9, 7)] {
            answered.add(class, count);
        }
        let expected = AnsweredIn {
            success: 3,
            redirect: 13,
            client_error: 5,
            server_error: 6,
            none: 1,
        };
        assert_eq!((answered, answered.total()), (expected, 28));
    }
}
