//! How a reader recognises the variants of a union, for each of serde's enum representations: by a tag's value
//! (internally and adjacently tagged), by the one key (externally tagged), by a type (untagged).

use serde_json::Value;

use super::{
    resolver::Resolver,
    schema::{self, Schema},
    type_phrase,
};

/// What marks a variant.
pub(super) enum Label<'a> {
    /// This property has this value.
    Tag(&'a str, &'a Value),
    /// The object has this key.
    Key(&'a str),
    /// The value is this one.
    Constant(&'a Value),
    /// The type's own name or words for it.
    Words(String),
}

pub(super) fn label<'a>(resolver: Resolver<'a>, schema: &Schema<'a>) -> Label<'a> {
    if let [only] = &schema.choices()[..] {
        return Label::Constant(only.value);
    }
    let properties = schema.properties();
    let names = schema.required();
    let mut required = properties.iter().filter(|(name, _)| names.contains(*name));
    if let Some((name, value)) = required
        .clone()
        .find_map(|(name, value)| Some((*name, constant(value)?)))
    {
        return Label::Tag(name, value);
    }
    if let (Some((key, _)), None) = (required.next(), required.next())
        && properties.len() == 1
        && schema.reference.is_none()
    {
        return Label::Key(key);
    }
    Label::Words(match schema.text("title") {
        Some(title) if schema.reference.is_none() => title.to_owned(),
        _ => type_phrase::type_phrase(resolver, schema),
    })
}

/// Whether a schema says more about a value than its type and its fields.
pub(super) fn has_rules(schema: &Schema<'_>) -> bool {
    const RULES: [&str; 12] = [
        "description",
        "enum",
        "const",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "multipleOf",
        "deprecated",
    ];
    let described_by_its_type = schema.reference.is_some() && schema.choices().is_empty();
    !described_by_its_type
        && (RULES.iter().any(|rule| schema.get(rule).is_some()) || !schema.choices().is_empty())
}

/// The one value of a property's schema, if it allows only one.
fn constant(value: &Value) -> Option<&Value> {
    let object = value.as_object()?;
    let single = || {
        object
            .get("enum")?
            .as_array()
            .filter(|values| values.len() == 1)?
            .first()
    };
    object
        .get("const")
        .or_else(single)
        .filter(|_| schema::text(object, "$ref").is_none())
}
