//! One difference between two catalogues.

use std::fmt;

use serde::Serialize;

use super::rule::Rule;
use crate::pointer::Pointer;

/// One of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The one that receivers were written for.
    Old,
    /// The one that is to replace it.
    New,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Old => "old",
            Self::New => "new",
        })
    }
}

/// A difference, judged from the point of view of a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The rule's name.
    pub rule: &'static str,
    /// Whether a receiver that was written for the old catalogue may fail.
    pub breaking: bool,
    /// The place.
    pub pointer: Pointer,
    /// The document in which the place is: the old one for what was removed.
    pub document: Side,
    /// The events whose messages are affected, in alphabetical order.
    pub events: Vec<String>,
    /// What changed.
    pub message: String,
    /// Why it does or does not break a receiver.
    pub reason: &'static str,
}

/// A change before it is known how many events it affects.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Draft {
    rule: &'static str,
    breaking: bool,
    pointer: Pointer,
    document: Side,
    message: String,
    reason: &'static str,
}

impl Draft {
    pub(super) fn new(
        rule: &'static Rule,
        document: Side,
        pointer: Pointer,
        message: impl Into<String>,
    ) -> Self {
        let Rule {
            name,
            breaking,
            reason,
        } = rule;
        Self {
            rule: name,
            breaking: *breaking,
            pointer,
            document,
            message: message.into(),
            reason,
        }
    }

    /// A change of a schema: what it does to a receiver depends on who writes what the schema describes.
    pub(super) fn judged(
        rule: &'static str,
        (breaking, reason): (bool, &'static str),
        (document, pointer): (Side, Pointer),
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            breaking,
            pointer,
            document,
            message: message.into(),
            reason,
        }
    }

    pub(super) fn into_change(self, events: Vec<String>) -> Change {
        let Self {
            rule,
            breaking,
            pointer,
            document,
            message,
            reason,
        } = self;
        Change {
            rule,
            breaking,
            pointer,
            document,
            events,
            message,
            reason,
        }
    }
}
