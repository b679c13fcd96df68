//! What becomes of the duties of this process's engine, so that a health check can tell of one that was restarted, stopped
//! or fails.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::model::{DutyHealth, EngineHealth};

/// The duties of an engine. Empty where none runs.
#[derive(Debug, Default)]
pub(crate) struct Duties {
    by_name: Mutex<BTreeMap<&'static str, Duty>>,
}

#[derive(Debug, Default)]
struct Duty {
    is_running: bool,
    restarts: u32,
    /// Since when, and why the last time.
    failing: Option<(Instant, String)>,
}

impl Duties {
    /// A duty starts, or starts again.
    pub(crate) fn start(&self, name: &'static str) {
        self.lock().entry(name).or_default().is_running = true;
    }

    /// A duty panicked.
    pub(crate) fn panic(&self, name: &'static str) {
        let mut duties = self.lock();
        let duty = duties.entry(name).or_default();
        (duty.is_running, duty.restarts) = (false, duty.restarts.saturating_add(1));
    }

    /// A duty has ended, and is not started again.
    pub(crate) fn end(&self, name: &'static str) {
        self.lock().entry(name).or_default().is_running = false;
    }

    /// A step of a duty has failed.
    pub(crate) fn fail(&self, name: &'static str, error: String, now: Instant) {
        let mut duties = self.lock();
        let duty = duties.entry(name).or_default();
        let since = duty.failing.as_ref().map_or(now, |(since, _)| *since);
        duty.failing = Some((since, error));
    }

    /// A step of a duty has succeeded.
    pub(crate) fn succeed(&self, name: &'static str) {
        if let Some(duty) = self.lock().get_mut(name) {
            duty.failing = None;
        }
    }

    /// The engine was stopped.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// How they do; [`None`] without an engine.
    pub(crate) fn health(&self, now: Instant) -> Option<EngineHealth> {
        let duties = self.lock();
        let shown = |(name, duty): (&&'static str, &Duty)| DutyHealth {
            name: (*name).to_owned(),
            is_running: duty.is_running,
            restarts: duty.restarts,
            failing_for: duty
                .failing
                .as_ref()
                .map(|(since, _)| now.saturating_duration_since(*since)),
            error: duty.failing.as_ref().map(|(_, error)| error.clone()),
        };
        let duties: Vec<_> = duties.iter().map(shown).collect();
        (!duties.is_empty()).then_some(EngineHealth { duties })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Duty>> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_duty_that_stopped_or_fails_for_long_is_told() {
        let (duties, start) = (Duties::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(duties.health(start), None, "without an engine");
        for name in ["dispatcher", "pruner"] {
            duties.start(name);
        }
        let minute = Duration::from_mins(1);
        let is_well = |now| {
            duties
                .health(now)
                .is_some_and(|health| health.is_well(minute))
        };
        assert!(is_well(start));

        duties.fail("pruner", "the database does not answer".to_owned(), start);
        duties.fail("pruner", "the database is read-only".to_owned(), after(59));
        assert!(is_well(after(59)));
        assert!(!is_well(after(60)));
        let health = duties.health(after(60)).expect("an engine");
        assert_eq!(health.duties[1].failing_for, Some(minute));
        assert_eq!(
            health.duties[1].error.as_deref(),
            Some("the database is read-only")
        );
        duties.succeed("pruner");
        assert!(is_well(after(61)));

        duties.panic("dispatcher");
        assert!(!is_well(after(62)));
        duties.start("dispatcher");
        assert!(is_well(after(63)));
        assert_eq!(
            duties.health(after(63)).expect("an engine").duties[0].restarts,
            1
        );
        duties.end("dispatcher");
        assert!(!is_well(after(64)));
        duties.clear();
        assert_eq!(duties.health(after(65)), None);
    }
}
