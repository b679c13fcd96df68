//! A schema in the form in which it is compared: `allOf`, and `$ref` with further keywords, are merged into one, what
//! can be null is a type like others.

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::pointer::Pointer;
use crate::reference::Part;

/// Keywords that describe and do not constrain.
const ANNOTATIONS: [&str; 15] = [
    "$comment",
    "$id",
    "$schema",
    "$anchor",
    "$defs",
    "definitions",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
];

/// Keywords that have a place of their own in a shape.
const STRUCTURE: [&str; 12] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "discriminator",
    "enum",
    "items",
    "nullable",
    "oneOf",
    "properties",
    "required",
];

/// All types there are; a number is `integer` or `fraction`.
const TYPES: [&str; 7] = [
    "array", "boolean", "fraction", "integer", "null", "object", "string",
];

/// What a schema allows.
#[derive(Debug, Default)]
pub(super) struct Shape<'a> {
    pub(super) pointer: Pointer,
    /// Nothing means that all are allowed.
    pub(super) types: Option<BTreeSet<&'static str>>,
    /// The only values, from `enum` and `const`.
    pub(super) values: Option<(Pointer, Vec<&'a Value>)>,
    pub(super) properties: IndexMap<&'a str, Part<'a>>,
    pub(super) required: BTreeSet<&'a str>,
    /// `additionalProperties` or `unevaluatedProperties`.
    pub(super) additional: Option<Part<'a>>,
    pub(super) items: Option<Part<'a>>,
    /// `oneOf` and `anyOf`, without null.
    pub(super) variants: Vec<Part<'a>>,
    /// Whether null was one of them, or allowed in addition to them.
    null_variant: bool,
    /// All else that constrains.
    pub(super) keywords: IndexMap<&'a str, Part<'a>>,
}

impl Shape<'_> {
    /// Whether members are allowed that are not under `properties`.
    pub(super) fn is_open(&self) -> bool {
        self.additional
            .as_ref()
            .is_none_or(|part| part.value != &Value::Bool(false))
    }

    /// The types but for null, all of them where none is named.
    pub(super) fn all_types(&self) -> BTreeSet<&'static str> {
        let mut types = self
            .types
            .clone()
            .unwrap_or_else(|| TYPES.into_iter().collect());
        types.remove("null");
        types
    }

    /// Whether null is allowed.
    pub(super) fn allows_null(&self) -> bool {
        match (&self.types, &self.values) {
            _ if self.null_variant => true,
            (Some(types), _) => types.contains("null"),
            (None, Some((_, values))) => values.contains(&&Value::Null),
            (None, None) => self.variants.is_empty(),
        }
    }

    /// Whether there is nothing that it rules out.
    pub(super) fn is_anything(&self) -> bool {
        self.types.is_none() && self.values.is_none() && self.has_no_structure()
    }

    /// Whether only its variants constrain it.
    pub(super) fn has_no_structure(&self) -> bool {
        self.properties.is_empty()
            && self.required.is_empty()
            && self.keywords.is_empty()
            && self.items.is_none()
    }
}

/// Whether a schema is nothing but a `$ref`, perhaps with a description.
pub(super) fn is_plain_reference(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        members.contains_key("$ref")
            && members
                .keys()
                .all(|key| key == "$ref" || is_annotation(key))
    })
}

/// The shape of a schema. `step` follows the `$ref` of an object.
pub(super) fn of<'a>(
    part: &Part<'a>,
    step: &mut dyn FnMut(&Part<'a>) -> Option<Part<'a>>,
) -> Shape<'a> {
    let mut shape = Shape {
        pointer: part.pointer.clone(),
        ..Shape::default()
    };
    let mut seen = HashSet::new();
    let mut open = vec![part.clone()];
    while let Some(part) = open.pop() {
        // Each schema constrains once, however often it is named.
        if !seen.insert(part.pointer.clone()) {
            continue;
        }
        shape.merge(&part);
        let all = part.child("allOf");
        let mut further: Vec<_> = all.iter().flat_map(Part::items).collect();
        if part.value.get("$ref").is_some() {
            further.extend(step(&part));
        }
        further.extend(shape.take_single_variant());
        open.extend(further.into_iter().rev());
    }
    shape.take_constant_variants();
    shape
}

