//! What a document in the words of an older version does not say.

use std::fmt;

use serde_json::Value;

use crate::openapi::pointer;

/// A document in an older version, and what of the original it cannot say.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DowngradedDocument {
    /// The document.
    pub document: Value,
    /// What was lost, sorted by place.
    pub losses: Vec<Loss>,
}

/// One thing that was lost, and why.
///
/// Its text reads `#/info/summary: 3.0 has no summary of an API`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    pointer: String,
    reason: String,
}

impl Loss {
    /// Where it stood in the original, as a JSON pointer behind `#`.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Why it could not be kept.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.reason)
    }
}

/// Losses while they are found.
#[derive(Debug, Default)]
pub(crate) struct Losses(Vec<Loss>);

impl Losses {
    /// What stood at this pointer is lost.
    pub(crate) fn add(&mut self, pointer: &str, reason: impl Into<String>) {
        self.0.push(Loss {
            pointer: format!("#{pointer}"),
            reason: reason.into(),
        });
    }

    /// The member of what is at this pointer is lost.
    pub(crate) fn add_member(&mut self, pointer: &str, member: &str, reason: impl Into<String>) {
        let mut pointer = pointer.to_owned();
        pointer::push(&mut pointer, member);
        self.add(&pointer, reason);
    }

    /// Each loss once, sorted by place.
    pub(crate) fn in_order(mut self) -> Vec<Loss> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// More of them are to come.
impl From<Vec<Loss>> for Losses {
    fn from(losses: Vec<Loss>) -> Self {
        Self(losses)
    }
}
