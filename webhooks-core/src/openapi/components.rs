//! The component schemas of a document: those that schemars collects, and those that webhooks need by name.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::grammar::ObjectKind;
use super::refs;
use super::same_type::is_same_type;
use crate::schemas::{AddSchema, Schemas};

/// Component schemas while a document is being built.
#[derive(Debug, Default)]
pub(crate) struct Components {
    schemas: Schemas,
    /// Schemas without a type of their own: envelopes, and payloads such as `Vec<Payment>`.
    named: IndexMap<String, Value>,
}

impl Components {
    /// Adds a type; returns a `$ref`, or the schema itself where the type has no name.
    pub(crate) fn add(&mut self, add: AddSchema) -> Value {
        add(&mut self.schemas).to_value()
    }

    /// Adds a type as a component in any case, under `name` where it has none: code generators skip inline payloads.
    pub(crate) fn add_named(&mut self, add: AddSchema, name: impl FnOnce() -> String) -> Value {
        let schema = self.add(add);
        let is_reference =
            refs::target(&schema).is_some() && schema.as_object().is_some_and(|one| one.len() == 1);
        if is_reference {
            schema
        } else {
            self.insert(&name(), schema)
        }
    }

    /// Adds a schema under a name of our making; returns a `$ref`.
    ///
    /// The name carries [`OURS`] until the end, so that it is never mistaken for a type of the user's.
    pub(crate) fn insert(&mut self, name: &str, schema: Value) -> Value {
        let mut name = format!("{name}{OURS}");
        if self.named.get(&name).is_some_and(|other| *other != schema) {
            name = first_free(&name, |name| self.named.contains_key(name));
        }
        let reference = refs::to_schema(&name);
        self.named.insert(name, schema);
        reference
    }

    /// All schemas beside those that are `taken` by a merged document.
    ///
    /// A schema that is there already, in the same form or as another derive writes the same type, is shared: theirs
    /// stays. One whose name OpenAPI does not allow, or under whose
    /// name another is taken, gets a new name.
    pub(crate) fn finish(self, taken: &Map<String, Value>) -> Finished {
        let mut schemas: BTreeMap<String, Value> =
            self.schemas.into_definitions().into_iter().collect();
        schemas.extend(self.named);
        let (names, clashes) = new_names(&schemas, taken, is_same_type);
        schemas.retain(|name, _| clashes.contains(name) || !taken.contains_key(name));
        let schemas = schemas.into_iter().map(|(name, mut schema)| {
            if !names.is_empty() {
                refs::rename(&mut schema, ObjectKind::Schema, &names);
            }
            (names.get(&name).cloned().unwrap_or(name), schema)
        });
        let schemas = schemas.collect();
        Finished {
            schemas,
            names,
            clashes,
        }
    }
}

/// What comes out of [`Components::finish`].
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) schemas: BTreeMap<String, Value>,
    /// New names, which the references in operations must follow.
    pub(crate) names: HashMap<String, String>,
    /// Those that were renamed because a merged document has another schema of their name.
    pub(crate) clashes: BTreeSet<String>,
}

/// Marks names of our making; no character of a component's name, so that it is gone in the end.
const OURS: char = '!';

/// Component names have only these characters (OpenAPI 3.1, section 4.8.7.1).
fn allowed(name: &str) -> String {
    let name = name.trim_end_matches(OURS);
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// New names for the schemas that cannot keep theirs beside those that are `taken`: because it is none of OpenAPI, or
/// because one that is not the `same` has it. The second are also listed by themselves.
pub(crate) fn new_names(
    schemas: &BTreeMap<String, Value>,
    taken: &Map<String, Value>,
    same: fn(&Value, &Value) -> bool,
) -> (HashMap<String, String>, BTreeSet<String>) {
    let clashes = different(schemas, taken, same);
    let mut names = HashMap::new();
    let used: HashSet<&str> = schemas
        .keys()
        .chain(taken.keys())
        .map(String::as_str)
        .collect();
    let mut new_names: HashSet<String> = HashSet::new();
    for name in schemas.keys() {
        let allowed = allowed(name);
        if allowed == *name && !clashes.contains(name) {
            continue;
        }
        let is_used = |name: &str| used.contains(name) || new_names.contains(name);
        let new = if is_used(&allowed) {
            first_free(&allowed, is_used)
        } else {
            allowed
        };
        new_names.insert(new.clone());
        names.insert(name.clone(), new);
    }
    (names, clashes)
}

fn first_free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|n| format!("{name}{n}"));
    let mut free = numbered.filter(|name| !taken(name));
    free.next().unwrap_or_else(|| name.to_owned())
}

