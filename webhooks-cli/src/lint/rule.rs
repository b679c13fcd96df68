//! What a rule is, what it looks at, and what it reports.

use std::fmt;

use serde::Serialize;

use super::subject::Subject;
use crate::pointer::Pointer;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Some tool shows or generates less than it could.
    Warning,
    /// The document is invalid, or some tool refuses it or loses a webhook.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One rule.
#[derive(Serialize)]
pub struct Rule {
    /// What it is called in reports and for `--ignore`.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What happens to a document that breaks it.
    pub reason: &'static str,
    #[serde(skip)]
    pub(super) check: fn(&Subject<'_>, &mut Report<'_>),
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("name", &self.name)
            .field("severity", &self.severity)
            .finish_non_exhaustive()
    }
}

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The place.
    pub pointer: Pointer,
    /// What was found there and what to write.
    pub message: String,
    /// Why the rule is there.
    pub reason: &'static str,
}

/// Where one rule writes what it finds.
pub(super) struct Report<'f> {
    rule: &'static Rule,
    findings: &'f mut Vec<Finding>,
}

impl<'f> Report<'f> {
    pub(super) fn new(rule: &'static Rule, findings: &'f mut Vec<Finding>) -> Self {
        Self { rule, findings }
    }

    pub(super) fn add(&mut self, pointer: Pointer, message: impl Into<String>) {
        let Rule {
            name,
            severity,
            reason,
            ..
        } = self.rule;
        self.findings.push(Finding {
            rule: name,
            severity: *severity,
            pointer,
            message: message.into(),
            reason,
        });
    }
}
