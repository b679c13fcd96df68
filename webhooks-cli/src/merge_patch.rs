//! JSON Merge Patch (RFC 7396): the tests write a document as its difference from a sound one.

use serde_json::Value;

/// The document with the members of the patch; null removes a member.
pub(crate) fn patched(document: &Value, patch: &Value) -> Value {
    let mut document = document.clone();
    apply(&mut document, patch);
    document
}

fn apply(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (name, value) in members {
        if value.is_null() {
            target.remove(name);
        } else {
            apply(target.entry(name.as_str()).or_insert(Value::Null), value);
        }
    }
}
