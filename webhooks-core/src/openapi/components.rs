//! The component schemas of a document: those that schemars collects, and those that webhooks need by name.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::clash::different;
use super::component_names::{UnnamedSchema, choose};
use super::grammar::ObjectKind;
use super::own_name::OwnName;
use super::refs;
use super::same_type::is_same_type;
use super::type_ids::TypeIds;
use crate::schemas::{AddSchema, Schemas};
use crate::warning::Warning;

/// Component schemas while a document is being built.
///
/// References call a schema by its key until [`finish`](Self::finish) gives it its name.
#[derive(Debug, Default)]
pub(crate) struct Components {
    schemas: Schemas,
    /// Schemas without a type of their own, envelopes and payloads such as `Vec<Payment>`, by the last of the names
    /// that they could have.
    own: IndexMap<String, OwnSchema>,
}

/// A schema that belongs to an event.
#[derive(Debug)]
struct OwnSchema {
    candidates: Vec<String>,
    text: String,
}

impl Components {
    /// Adds a type; returns a `$ref`, or the schema itself where the type has no name.
    pub(crate) fn add(&mut self, add: AddSchema) -> Value {
        add(&mut self.schemas).to_value()
    }

    /// Adds a type as a component in any case, under a name of ours where it has none: code generators skip inline
    /// payloads.
    pub(crate) fn add_named(&mut self, add: AddSchema, name: OwnName<'_>) -> Value {
        let schema = self.add(add);
        let is_reference =
            refs::target(&schema).is_some() && schema.as_object().is_some_and(|one| one.len() == 1);
        if is_reference {
            schema
        } else {
            self.insert(name, &schema)
        }
    }

    /// Adds a schema under a name of our making; returns a `$ref`.
    pub(crate) fn insert(&mut self, name: OwnName<'_>, schema: &Value) -> Value {
        let candidates = name.candidates();
        let text = schema.to_string();
        let mut last = candidates.last().cloned().unwrap_or_default();
        while self.own.get(&last).is_some_and(|own| own.text != text) {
            last.push('_');
        }
        let (index, _) = self.own.insert_full(last, OwnSchema { candidates, text });
        refs::to_schema(&own_key(index))
    }

    /// All schemas, with their names, next to those that are `taken` by a merged document.
    ///
    /// A schema that is there already, in the same form or as another derive writes the same type, is shared: theirs
    /// stays. One whose name has another schema gets the next of the names that it could have.
    pub(crate) fn finish(mut self, taken: &Map<String, Value>) -> ComponentSchemas {
        let mut texts = self.schemas.written();
        let own_names = self.own.values().filter_map(|own| own.candidates.first());
        let types = TypeIds::of(&self.schemas, &texts, own_names, taken);
        // In most applications every type has a name that no other type could have.
        if types.are_sure() && self.own.is_empty() && taken.is_empty() {
            return ComponentSchemas::called_by_their_keys(texts);
        }
        let mut unnamed = types.unnamed(&texts);
        for (index, (last, own)) in self.own.into_iter().enumerate() {
            let mut candidates = own.candidates;
            candidates.push(last);
            texts.push((own_key(index), own.text));
            unnamed.push(UnnamedSchema {
                key: own_key(index),
                candidates,
            });
        }
        let among_us = choose(&unnamed, |_, _| false);
        let names = changed(&among_us);
        let mut warnings = types.warnings(&among_us);
        let clashes = clashes(&texts, &among_us, &names, taken);
        let chosen = if clashes.is_empty() {
            among_us
        } else {
            let is_taken =
                |name: &str, key: &str| clashes.contains(key) && taken.contains_key(name);
            let beside_them = choose(&unnamed, is_taken);
            warnings.extend(clashes.iter().map(|key| Warning::SchemaRenamed {
                from: among_us[key.as_str()].to_owned(),
                to: beside_them[key.as_str()].to_owned(),
            }));
            beside_them
        };
        let names = changed(&chosen);
        let shared: HashSet<&str> = chosen
            .values()
            .copied()
            .filter(|name| taken.contains_key(*name))
            .collect();
        let mut schemas: Vec<(String, String)> = Vec::with_capacity(texts.len());
        let mut same = Vec::new();
        for (key, text) in texts {
            let text = renamed(text, &names);
            let name = names.get(&key).cloned().unwrap_or(key);
            if shared.contains(name.as_str()) {
                same.push((name, text));
            } else {
                schemas.push((name, text));
            }
        }
        schemas.sort_unstable();
        ComponentSchemas {
            schemas,
            shared: same,
            names,
            warnings,
        }
    }
}

/// What comes out of [`Components::finish`].
#[derive(Debug)]
pub(crate) struct ComponentSchemas {
    /// The schemas as JSON, sorted by name.
    pub(crate) schemas: Vec<(String, String)>,
    /// Those that a merged document has under the same name, as ours were written.
    pub(crate) shared: Vec<(String, String)>,
    /// Names that are not the key, which the references in operations must follow.
    pub(crate) names: HashMap<String, String>,
    pub(crate) warnings: Vec<Warning>,
}