/// The schemas that differ from the one that is taken under their name, by themselves or in a type they refer to.
fn different(
    schemas: &BTreeMap<String, Value>,
    taken: &Map<String, Value>,
    same: fn(&Value, &Value) -> bool,
) -> BTreeSet<String> {
    let shared_name = |name: &&String| taken.contains_key(*name);
    let mut different: BTreeSet<String> = schemas
        .keys()
        .filter(shared_name)
        .filter(|name| !same(&schemas[*name], &taken[*name]))
        .cloned()
        .collect();
    loop {
        let before = different.len();
        for name in schemas.keys().filter(shared_name) {
            let mut refers = false;
            refs::each(&schemas[name], &mut |target| {
                refers |= different.contains(target);
            });
            if refers {
                different.insert(name.clone());
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

    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Money {
        amount: u8,
    }

    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Payment {
        money: Money,
    }

    fn schemas_of_payment() -> (Components, Value) {
        let mut components = Components::default();
        let reference = components.add(Schemas::add::<Payment>);
        (components, reference)
    }

    #[test]
    fn an_equal_schema_is_shared() {
        let (components, _) = schemas_of_payment();
        let ours: Map<String, Value> = components.finish(&Map::new()).schemas.into_iter().collect();
        let finished = schemas_of_payment().0.finish(&ours);
        assert!(finished.schemas.is_empty() && finished.names.is_empty());
    }

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

    #[test]
    fn a_different_schema_is_renamed_with_all_that_refer_to_it() {
        let (components, reference) = schemas_of_payment();
        let equal_but_for_money = json!({
            "Money": { "type": "string" },
            "Payment": components.finish(&Map::new()).schemas["Payment"],
        });
        let finished = schemas_of_payment()
            .0
            .finish(equal_but_for_money.as_object().expect("an object"));
        assert_eq!(
            finished.schemas.keys().collect::<Vec<_>>(),
            ["Money2", "Payment2"]
        );
        assert_eq!(
            finished.schemas["Payment2"]["properties"]["money"]["$ref"],
            "#/components/schemas/Money2"
        );
        assert_eq!(
            finished.names[refs::target(&reference).expect("a reference").as_ref()],
            "Payment2"
        );
    }

    #[test]
    fn a_name_of_our_making_gives_way_to_a_type_of_that_name() {
        let mut components = Components::default();
        let ours = components.insert("Money", json!({ "type": "null" }));
        components.add(Schemas::add::<Money>);
        let finished = components.finish(&Map::new());
        assert_eq!(
            finished.names[refs::target(&ours).expect("a reference").as_ref()],
            "Money2"
        );
        assert_eq!(finished.schemas["Money"]["type"], "object");
    }

    #[test]
    fn a_name_that_openapi_does_not_allow_is_mended() {
        #[derive(schemars::JsonSchema)]
        #[schemars(rename = "Zahlung/Ä")]
        struct Odd {}

        let mut components = Components::default();
        let reference = components.add(Schemas::add::<Odd>);
        let finished = components.finish(&Map::new());
        assert_eq!(finished.schemas.keys().collect::<Vec<_>>(), ["Zahlung__"]);
        assert_eq!(
            finished.names[refs::target(&reference).expect("a reference").as_ref()],
            "Zahlung__"
        );
    }
}
