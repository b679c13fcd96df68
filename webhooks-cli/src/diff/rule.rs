//! The rules with one verdict, and the names of all.

use super::{event, operation, parameter, payload, response, schema, security};

/// A kind of change with its verdict.
#[derive(Debug)]
pub struct Rule {
    /// What it is called in reports.
    pub name: &'static str,
    /// Whether it breaks receivers.
    pub breaking: bool,
    /// Why.
    pub reason: &'static str,
}

/// The names of all kinds of changes. Those of schemas are breaking or not depending on who writes what is described:
/// see the reason of each change.
pub fn rules() -> Vec<&'static str> {
    let groups: [&[&'static Rule]; 6] = [
        event::RULES,
        operation::RULES,
        parameter::RULES,
        payload::RULES,
        security::RULES,
        response::RULES,
    ];
    let fixed = groups.into_iter().flatten().map(|rule| rule.name);
    fixed.chain(schema::RULES.iter().copied()).collect()
}
