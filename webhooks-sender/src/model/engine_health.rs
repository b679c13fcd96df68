//! How the engine of a process does.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::maybe_millis;

/// How the engine of this process does, for a health check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "How the engine of the process that answers does.")]
#[non_exhaustive]
pub struct EngineHealth {
    /// Its duties: parts that work on their own.
    pub duties: Vec<DutyHealth>,
}

/// How one duty of the engine does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "How one duty of the engine does.")]
#[non_exhaustive]
pub struct DutyHealth {
    /// What it does: `dispatcher`, `completer`, `fanner`, `jobs` and so on, as in the metrics.
    pub name: String,
    /// Whether it runs. One that panicked does not for a second, and is started again.
    pub is_running: bool,
    /// How often it panicked and was started again.
    pub restarts: u32,
    /// For how long each of its steps has failed; none where the last one succeeded. In milliseconds in JSON.
    #[serde(rename = "failing_for_ms", with = "maybe_millis")]
    #[schemars(with = "Option<u64>")]
    pub failing_for: Option<Duration>,
    /// Why the last step failed.
    pub error: Option<String>,
}

impl EngineHealth {
    /// Whether every duty runs, and none has failed for so long. A database that is away for a moment does not call for
    /// a restart.
    pub fn is_well(&self, patience: Duration) -> bool {
        let is_well = |duty: &DutyHealth| {
            duty.is_running && duty.failing_for.is_none_or(|time| time < patience)
        };
        self.duties.iter().all(is_well)
    }
}
