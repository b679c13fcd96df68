//! How stored static subscriptions differ from those of a process.

use schemars::JsonSchema;
use serde::Serialize;

use super::{SubscriptionId, SubscriptionState};

/// The static subscriptions, compared with those that the process that answers was started with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StaticReport {
    /// Whether they were compared: a process that was started without any knows of no difference.
    pub is_compared: bool,
    /// By their keys.
    pub subscriptions: Vec<StaticState>,
}

/// One static subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StaticState {
    /// Its key in the configuration.
    pub key: String,
    /// Its id; none where it is not stored.
    pub id: Option<SubscriptionId>,
    /// Whose it is.
    pub owner: String,
    /// Where its requests go, as stored, or as configured where it is not stored.
    pub target: String,
    /// Whether it receives messages; none where it is not stored.
    pub state: Option<SubscriptionState>,
    /// What differs; nothing where all is as configured.
    pub drift: Vec<StaticDrift>,
}

/// What of a static subscription differs from the configuration of a process. Another process with another configuration has
/// been started since, or a row was changed by hand; the next start of this one takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StaticDrift {
    /// It is configured and not stored.
    Missing,
    /// It is in use, and not configured.
    NotConfigured,
    /// It is configured, and was retired.
    Retired,
    /// Its owner.
    Owner,
    /// Its target.
    Target,
    /// Its events, headers, labels, limits and so on.
    Settings,
    /// Its secrets.
    Secrets,
    /// It cannot be read here: a newer version wrote it, or its key is missing.
    Unreadable,
}
