//! Two schemas of one name in two documents: whether they are the same, and new names for those that are not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::refs;
use super::schema_id::allowed;

/// New names for the schemas of a merged document that cannot keep theirs next to those that are `taken`: because OpenAPI
/// does not allow it, or because one that is not the `same` has it. The second are also listed by themselves.
///
/// A document says nothing of where a type is declared, so the new names are numbered.
pub(crate) fn new_names(
    schemas: &BTreeMap<&str, &Value>,
    taken: &Map<String, Value>,
    same: fn(&Value, &Value) -> bool,
) -> (HashMap<String, String>, BTreeSet<String>) {
    let clashes = different(schemas, taken, same);
    let mut names = HashMap::new();
    let used: HashSet<&str> = schemas
        .keys()
        .copied()
        .chain(taken.keys().map(String::as_str))
        .collect();
    let mut new_names: HashSet<String> = HashSet::new();
    for name in schemas.keys().copied() {
        let allowed = allowed(name);
        if allowed == name && !clashes.contains(name) {
            continue;
        }
        let is_used = |name: &str| used.contains(name) || new_names.contains(name);
        let new = if is_used(&allowed) {
            first_free(&allowed, is_used)
        } else {
            allowed
        };
        new_names.insert(new.clone());
        names.insert(name.to_owned(), new);
    }
    (names, clashes)
}

fn first_free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|n| format!("{name}{n}"));
    let mut free = numbered.filter(|name| !taken(name));
    free.next().unwrap_or_else(|| name.to_owned())
}

/// The schemas that differ from the one that is taken under their name, by themselves or in a type they refer to.
pub(crate) fn different(
    schemas: &BTreeMap<&str, &Value>,
    taken: &Map<String, Value>,
    same: fn(&Value, &Value) -> bool,
) -> BTreeSet<String> {
    let shared: Vec<(&str, &Value, &Value)> = schemas
        .iter()
        .filter_map(|(name, ours)| Some((*name, *ours, taken.get(*name)?)))
        .collect();
    let mut different: BTreeSet<String> = shared
        .iter()
        .filter(|(_, ours, theirs)| !same(ours, theirs))
        .map(|(name, ..)| (*name).to_owned())
        .collect();
    loop {
        let before = different.len();
        for (name, ours, _) in &shared {
            let mut refers = false;
            refs::each(ours, &mut |target| {
                refers |= different.contains(target);
            });
            if refers {
                different.insert((*name).to_owned());
            }
        }
        if different.len() == before {
            return different;
        }
    }
}

/// Equality of schemas: the order of required properties and of alternative types means nothing.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| {
                    other
                        .get(key)
                        .is_some_and(|other| match (key.as_str(), one, other) {
                            ("required" | "type", Value::Array(one), Value::Array(other)) => {
                                one.len() == other.len()
                                    && one.iter().all(|item| other.contains(item))
                            }
                            _ => same(one, other),
                        })
                })
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_required_properties_makes_no_difference() {
        let one = json!({ "type": ["object", "null"], "required": ["a", "b"], "items": [1, 2] });
        assert!(same(
            &one,
            &json!({ "required": ["b", "a"], "type": ["null", "object"], "items": [1, 2] })
        ));
        assert!(!same(
            &one,
            &json!({ "required": ["b", "a"], "type": ["null", "object"], "items": [2, 1] })
        ));
        assert!(!same(
            &one,
            &json!({ "required": ["b", "c"], "type": ["null", "object"], "items": [1, 2] })
        ));
    }
}
