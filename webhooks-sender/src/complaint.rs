//! A failure that comes again every second is logged once, and then rarely.
//!
//! A database that is away fails each duty at each of its turns. The first line says why; a thousand equal ones behind it
//! would only hide what else happens.

use std::time::Duration;

use tokio::time::Instant;

/// How long an equal failure is not told again.
const QUIET: Duration = Duration::from_mins(5);

/// What a duty last complained of.
#[derive(Debug, Default)]
pub(crate) struct Complaint {
    last: Option<(String, Instant)>,
    unsaid: u32,
}

impl Complaint {
    /// What to write into the log about a failure at the time `now`, if anything.
    pub(crate) fn about(&mut self, reason: &impl ToString, now: Instant) -> Option<String> {
        let reason = reason.to_string();
        let last = self.last.as_ref().map(|(said, at)| (said.as_str(), *at));
        if !is_due(last, &reason, now) {
            self.unsaid = self.unsaid.saturating_add(1);
            return None;
        }
        let unsaid = std::mem::take(&mut self.unsaid);
        let line = if unsaid == 0 {
            reason.clone()
        } else {
            format!("{reason} ({unsaid} more since the last line)")
        };
        self.last = Some((reason, now));
        Some(line)
    }
}

/// Another failure is told at once.
fn is_due(last: Option<(&str, Instant)>, reason: &str, now: Instant) -> bool {
    last.is_none_or(|(said, at)| said != reason || now.saturating_duration_since(at) >= QUIET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_repeats_is_told_once_and_then_every_five_minutes_with_their_number() {
        let (mut complaint, start) = (Complaint::default(), Instant::now());
        let told: Vec<_> = (0..=601)
            .filter_map(|second| {
                complaint.about(&"no connection", start + Duration::from_secs(second))
            })
            .collect();
        let again = "no connection (299 more since the last line)";
        assert_eq!(told, ["no connection", again, again]);
    }

    #[test]
    fn another_failure_is_told_at_once() {
        let (mut complaint, now) = (Complaint::default(), Instant::now());
        assert_eq!(
            complaint.about(&"no connection", now).as_deref(),
            Some("no connection")
        );
        assert_eq!(
            complaint.about(&"no space", now).as_deref(),
            Some("no space")
        );
    }
}
