//! Headers, query parameters and cookies that a receiver gets.

use super::change::{Draft, Side};
use super::rule::Rule;
use super::schema::{Comparison, Writer};
use crate::catalogue::{Operation, Parameter};
use crate::reference::Part;

const ADDED: Rule = Rule {
    name: "parameter-added",
    breaking: false,
    reason: "a receiver ignores headers and parameters that it does not know",
};
const REMOVED: Rule = Rule {
    name: "parameter-removed",
    breaking: true,
    reason: "a receiver that reads it does not find it",
};
const OPTIONAL: Rule = Rule {
    name: "parameter-optional",
    breaking: true,
    reason: "a receiver that relies on it may not find it",
};
const REQUIRED: Rule = Rule {
    name: "parameter-required",
    breaking: false,
    reason: "a receiver that could do without it still can",
};
const STYLE_CHANGED: Rule = Rule {
    name: "parameter-style-changed",
    breaking: true,
    reason: "a receiver reads the text in the old way",
};

pub(super) const RULES: &[&Rule] = &[&ADDED, &REMOVED, &OPTIONAL, &REQUIRED, &STYLE_CHANGED];

pub(super) fn compare<'a>(
    before: &Operation<'a>,
    after: &Operation<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for old in &before.parameters {
        if let Some(new) = after.parameters.iter().find(|new| new.is_same(old)) {
            drafts.extend(compare_one(old, new, comparison));
        } else {
            let message = format!("the {} is no longer sent", title(old));
            drafts.push(Draft::new(
                &REMOVED,
                Side::Old,
                old.part.pointer.clone(),
                message,
            ));
        }
    }
    for new in &after.parameters {
        if !before.parameters.iter().any(|old| old.is_same(new)) {
            let message = format!("the {} is sent too", title(new));
            drafts.push(Draft::new(
                &ADDED,
                Side::New,
                new.part.pointer.clone(),
                message,
            ));
        }
    }
    drafts
}

fn compare_one<'a>(
    old: &Parameter<'a>,
    new: &Parameter<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let at = |name| new.part.pointer.child(name);
    match (old.required, new.required) {
        (true, false) => {
            let message = format!("the {} may be missing", title(new));
            drafts.push(Draft::new(&OPTIONAL, Side::New, at("required"), message));
        }
        (false, true) => {
            let message = format!("the {} is always sent", title(new));
            drafts.push(Draft::new(&REQUIRED, Side::New, at("required"), message));
        }
        _ => {}
    }
    for name in ["style", "explode"] {
        if old.part.value.get(name) != new.part.value.get(name) {
            let message = format!("the `{name}` of the {} changed", title(new));
            drafts.push(Draft::new(&STYLE_CHANGED, Side::New, at(name), message));
        }
    }
    if let (Some(old), Some(new)) = (schema(&old.part), schema(&new.part)) {
        comparison.add_root(old, new, Writer::Sender);
    }
    drafts
}

fn schema<'a>(parameter: &Part<'a>) -> Option<Part<'a>> {
    parameter.child("schema")
}

fn title(parameter: &Parameter<'_>) -> String {
    match parameter.location {
        "query" => format!("query parameter `{}`", parameter.name),
        location => format!("{location} `{}`", parameter.name),
    }
}