impl ComponentSchemas {
    /// Each schema has its key as its name.
    fn called_by_their_keys(mut schemas: Vec<(String, String)>) -> Self {
        schemas.sort_unstable();
        Self {
            schemas,
            shared: Vec::new(),
            names: HashMap::new(),
            warnings: Vec::new(),
        }
    }
}

/// The key of a schema of ours: a character that no name of a type has.
fn own_key(index: usize) -> String {
    format!("!{index}")
}

/// The names that are not the key.
fn changed(names: &BTreeMap<&str, &str>) -> HashMap<String, String> {
    names
        .iter()
        .filter(|(key, name)| key != name)
        .map(|(key, name)| ((*key).to_owned(), (*name).to_owned()))
        .collect()
}

/// The keys of the schemas under whose name a merged document has another, by themselves or in a type they refer to.
fn clashes(
    texts: &[(String, String)],
    among_us: &BTreeMap<&str, &str>,
    names: &HashMap<String, String>,
    taken: &Map<String, Value>,
) -> BTreeSet<String> {
    let mut keys: HashMap<&str, &str> = HashMap::new();
    let mut ours: BTreeMap<String, Value> = BTreeMap::new();
    for (key, text) in texts {
        let name = among_us[key.as_str()];
        if taken.contains_key(name) {
            keys.insert(name, key);
            ours.insert(name.to_owned(), parsed(text, names));
        }
    }
    let ours = ours
        .iter()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    let different = different(&ours, taken, is_same_type);
    different
        .iter()
        .map(|name| keys[name.as_str()].to_owned())
        .collect()
}

/// A schema whose references follow the new names.
fn renamed(text: String, names: &HashMap<String, String>) -> String {
    if names.is_empty() || !(text.contains("\"$ref\"") || text.contains("\"mapping\"")) {
        return text;
    }
    parsed(&text, names).to_string()
}

fn parsed(text: &str, names: &HashMap<String, String>) -> Value {
    // It was written from a value, so it can be read.
    let mut schema: Value = serde_json::from_str(text).unwrap_or_default();
    refs::rename(&mut schema, ObjectKind::Schema, names);
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::method::Method;

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

    const PAID: OwnName<'static> = OwnName {
        event: "money",
        methods: &[Method::Post],
        word: "",
    };

    fn schemas_of_payment() -> (Components, Value) {
        let mut components = Components::default();
        let reference = components.add(Schemas::add::<Payment>);
        (components, reference)
    }

    fn by_name(schemas: &ComponentSchemas) -> BTreeMap<&str, Value> {
        let parsed = schemas.schemas.iter().map(|(name, text)| {
            let schema = serde_json::from_str(text).expect("a schema is JSON");
            (name.as_str(), schema)
        });
        parsed.collect()
    }

    #[test]
    fn an_equal_schema_is_shared() {
        let (components, _) = schemas_of_payment();
        let ours = components.finish(&Map::new());
        let ours: Map<String, Value> = by_name(&ours)
            .into_iter()
            .map(|(name, schema)| (name.to_owned(), schema))
            .collect();
        let finished = schemas_of_payment().0.finish(&ours);
        assert!(finished.schemas.is_empty() && finished.names.is_empty());
    }

    #[test]
    fn a_different_schema_is_renamed_with_all_that_refer_to_it() {
        let (components, reference) = schemas_of_payment();
        let ours = components.finish(&Map::new());
        let equal_but_for_money = json!({
            "Money": { "type": "string" },
            "Payment": by_name(&ours)["Payment"],
        });
        let finished = schemas_of_payment()
            .0
            .finish(equal_but_for_money.as_object().expect("an object"));
        let schemas = by_name(&finished);
        assert_eq!(
            schemas.keys().collect::<Vec<_>>(),
            [&"tests_Money", &"tests_Payment"]
        );
        assert_eq!(
            schemas["tests_Payment"]["properties"]["money"]["$ref"],
            "#/components/schemas/tests_Money"
        );
        assert_eq!(
            finished.names[refs::target(&reference).expect("a reference").as_ref()],
            "tests_Payment"
        );
    }

    #[test]
    fn a_name_of_our_making_and_a_type_of_that_name_both_get_longer_ones() {
        let mut components = Components::default();
        let ours = components.insert(PAID, &json!({ "type": "null" }));
        components.add(Schemas::add::<Money>);
        let finished = components.finish(&Map::new());
        assert_eq!(
            finished.names[refs::target(&ours).expect("a reference").as_ref()],
            "money."
        );
        assert_eq!(by_name(&finished)["tests_Money"]["type"], "object");
    }

    #[test]
    fn a_name_that_openapi_does_not_allow_is_mended() {
        #[derive(schemars::JsonSchema)]
        #[schemars(rename = "Zahlung/Ä")]
        struct Odd {}

        let mut components = Components::default();
        let reference = components.add(Schemas::add::<Odd>);
        let finished = components.finish(&Map::new());
        assert_eq!(
            by_name(&finished).keys().collect::<Vec<_>>(),
            [&"Zahlung__"]
        );
        assert_eq!(
            finished.names[refs::target(&reference).expect("a reference").as_ref()],
            "Zahlung__"
        );
    }
}