impl<'a> Shape<'a> {
    fn merge(&mut self, part: &Part<'a>) {
        if part.value == &Value::Bool(false) {
            self.types = Some(BTreeSet::new());
        }
        // Without a type too, as `upgrade` of webhooks-core reads it.
        let is_combined = ["$ref", "allOf", "anyOf", "oneOf"]
            .iter()
            .any(|key| part.value.get(key).is_some());
        self.null_variant |= is_combined && part.value.get("nullable") == Some(&Value::Bool(true));
        self.merge_types(part);
        self.merge_values(part);
        for (name, property) in part.child("properties").iter().flat_map(Part::members) {
            self.properties.entry(name).or_insert(property);
        }
        let required = part.value.get("required").and_then(Value::as_array);
        self.required
            .extend(required.into_iter().flatten().filter_map(Value::as_str));
        for name in ["additionalProperties", "unevaluatedProperties"] {
            self.additional = self.additional.take().or_else(|| part.child(name));
        }
        self.items = self.items.take().or_else(|| part.child("items"));
        for name in ["oneOf", "anyOf"] {
            self.variants
                .extend(part.child(name).iter().flat_map(Part::items));
        }
        for (name, keyword) in part.members() {
            let has_place =
                STRUCTURE.contains(&name) || name == "type" || name == "unevaluatedProperties";
            if !has_place && !is_annotation(name) {
                self.keywords.entry(name).or_insert(keyword);
            }
        }
    }

    fn merge_types(&mut self, part: &Part<'a>) {
        let named = match part.value.get("type") {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let mut types: BTreeSet<&'static str> = named.into_iter().flat_map(expand).collect();
        if part.value.get("nullable") == Some(&Value::Bool(true)) {
            types.insert("null");
        }
        self.types = Some(match self.types.take() {
            Some(known) => known.intersection(&types).copied().collect(),
            None => types,
        });
    }

    fn merge_values(&mut self, part: &Part<'a>) {
        let (name, values) = match (part.value.get("const"), part.value.get("enum")) {
            (Some(value), _) => ("const", vec![value]),
            (None, Some(Value::Array(values))) => ("enum", values.iter().collect()),
            _ => return,
        };
        match &mut self.values {
            Some((_, known)) => known.retain(|value| values.contains(value)),
            None => self.values = Some((part.pointer.child(name), values)),
        }
    }

    /// `anyOf: [X, {type: null}]` is X that can be null, as `type: [.., "null"]` is.
    fn take_single_variant(&mut self) -> Option<Part<'a>> {
        let is_null =
            |part: &Part<'_>| part.value.get("type").and_then(Value::as_str) == Some("null");
        let count = self.variants.len();
        self.variants.retain(|variant| !is_null(variant));
        self.null_variant |= self.variants.len() < count;
        if self.variants.len() == 1 {
            self.variants.pop()
        } else {
            None
        }
    }

    /// `oneOf: [{const: 1}, {const: 2}]` is `enum: [1, 2]` with room for descriptions.
    fn take_constant_variants(&mut self) {
        let constant = |part: &Part<'a>| part.value.get("const");
        if self.values.is_none() && !self.variants.is_empty() {
            let values: Option<Vec<_>> = self.variants.iter().map(constant).collect();
            if let Some(values) = values {
                self.values = Some((self.variants[0].pointer.clone(), values));
                self.variants.clear();
            }
        }
    }
}

fn expand(name: &str) -> Vec<&'static str> {
    match name {
        "number" => vec!["fraction", "integer"],
        other => TYPES
            .into_iter()
            .filter(|one| *one == other && *one != "fraction")
            .collect(),
    }
}

fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}
