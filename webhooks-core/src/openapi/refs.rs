//! `$ref`s to component schemas: finding them and giving them new names.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use super::grammar::{self, ObjectKind};
use super::pointer;

const SCHEMAS: &str = "#/components/schemas/";

/// A `$ref` to the component schema of this name.
pub(crate) fn to_schema(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The component schema to which this whole schema refers.
pub(crate) fn target(schema: &Value) -> Option<Cow<'_, str>> {
    split(pointer::reference(schema)?)
        .filter(|(_, inside)| inside.is_empty())
        .map(|(name, _)| name)
}

/// The component schema of a reference, and the way further inside of it: `/properties/id` or nothing.
pub(crate) fn split(reference: &str) -> Option<(Cow<'_, str>, &str)> {
    let rest = reference.strip_prefix(SCHEMAS)?;
    let (name, inside) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let name = match pointer::percent_decode(name) {
        Cow::Borrowed(name) => pointer::unescape(name),
        Cow::Owned(name) => Cow::Owned(pointer::unescape(&name).into_owned()),
    };
    Some((name, inside))
}

/// Calls `visit` with the name of every component schema that is referred to inside of `value`.
pub(crate) fn each(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(reference) if key == "$ref" => {
                        if let Some((name, _)) = split(reference) {
                            visit(&name);
                        }
                    }
                    member => each(member, visit),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, visit)),
        _ => {}
    }
}

/// Lets every `$ref` and discriminator inside of an object of this kind follow the new names; data stays as it is.
pub(crate) fn rename(value: &mut Value, kind: ObjectKind, names: &HashMap<String, String>) {
    grammar::each_mut(value, kind, &mut String::new(), &mut |kind, value, _| {
        let Value::Object(members) = value else {
            return;
        };
        if let Some(Value::String(reference)) = members.get_mut("$ref") {
            follow(reference, names);
        }
        if kind != ObjectKind::Schema {
            return;
        }
        let mapping = members
            .get_mut("discriminator")
            .and_then(|one| one.get_mut("mapping"));
        for (_, target) in mapping.and_then(Value::as_object_mut).into_iter().flatten() {
            let Value::String(target) = target else {
                continue;
            };
            match names.get(target.as_str()) {
                // A mapping may name a component without the way to it.
                Some(new) => *target = new.clone(),
                None => follow(target, names),
            }
        }
    });
}

fn follow(reference: &mut String, names: &HashMap<String, String>) {
    let renamed = split(reference)
        .and_then(|(name, inside)| Some(format!("{SCHEMAS}{}{inside}", names.get(name.as_ref())?)));
    if let Some(renamed) = renamed {
        *reference = renamed;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_follows_the_new_name_wherever_it_stands() {
        let names = HashMap::from([("A/B".to_owned(), "C".to_owned())]);
        let mut value = json!({
            "anyOf": [{ "$ref": "#/components/schemas/A~1%42" }, { "$ref": "#/components/schemas/A~1B/items" }],
            "discriminator": { "propertyName": "p", "mapping": { "x": "#/components/schemas/A~1B", "y": "A/B" } },
            "$ref": "#/x/A",
            "example": { "$ref": "#/components/schemas/A~1B" },
        });
        rename(&mut value, ObjectKind::Schema, &names);
        let expected = json!({
            "anyOf": [{ "$ref": "#/components/schemas/C" }, { "$ref": "#/components/schemas/C/items" }],
            "discriminator": { "propertyName": "p", "mapping": { "x": "#/components/schemas/C", "y": "C" } },
            "$ref": "#/x/A",
            "example": { "$ref": "#/components/schemas/A~1B" },
        });
        assert_eq!(value, expected);
    }
}
