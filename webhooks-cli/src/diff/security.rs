//! How a receiver knows who sent a message.

use serde_json::Value;

use super::change::{Draft, Side};
use super::rule::Rule;
use crate::catalogue::Operation;
use crate::pointer::Pointer;
use crate::reference::{Part, References};

const ADDED: Rule = Rule {
    name: "security-added",
    breaking: false,
    reason: "a receiver that checked nothing can go on so, and had better begin to",
};
const REMOVED: Rule = Rule {
    name: "security-removed",
    breaking: true,
    reason: "a receiver that checks messages refuses those that carry nothing to check",
};
const ALTERNATIVE_ADDED: Rule = Rule {
    name: "security-alternative-added",
    breaking: true,
    reason: "a message may be secured in a way that a receiver cannot check",
};
const ALTERNATIVE_REMOVED: Rule = Rule {
    name: "security-alternative-removed",
    breaking: false,
    reason: "what is still used could be used before",
};
const SCHEME_CHANGED: Rule = Rule {
    name: "security-scheme-changed",
    breaking: true,
    reason: "a receiver looks in the old place, or checks in the old way",
};

pub(super) const RULES: &[&Rule] = &[
    &ADDED,
    &REMOVED,
    &ALTERNATIVE_ADDED,
    &ALTERNATIVE_REMOVED,
    &SCHEME_CHANGED,
];

/// Compares what both operations demand; what a document demands of everything counts where they say nothing.
pub(super) fn compare(
    before: (&Operation<'_>, &Value),
    after: (&Operation<'_>, &Value),
) -> Vec<Draft> {
    let (old, new) = (alternatives(before), alternatives(after));
    let title = after.0.title();
    let mut drafts = Vec::new();
    if old.is_empty() && !new.is_empty() {
        let (_, place) = &new[0];
        return vec![Draft::new(
            &ADDED,
            Side::New,
            place.clone(),
            format!("{title} is secured now"),
        )];
    }
    if !old.is_empty() && new.is_empty() {
        let (_, place) = &old[0];
        return vec![Draft::new(
            &REMOVED,
            Side::Old,
            place.clone(),
            format!("{title} is no longer secured"),
        )];
    }
    for (names, place) in &new {
        if !old.iter().any(|(other, _)| other == names) {
            let message = format!("{title} may be secured by {}", shown(names));
            drafts.push(Draft::new(
                &ALTERNATIVE_ADDED,
                Side::New,
                place.clone(),
                message,
            ));
        }
        for name in names
            .iter()
            .filter(|name| old.iter().any(|(other, _)| other.contains(name)))
        {
            drafts.extend(compare_scheme(name, before.1, after.1));
        }
    }
    for (names, place) in &old {
        if !new.iter().any(|(other, _)| other == names) {
            let message = format!("{title} is no longer secured by {}", shown(names));
            drafts.push(Draft::new(
                &ALTERNATIVE_REMOVED,
                Side::Old,
                place.clone(),
                message,
            ));
        }
    }
    drafts
}

/// The schemes of each alternative, in alphabetical order, with its place. One that demands nothing is an empty list;
/// without any that demands something there are none.
fn alternatives<'a>(
    (operation, root): (&Operation<'a>, &'a Value),
) -> Vec<(Vec<&'a str>, Pointer)> {
    let whole = Part::new(Pointer::root(), root);
    let Some(list) = operation
        .part
        .child("security")
        .or_else(|| whole.child("security"))
    else {
        return Vec::new();
    };
    let mut alternatives = Vec::new();
    for part in list.items() {
        let mut names: Vec<&str> = part.members().map(|(name, _)| name).collect();
        names.sort_unstable();
        alternatives.push((names, part.pointer));
    }
    if alternatives.iter().all(|(names, _)| names.is_empty()) {
        Vec::new()
    } else {
        alternatives
    }
}

/// Members of a scheme that a program depends on; the description is for people.
fn compare_scheme(name: &str, old: &Value, new: &Value) -> Option<Draft> {
    let (old, new) = (scheme(name, old)?, scheme(name, new)?);
    let changed = ["type", "in", "name", "scheme"].into_iter().find(|key| {
        let value = |scheme: &Part<'_>| scheme.value.get(key).cloned();
        let (old, new) = (value(&old), value(&new));
        match (
            old.as_ref().and_then(Value::as_str),
            new.as_ref().and_then(Value::as_str),
        ) {
            // Names of headers and of authentication schemes have no case.
            (Some(old), Some(new)) => !old.eq_ignore_ascii_case(new),
            _ => old != new,
        }
    })?;
    let message = format!("the `{changed}` of the security scheme `{name}` changed");
    Some(Draft::new(
        &SCHEME_CHANGED,
        Side::New,
        new.pointer.child(changed),
        message,
    ))
}

fn scheme<'a>(name: &str, root: &'a Value) -> Option<Part<'a>> {
    let part = Part::new(Pointer::root(), root)
        .child("components")?
        .child("securitySchemes")?
        .child(name)?;
    References::new(root).follow(part).ok()
}

fn shown(names: &[&str]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        format!("`{}`", names.join("` and `"))
    }
}
