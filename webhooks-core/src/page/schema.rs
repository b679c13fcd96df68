//! One JSON Schema (2020-12, or what older documents hold) as the page sees it: its `$ref`s, `allOf` and
//! `anyOf [T, null]` followed and laid over one another.
//!
//! Nothing is copied: a [`Schema`] borrows the layers it was found in, the outermost first.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::resolver::{Resolver, TypeRef};

/// More layers than this come only from documents that mean harm.
const LAYERS: usize = 64;

/// A schema with everything that applies to the same value.
#[derive(Default)]
pub(super) struct Schema<'a> {
    /// The reference this schema consists of, if it is nothing but one.
    pub(super) reference: Option<TypeRef<'a>>,
    /// Every reference that was followed.
    pub(super) followed: Vec<TypeRef<'a>>,
    /// A reference without a target.
    pub(super) dangling: Option<&'a str>,
    /// The schema `false`: no value is allowed.
    pub(super) never: bool,
    layers: Vec<&'a Map<String, Value>>,
    or_null: bool,
}

/// An allowed value and what it means.
pub(super) struct Choice<'a> {
    pub(super) value: &'a Value,
    pub(super) description: Option<&'a str>,
}

impl<'a> Schema<'a> {
    pub(super) fn read(resolver: Resolver<'a>, value: &'a Value) -> Self {
        let mut schema = Self::default();
        let mut pending = vec![value];
        // False as soon as something else than one reference makes up the schema.
        let mut alone = true;
        while let Some(value) = pending.pop() {
            schema.never |= *value == Value::Bool(false);
            let Some(layer) = value.as_object().filter(|_| schema.layers.len() < LAYERS) else {
                continue;
            };
            schema.layers.push(layer);
            alone &= !has_structure(layer);
            if let Some(all) = layer.get("allOf").and_then(Value::as_array) {
                alone &= all.len() == 1;
                // No more than can become layers: the rest of a list without end is not looked at.
                pending.extend(all.iter().take(LAYERS).rev());
            }
            for key in ["oneOf", "anyOf"] {
                let branches = branches(layer, key);
                let nulls = branches.iter().filter(|branch| is_null(branch)).count();
                schema.or_null |= nulls > 0;
                if let [single] = branches
                    .into_iter()
                    .filter(|branch| !is_null(branch))
                    .collect::<Vec<_>>()[..]
                {
                    pending.push(single);
                }
            }
            if let Some(reference) = layer.get("$ref").and_then(Value::as_str) {
                schema.follow(resolver, reference, alone, &mut pending);
            }
        }
        schema
    }

    fn follow(
        &mut self,
        resolver: Resolver<'a>,
        reference: &'a str,
        alone: bool,
        pending: &mut Vec<&'a Value>,
    ) {
        let Some(target) = resolver.type_ref(reference) else {
            self.dangling = self.dangling.or(Some(reference));
            return;
        };
        if alone && self.reference.is_none() {
            self.reference = Some(target);
        }
        if !self.followed.contains(&target) {
            self.followed.push(target);
            pending.push(target.schema);
        }
    }

