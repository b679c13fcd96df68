//! What the API says of changes and of work in the background.

use serde::Deserialize;
use serde_json::Value;

use super::At;
use crate::foreign::Foreign;

/// A change: who did what, when, to what.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AuditEntry {
    pub(crate) at: At,
    #[serde(default)]
    pub(crate) owner: Foreign,
    pub(crate) actor: Option<Foreign>,
    pub(crate) action: Foreign,
    pub(crate) subject: Foreign,
    #[serde(default)]
    pub(crate) before: Option<Value>,
    #[serde(default)]
    pub(crate) after: Option<Value>,
}

/// Work over many deliveries or messages.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: Foreign,
    #[serde(default)]
    pub(crate) owner: Option<Foreign>,
    pub(crate) kind: Foreign,
    #[serde(default)]
    pub(crate) subscription: Option<Foreign>,
    #[serde(default)]
    pub(crate) dry_run: bool,
    pub(crate) state: JobState,
    pub(crate) done: u64,
    #[serde(default)]
    pub(crate) reason: Option<Foreign>,
    pub(crate) created: At,
    #[serde(default)]
    pub(crate) finished: Option<At>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    Running,
    Finished,
    Failed,
    Cancelled,
    /// One of a newer API.
    #[serde(other)]
    Unknown,
}

/// How deliveries ended, step by step.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Statistics {
    pub(crate) waiting: u32,
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Step {
    pub(crate) since: At,
    /// Whether all that there is was counted, where the API says so.
    #[serde(default = "yes")]
    pub(crate) is_complete: bool,
    pub(crate) delivered: u32,
    pub(crate) failed: u32,
    pub(crate) cancelled: u32,
}

const fn yes() -> bool {
    true
}

impl Step {
    pub(crate) const fn all(&self) -> u32 {
        self.delivered
            .saturating_add(self.failed)
            .saturating_add(self.cancelled)
    }
}
