//! `$ref`s to component schemas: finding them and giving them new names.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

const SCHEMAS: &str = "#/components/schemas/";

/// A `$ref` to the component schema of this name.
pub(crate) fn to_schema(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The component schema to which this whole schema refers.
pub(crate) fn target(schema: &Value) -> Option<Cow<'_, str>> {
    name_in(schema.get("$ref")?.as_str()?)
}

fn name_in(reference: &str) -> Option<Cow<'_, str>> {
    reference.strip_prefix(SCHEMAS).filter(|rest| !rest.contains('/')).map(decode)
}

/// Undoes the escapes of a JSON pointer (RFC 6901) and of a URI fragment in it.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains(['~', '%']) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[i] == b'%' => {
                decoded.push(byte);
                i += 3;
            }
            _ => {
                decoded.push(bytes[i]);
                i += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).replace("~1", "/").replace("~0", "~"))
}

/// Calls `visit` with the name of every component schema that is referred to inside of `value`.
pub(crate) fn each(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(name) = name_in(reference) {
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

/// Lets every `$ref` inside of `value` follow the new names.
pub(crate) fn rename(value: &mut Value, names: &HashMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(new) = name_in(reference).and_then(|name| names.get(name.as_ref())) {
                            *reference = format!("{SCHEMAS}{new}");
                        }
                    }
                    member => rename(member, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_follows_the_new_name_wherever_it_stands() {
        let mut value =
            serde_json::json!({ "a": [{ "$ref": "#/components/schemas/A~1%42" }], "$ref": "#/x/A" });
        rename(&mut value, &HashMap::from([("A/B".to_owned(), "C".to_owned())]));
        assert_eq!(
            value,
            serde_json::json!({ "a": [{ "$ref": "#/components/schemas/C" }], "$ref": "#/x/A" })
        );
    }
}
