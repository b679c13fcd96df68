//! The rule of the circuit breaker of a subscription. Its state is the lane's, in the process that owns it.

use std::time::Duration;

/// Leaves a subscription alone for a while when it fails again and again, so that a dead target costs no time-outs.
///
/// Closed (everything is sent), open (nothing is sent until a time), half-open (one try decides). Deliveries that wait
/// for an open breaker use up none of their tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircuitBreaker {
    /// Failures in a row that open it; 10 by default.
    pub threshold: u32,
    /// How long it stays open the first time; each failed trial doubles it. 10 seconds by default.
    pub pause: Duration,
    /// The longest pause; 5 minutes by default.
    pub longest_pause: Duration,
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        Self {
            threshold: 10,
            pause: Duration::from_secs(10),
            longest_pause: Duration::from_mins(5),
        }
    }
}