    /// A keyword, from the outermost layer that has it.
    pub(super) fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.layers.iter().find_map(|layer| layer.get(keyword))
    }

    /// A keyword that is a text with something in it.
    pub(super) fn text(&self, keyword: &str) -> Option<&'a str> {
        self.layers.iter().find_map(|layer| text(layer, keyword))
    }

    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.get(keyword) == Some(&Value::Bool(true))
    }

    /// The JSON types without `null`.
    pub(super) fn types(&self) -> Vec<&'a str> {
        let declared = match self.get("type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        declared
            .into_iter()
            .filter(|name| *name != "null")
            .collect()
    }

    pub(super) fn is_nullable(&self) -> bool {
        let null_type = match self.get("type") {
            Some(Value::Array(several)) => several.iter().any(|name| name == "null"),
            Some(name) => name == "null",
            None => false,
        };
        let null_value = self
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| values.contains(&Value::Null));
        self.or_null || null_type || null_value || self.flag("nullable")
    }

    /// The properties in the order of the resolver, those of outer layers first.
    pub(super) fn properties(&self) -> IndexMap<&'a str, &'a Value> {
        let mut properties = IndexMap::new();
        for layer in &self.layers {
            for (name, schema) in layer
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                properties.entry(name.as_str()).or_insert(schema);
            }
        }
        properties
    }

    /// Whether there are properties: without making a list of them.
    pub(super) fn has_properties(&self) -> bool {
        let mut properties = self
            .layers
            .iter()
            .filter_map(|layer| layer.get("properties"));
        properties.any(|found| found.as_object().is_some_and(|members| !members.is_empty()))
    }

    /// The names of the properties that every value has.
    pub(super) fn required(&self) -> HashSet<&'a str> {
        let lists = self
            .layers
            .iter()
            .filter_map(|layer| layer.get("required")?.as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }

    /// How much there is to read in it, without what lies below, in units of about 100 bytes: the effort of showing it grows
    /// with this.
    pub(super) fn width(&self) -> usize {
        let members = self.layers.iter().flat_map(|layer| layer.values());
        let width = |value: &Value| match value {
            Value::String(text) => text.len() / 100,
            Value::Array(items) => items.len() / 8,
            Value::Object(members) => members.len() / 8,
            _ => 0,
        };
        members.map(width).sum()
    }

    /// The schemas of properties whose names match a pattern.
    pub(super) fn pattern_properties(&self) -> Vec<(&'a str, &'a Value)> {
        let patterns = self.get("patternProperties").and_then(Value::as_object);
        patterns
            .into_iter()
            .flatten()
            .map(|(pattern, schema)| (pattern.as_str(), schema))
            .collect()
    }

    /// The schema of further properties, where it says something about them.
    pub(super) fn map_values(&self) -> Option<&'a Value> {
        let keywords = ["additionalProperties", "unevaluatedProperties"];
        keywords
            .iter()
            .find_map(|keyword| self.get(keyword).filter(|value| value.is_object()))
    }

    /// The schema of an array's items, after those of a tuple.
    pub(super) fn items(&self) -> Option<&'a Value> {
        self.get("items").filter(|items| items.is_object())
    }

    /// The schemas of a tuple's places. Documents from before 2020 write them as a list in `items`.
    pub(super) fn tuple(&self) -> &'a [Value] {
        let places = self
            .get("prefixItems")
            .or_else(|| self.get("items"))
            .and_then(Value::as_array);
        places.map_or(&[], Vec::as_slice)
    }

    /// Groups of variants, of each of which one applies. Lists of mere values are [`choices`](Self::choices).
    pub(super) fn unions(&self) -> Vec<Vec<&'a Value>> {
        self.groups()
            .into_iter()
            .filter(|group| values(group).is_none())
            .collect()
    }

    /// Whether there are groups of variants.
    pub(super) fn has_unions(&self) -> bool {
        self.groups().iter().any(|group| values(group).is_none())
    }

    /// The allowed values, where the schema lists them.
    pub(super) fn choices(&self) -> Vec<Choice<'a>> {
        let bare = |value| Choice {
            value,
            description: None,
        };
        if let Some(listed) = self.get("enum").and_then(Value::as_array) {
            return listed
                .iter()
                .filter(|value| !value.is_null())
                .map(bare)
                .collect();
        }
        if let Some(constant) = self.get("const") {
            return vec![bare(constant)];
        }
        self.groups()
            .iter()
            .find_map(|group| values(group))
            .unwrap_or_default()
    }

    fn groups(&self) -> Vec<Vec<&'a Value>> {
        let layers = self
            .layers
            .iter()
            .flat_map(|layer| [branches(layer, "oneOf"), branches(layer, "anyOf")]);
        let groups = layers.map(|group| {
            group
                .into_iter()
                .filter(|branch| !is_null(branch))
                .collect::<Vec<_>>()
        });
        groups.filter(|group| group.len() > 1).collect()
    }
}

