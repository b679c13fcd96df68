//! Keywords that constrain values: bounds, formats, and those that are compared as they are written.

use serde_json::Value;

use super::shape::Shape;
use super::work::{Effect, Work, cut};
use crate::reference::Part;

/// A larger number rules out more.
const LOWER: [&str; 6] = [
    "exclusiveMinimum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
];

/// A smaller number rules out more.
const UPPER: [&str; 6] = [
    "exclusiveMaximum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
];

/// Keywords with schemas that can be compared one by one, where there are the same on both sides.
const NESTED: [&str; 4] = [
    "contains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
];

pub(super) fn compare<'a>(work: &mut Work<'_, 'a>, before: &Shape<'a>, after: &Shape<'a>) {
    for (name, old) in before
        .keywords
        .iter()
        .filter(|(name, part)| constrains(name, part))
    {
        match after
            .keywords
            .get(name)
            .filter(|part| constrains(name, part))
        {
            Some(new) => changed(work, name, old, new),
            None => removed(work, name, old),
        }
    }
    for (name, new) in after
        .keywords
        .iter()
        .filter(|(name, part)| constrains(name, part))
    {
        if !before
            .keywords
            .get(name)
            .is_some_and(|part| constrains(name, part))
        {
            added(work, name, new);
        }
    }
}

/// Flags that say nothing when they are false. As a schema, `false` rules everything out.
const FLAGS: [&str; 3] = ["exclusiveMaximum", "exclusiveMinimum", "uniqueItems"];

fn constrains(name: &str, part: &Part<'_>) -> bool {
    !FLAGS.contains(&name) || part.value != &Value::Bool(false)
}

fn added(work: &mut Work<'_, '_>, name: &str, new: &Part<'_>) {
    let rule = match name {
        "format" => "format-added",
        _ if is_bound(name) => "bound-tightened",
        _ => "constraint-added",
    };
    let message = format!("`{name}` is {} now", cut(&new.value.to_string()));
    work.add(rule, Effect::Narrowed, new.pointer.clone(), message);
}

fn removed(work: &mut Work<'_, '_>, name: &str, old: &Part<'_>) {
    let rule = match name {
        "format" => "format-removed",
        _ if is_bound(name) => "bound-loosened",
        _ => "constraint-removed",
    };
    let message = format!("`{name}` was {} and is gone", cut(&old.value.to_string()));
    work.add_old(rule, Effect::Widened, old.pointer.clone(), message);
}

fn changed<'a>(work: &mut Work<'_, 'a>, name: &str, old: &Part<'a>, new: &Part<'a>) {
    if NESTED.contains(&name) && below(work, name, old, new) {
        return;
    }
    if old.value == new.value {
        return;
    }
    let place = new.pointer.clone();
    let message = format!(
        "`{name}` was {} and is {}",
        cut(&old.value.to_string()),
        cut(&new.value.to_string())
    );
    match (old.value.as_f64(), new.value.as_f64()) {
        (Some(old), Some(new)) if is_bound(name) => {
            if (new > old) == LOWER.contains(&name) {
                work.add("bound-tightened", Effect::Narrowed, place, message);
            } else {
                work.add("bound-loosened", Effect::Widened, place, message);
            }
        }
        _ if name == "format" => work.add("format-changed", Effect::Changed, place, message),
        _ => work.add("constraint-changed", Effect::Changed, place, message),
    }
}

/// Whether the schemas below a keyword are the same in number and name, and so are compared in their turn.
fn below<'a>(work: &mut Work<'_, 'a>, name: &str, old: &Part<'a>, new: &Part<'a>) -> bool {
    let inner = |part: &Part<'a>| -> Vec<(String, Part<'a>)> {
        match part.value {
            Value::Array(_) => part
                .items()
                .enumerate()
                .map(|(index, item)| (index.to_string(), item))
                .collect(),
            Value::Object(_) if name == "patternProperties" => part
                .members()
                .map(|(name, member)| (name.to_owned(), member))
                .collect(),
            _ => vec![(String::new(), part.clone())],
        }
    };
    let (mut old, mut new) = (inner(old), inner(new));
    old.sort_by(|a, b| a.0.cmp(&b.0));
    new.sort_by(|a, b| a.0.cmp(&b.0));
    let same = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| old.0 == new.0);
    if same {
        for ((_, old), (_, new)) in old.into_iter().zip(new) {
            work.go_on(old, new);
        }
    }
    same
}

fn is_bound(name: &str) -> bool {
    LOWER.contains(&name) || UPPER.contains(&name)
}
