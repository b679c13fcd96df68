//! What those who run a sender look at: its processes, the keys that seal, whose the subscriptions are, and what holds all
//! deliveries back.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::{DateTime, time};

/// Which processes make deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Processes {
    /// Each of them, those with the most slots first.
    pub processes: Vec<Process>,
    /// Slots that no process has at this moment: what is in them waits.
    pub free_slots: u32,
}

/// A process that makes deliveries. Subscriptions are spread over 256 slots, each of which one process has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Process {
    /// Its name, made by the database when it joined.
    pub name: String,
    /// How many slots it has.
    pub slots: u32,
    /// How much of the work it takes, compared with the others.
    pub capacity: u32,
    /// Whether its lease has not run out. One that died is removed by the others.
    pub is_alive: bool,
    /// Whether it is the one that answers.
    pub is_answering: bool,
}

/// A key that seals, or has sealed, the secrets of subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SealingKeyUse {
    /// Its id; empty for secrets that are not encrypted.
    pub id: String,
    /// How many subscriptions have theirs sealed with it; 10,000 means at least as many.
    pub subscriptions: u32,
    /// Whether it is the one that seals now.
    pub is_newest: bool,
    /// Whether the process that answers was given it.
    pub is_known: bool,
}

/// What one owner has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct OwnerTotals {
    /// Who it is.
    pub owner: String,
    /// How many subscriptions; 1,000 means at least as many.
    pub subscriptions: u32,
    /// How many of these are paused or switched off.
    pub inactive: u32,
    /// How many deliveries to up to 100 of them wait; 1,000 means at least as many.
    pub waiting: u32,
}

/// That all deliveries are held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PauseOfAll {
    /// Since when.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub since: SystemTime,
    /// Who did it; none where the application did not say.
    pub actor: Option<String>,
}
