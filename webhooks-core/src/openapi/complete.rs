//! Completes an object with the members of another that says the same things, such as two Info Objects.

use serde_json::{Map, Value};

use super::pointer::escape;
use crate::warning::Warning;

/// Adds what is not there. Of what is there and differs, all but `expected` is reported.
///
/// An empty text is not one: utoipa writes the description of a package that has none as `""`.
pub(crate) fn complete(
    mine: &mut Map<String, Value>,
    theirs: Map<String, Value>,
    pointer: &str,
    expected: &[&str],
    warnings: &mut Vec<Warning>,
) {
    for (key, value) in theirs {
        if is_empty(&value) {
            continue;
        }
        match mine.get(&key) {
            None => {
                mine.insert(key, value);
            }
            Some(mine) if *mine == value || expected.contains(&key.as_str()) => {}
            Some(_) => warnings.push(Warning::Overridden {
                pointer: format!("{pointer}/{}", escape(&key)),
            }),
        }
    }
}

/// `""`, and `{"name": ""}`, which is what utoipa writes of a package without a licence.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty() && members.values().all(is_empty),
        other => other == "",
    }
}