/// A member that is a text with something in it.
pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object
        .get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty())
}

fn branches<'a>(layer: &'a Map<String, Value>, key: &str) -> Vec<&'a Value> {
    layer
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect()
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null")
        || schema.get("const").is_some_and(Value::is_null)
}

/// The values of a group in which every branch is nothing but a value or a list of values.
fn values<'a>(group: &[&'a Value]) -> Option<Vec<Choice<'a>>> {
    let mut choices = Vec::new();
    for branch in group {
        let branch = branch.as_object()?;
        let description = text(branch, "description").or_else(|| text(branch, "title"));
        match (branch.get("const"), branch.get("enum")) {
            (Some(value), _) => choices.push(Choice { value, description }),
            (None, Some(Value::Array(listed))) => {
                choices.extend(listed.iter().map(|value| Choice { value, description }));
            }
            _ => return None,
        }
    }
    Some(choices)
}

/// Whether the layer says something about the value's inside, in addition to a reference.
fn has_structure(layer: &Map<String, Value>) -> bool {
    let keywords = [
        "properties",
        "items",
        "prefixItems",
        "additionalProperties",
        "patternProperties",
        "enum",
        "const",
    ];
    let several = ["oneOf", "anyOf"]
        .iter()
        .any(|key| branches(layer, key).iter().filter(|b| !is_null(b)).count() > 1);
    several || keywords.iter().any(|keyword| layer.contains_key(*keyword))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Resolver, Schema};

    const NODE: &str = "#/components/schemas/Node";

    fn root() -> Value {
        json!({"components": {"schemas": {
            "Node": {"type": "object", "properties": {"value": {"type": "integer"}}, "required": ["value"]},
        }}})
    }

    #[test]
    fn an_optional_reference_is_the_reference_or_null() {
        let (root, schema) = (
            root(),
            json!({"anyOf": [{"$ref": NODE}, {"type": "null"}], "description": "d"}),
        );
        let schema = Schema::read(Resolver::new(&root), &schema);
        assert_eq!(schema.reference.map(|found| found.reference), Some(NODE));
        assert!(schema.is_nullable() && schema.unions().is_empty());
        assert!(schema.required().contains("value"));
        assert_eq!(schema.text("description"), Some("d"));
    }

    #[test]
    fn a_reference_beside_properties_is_laid_over_them() {
        let (root, schema) = (
            root(),
            json!({"$ref": NODE, "properties": {"kind": {"const": "node"}}}),
        );
        let schema = Schema::read(Resolver::new(&root), &schema);
        assert_eq!(schema.reference, None);
        assert_eq!(
            schema.properties().keys().copied().collect::<Vec<_>>(),
            ["kind", "value"]
        );
    }

    #[test]
    fn all_of_joins_its_members() {
        let (root, schema) = (
            root(),
            json!({"allOf": [{"$ref": NODE}, {"properties": {"b": true}}]}),
        );
        let schema = Schema::read(Resolver::new(&root), &schema);
        assert_eq!(schema.reference, None);
        assert_eq!(schema.properties().len(), 2);
    }

    #[test]
    fn constants_are_choices_and_no_variants() {
        let schema = json!({"oneOf": [{"const": "a", "description": "A."}, {"enum": ["b", "c"]}]});
        let root = root();
        let schema = Schema::read(Resolver::new(&root), &schema);
        assert!(schema.unions().is_empty());
        let values: Vec<_> = schema.choices().iter().map(|choice| choice.value).collect();
        assert_eq!(values, ["a", "b", "c"]);
    }

    #[test]
    fn cycles_and_dangling_references_end() {
        let root =
            json!({"a": {"$ref": "#/b"}, "b": {"allOf": [{"$ref": "#/a"}, {"$ref": "#/none"}]}});
        let schema = Schema::read(Resolver::new(&root), &root["a"]);
        assert_eq!(schema.dangling, Some("#/none"));
        assert!(Schema::read(Resolver::new(&root), &json!(false)).never);
    }
}
