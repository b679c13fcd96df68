//! Checks a document against the rules that tools force on webhooks.
//!
//! Each rule has a name, a reason and a test. The rules come from what pages, validators, generators and importers do
//! with a `webhooks` section, and from mistakes that frameworks make in documents that are valid all the same.

mod body;
mod event;
mod operation;
mod parameter;
mod reference;
mod response;
mod root;
mod rule;
mod schema;
mod security;
mod subject;
mod tag;
#[cfg(test)]
mod tests;

use self::rule::Report;
pub use self::rule::{Finding, Rule, Severity};
use self::subject::Subject;
use crate::document::Document;

/// All rules, in the order in which a document is read.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let groups: [&'static [Rule]; 10] = [
        root::RULES,
        event::RULES,
        operation::RULES,
        tag::RULES,
        security::RULES,
        parameter::RULES,
        body::RULES,
        response::RULES,
        reference::RULES,
        schema::RULES,
    ];
    groups.into_iter().flatten()
}

/// Everything that breaks a rule, in the order of places.
///
/// ```
/// use webhooks_cli::{Document, lint};
///
/// let text = r##"{
///     "openapi": "3.1.0",
///     "info": {"title": "Payments", "version": "1.0.0"},
///     "paths": {},
///     "webhooks": {"payment.created": {"$ref": "#/components/pathItems/Payment"}}
/// }"##;
/// let findings = lint::lint(&Document::parse(text.as_bytes())?);
/// let names: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(names, ["path-item-reference", "reference-dangling"]);
/// # Ok::<(), webhooks_cli::DocumentError>(())
/// ```
pub fn lint(document: &Document) -> Vec<Finding> {
    let subject = Subject::of(document);
    let mut findings = Vec::new();
    for rule in rules() {
        (rule.check)(&subject, &mut Report::new(rule, &mut findings));
    }
    findings.sort_by(|a, b| (&a.pointer, a.rule).cmp(&(&b.pointer, b.rule)));
    // A part that several webhooks share is met once for each of them.
    findings.dedup();
    findings
}
