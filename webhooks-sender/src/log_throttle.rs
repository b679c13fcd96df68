//! Logs the first of a run of identical errors, then at most one every five minutes.
//!
//! A database that is unreachable fails every duty of the engine at every poll. The first line says why; thousands of
//! equal ones would hide everything else that happens.

use std::time::Duration;

use tokio::time::Instant;

/// How long an identical error is not logged again.
const QUIET: Duration = Duration::from_mins(5);

/// What was logged last by one duty.
#[derive(Debug, Default)]
pub(crate) struct LogThrottle {
    last: Option<(String, Instant)>,
    suppressed: u32,
}

impl LogThrottle {
    /// Takes note of an error at the time `now`; returns the text to log, if any.
    pub(crate) fn observe(&mut self, error: &impl ToString, now: Instant) -> Option<String> {
        let error = error.to_string();
        let last = self.last.as_ref().map(|(text, at)| (text.as_str(), *at));
        if !is_due(last, &error, now) {
            self.suppressed = self.suppressed.saturating_add(1);
            return None;
        }
        let suppressed = std::mem::take(&mut self.suppressed);
        let line = if suppressed == 0 {
            error.clone()
        } else {
            format!("{error} ({suppressed} more since the last line)")
        };
        self.last = Some((error, now));
        Some(line)
    }
}

/// A different error is logged immediately.
fn is_due(last: Option<(&str, Instant)>, error: &str, now: Instant) -> bool {
    last.is_none_or(|(text, at)| text != error || now.saturating_duration_since(at) >= QUIET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_repeats_is_logged_once_and_then_every_five_minutes_with_their_number() {
        let (mut throttle, start) = (LogThrottle::default(), Instant::now());
        let lines: Vec<_> = (0..=601)
            .filter_map(|second| {
                throttle.observe(&"no connection", start + Duration::from_secs(second))
            })
            .collect();
        let again = "no connection (299 more since the last line)";
        assert_eq!(lines, ["no connection", again, again]);
    }

    #[test]
    fn a_different_error_is_logged_immediately() {
        let (mut throttle, now) = (LogThrottle::default(), Instant::now());
        assert_eq!(
            throttle.observe(&"no connection", now).as_deref(),
            Some("no connection")
        );
        assert_eq!(
            throttle.observe(&"no space", now).as_deref(),
            Some("no space")
        );
    }
}
