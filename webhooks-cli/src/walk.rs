//! Visits every object of a document that OpenAPI or JSON Schema gives a meaning. Examples and other data are left
//! out, because a `$ref` or `type` in them means nothing.

use serde_json::Value;

use crate::pointer::Pointer;

/// Members whose own members have names that the author chose, so that `enum` is not a keyword in `properties: {enum: ..}`.
const NAMED: [&str; 24] = [
    "$defs",
    "additionalOperations",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
    "x-webhooks",
    "examples",
];

/// Members that hold data.
const DATA: [&str; 6] = ["const", "default", "dataValue", "enum", "example", "value"];

/// What kind of member holds an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    /// A member that OpenAPI or JSON Schema names.
    Keyword,
    /// A name that the author chose.
    Name,
}

/// Calls `visit` for each object, with its place.
pub(crate) fn objects<'a>(root: &'a Value, visit: &mut dyn FnMut(&Pointer, &'a Value)) {
    walk(root, Under::Keyword, &mut Pointer::root(), visit);
}

fn walk<'a>(
    value: &'a Value,
    under: Under,
    place: &mut Pointer,
    visit: &mut dyn FnMut(&Pointer, &'a Value),
) {
    let length = place.as_str().len();
    match value {
        Value::Object(object) => {
            if under == Under::Keyword {
                visit(place, value);
            }
            for (name, value) in object {
                if let Some(next) = below(under, name, value) {
                    place.push(name);
                    walk(value, next, place, visit);
                    place.pop_to(length);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                place.push(&index.to_string());
                // The items of `parameters: [..]` are objects of their own.
                walk(item, Under::Keyword, place, visit);
                place.pop_to(length);
            }
        }
        _ => {}
    }
}

/// What kind of member a value is in; nothing if it is data.
fn below(under: Under, name: &str, value: &Value) -> Option<Under> {
    let is_extension = name.starts_with("x-") && name != "x-webhooks";
    let is_data = DATA.contains(&name) || (name == "examples" && value.is_array());
    match under {
        Under::Keyword if is_data || is_extension => None,
        Under::Keyword if NAMED.contains(&name) => Some(Under::Name),
        Under::Keyword | Under::Name => Some(Under::Keyword),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn visited(document: &Value) -> Vec<String> {
        let mut places = Vec::new();
        objects(document, &mut |place, _| places.push(place.to_string()));
        places
    }

    #[test]
    fn data_is_passed_over_and_chosen_names_are_no_keywords() {
        let document = json!({
            "components": { "schemas": { "default": { "properties": { "enum": {}, "properties": { "properties": { "a": {} } } }, "example": { "$ref": 1 } } } },
            "x-data": { "$ref": 1 },
        });
        assert_eq!(
            visited(&document),
            [
                "#",
                "#/components",
                "#/components/schemas/default",
                "#/components/schemas/default/properties/enum",
                "#/components/schemas/default/properties/properties",
                "#/components/schemas/default/properties/properties/properties/a",
            ]
        );
    }

    #[test]
    fn items_of_arrays_are_visited() {
        let document =
            json!({ "webhooks": { "a": { "parameters": [{ "schema": { "allOf": [{}] } }] } } });
        let places = visited(&document);
        assert!(
            places.contains(&"#/webhooks/a/parameters/0/schema/allOf/0".to_owned()),
            "{places:?}"
        );
    }
}
