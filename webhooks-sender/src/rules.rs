//! The rules by which a sender works, with their defaults.

use std::time::Duration;

use crate::breaker::CircuitBreaker;
use crate::deactivation::DeactivationRule;
use crate::model::Owner;
use crate::retry::RetrySchedule;

/// How long things are kept. Each ends by itself, and with what it belongs to.
///
/// What still waits to be delivered is kept as long as it waits, with its payload.
///
/// ```
/// use std::time::Duration;
/// use webhooks_sender::settings::Retention;
///
/// // Customers' data goes as soon as it has been delivered; that it was delivered is known for 30 days.
/// let retention = Retention { payloads: Duration::ZERO, responses: Duration::ZERO, ..Retention::default() };
/// # let _ = retention;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Messages and their finished deliveries, each with its last attempt, counted from when the message was sent; 30 days
    /// by default. A delivery that ends later than that is kept as long after its end. Make it longer than the schedule of
    /// retries.
    ///
    /// On PostgreSQL deliveries that are kept for two days or longer go by whole days, up to a day later.
    pub messages: Duration,
    /// The payloads of messages without waiting deliveries, counted from when they were sent; 30 days by default. The
    /// message stays, without a body; it cannot be sent again.
    pub payloads: Duration,
    /// The attempts before the last one, counted from when the message was sent; 30 days by default.
    pub attempts: Duration,
    /// The bodies of answers, counted from when they came; 7 days by default.
    pub responses: Duration,
    /// Deliveries that wait to be [fetched](crate::Account::poll), counted from when they were due; 14 days by default, and
    /// as long as messages at most. Then they have failed, with the word `unfetched`.
    pub unfetched: Duration,
    /// The audit trail, counted from each change; a year by default.
    pub audit: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 24 * 3600);
        Self {
            messages: days(30),
            payloads: days(30),
            attempts: days(30),
            responses: days(7),
            unfetched: days(14),
            audit: days(365),
        }
    }
}

/// It is renewed three times before it ends, over a network.
const SHORTEST_LEASE: Duration = Duration::from_secs(1);

/// The rules; each is set by the method of the builder that has its name.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) retries: RetrySchedule,
    pub(crate) deactivation: DeactivationRule,
    pub(crate) breaker: CircuitBreaker,
    pub(crate) retention: Retention,
    /// Concurrent requests to one subscription.
    pub(crate) concurrency: u16,
    /// Deliveries that one process holds, waiting or under way.
    pub(crate) in_flight: u32,
    pub(crate) lease: Duration,
    /// The largest body, in bytes.
    pub(crate) body_limit: usize,
    /// The most subscriptions for which a send makes the deliveries itself.
    pub(crate) fan_out_inline: u32,
    /// The most subscriptions that a customer can make.
    pub(crate) subscriptions_per_owner: u32,
    /// The owner who receives operational events.
    pub(crate) operator: Option<String>,
    /// How long a shutdown waits for requests that are under way.
    pub(crate) drain: Duration,
    /// The longest that a worker sleeps without a wake-up.
    pub(crate) poll: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            retries: RetrySchedule::standard(),
            deactivation: DeactivationRule::default(),
            breaker: CircuitBreaker::default(),
            retention: Retention::default(),
            concurrency: 32,
            in_flight: 2048,
            lease: Duration::from_secs(12),
            body_limit: 1024 * 1024,
            fan_out_inline: 32,
            subscriptions_per_owner: 100,
            operator: None,
            drain: Duration::from_secs(25),
            poll: Duration::from_secs(1),
        }
    }
}

impl Rules {
    /// What cannot work, as text for a person; `timeout` is the transport's.
    pub(crate) fn problem(&self, timeout: Duration) -> Option<String> {
        if timeout.is_zero() {
            return Some(
                "the time-out of a request is zero; give the transport some time".to_owned(),
            );
        }
        if self.lease < SHORTEST_LEASE {
            return Some(format!(
                "the lease ({:?}) must be at least {SHORTEST_LEASE:?}, or a process that is slow for a moment loses its \
                 lanes; make `lease` longer",
                self.lease
            ));
        }
        if self.concurrency == 0 || self.in_flight == 0 {
            return Some("`concurrency` must be at least 1".to_owned());
        }
        if self.body_limit == 0 {
            return Some(
                "no message has a body of at most 0 bytes: make `body_limit` larger".to_owned(),
            );
        }
        if self
            .operator
            .as_deref()
            .is_some_and(|owner| !Owner::is_valid(owner))
        {
            return Some(format!(
                "the owner passed to `operational_events_to` is invalid: {}",
                Owner::RULE
            ));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_ends_before_it_can_be_renewed_is_refused() {
        let rules = Rules {
            lease: Duration::from_millis(999),
            ..Rules::default()
        };
        assert!(
            rules
                .problem(Duration::from_secs(20))
                .is_some_and(|problem| problem.contains("lease"))
        );
        assert_eq!(Rules::default().problem(Duration::from_secs(20)), None);
        for (rules, text) in [
            (
                Rules {
                    concurrency: 0,
                    ..Rules::default()
                },
                "concurrency",
            ),
            (
                Rules {
                    body_limit: 0,
                    ..Rules::default()
                },
                "body_limit",
            ),
            (
                Rules {
                    operator: Some(String::new()),
                    ..Rules::default()
                },
                "operational_events_to",
            ),
        ] {
            assert!(
                rules
                    .problem(Duration::from_secs(1))
                    .is_some_and(|problem| problem.contains(text)),
                "{text}"
            );
        }
        assert!(
            Rules::default()
                .problem(Duration::ZERO)
                .is_some_and(|problem| problem.contains("time-out"))
        );
    }
}
