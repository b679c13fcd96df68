//! What a document lost on its way through the types of `openapiv3`, found by comparing both ends.
//!
//! The types drop what they do not know without a word; nothing but a comparison sees it.

use serde_json::Value;

use crate::openapi::{Losses, pointer};

/// Adds a loss for each part of `before` that `after` does not have. What the types add is not a loss.
pub(super) fn list(before: &Value, after: &Value, losses: &mut Losses) {
    compare(before, after, &mut String::new(), losses);
}

fn compare(before: &Value, after: &Value, pointer: &mut String, losses: &mut Losses) {
    let own = pointer.len();
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, before) in before {
                pointer::push(pointer, key);
                match after.get(key) {
                    Some(after) => compare(before, after, pointer, losses),
                    None if says_nothing(before) => {}
                    None => losses.add(
                        &original(pointer),
                        "the types of openapiv3 have no such member",
                    ),
                }
                pointer.truncate(own);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                pointer::push(pointer, &index.to_string());
                compare(before, after, pointer, losses);
                pointer.truncate(own);
            }
        }
        (Value::Number(before), Value::Number(after)) if before.as_f64() == after.as_f64() => {
            // 1 and 1.0 are the same, and so is what is too large for an integer of 64 bits with sign.
            if before.is_u64() && before.as_i64().is_none() {
                losses.add(
                    &original(pointer),
                    "the types of openapiv3 have it as a floating point number",
                );
            }
        }
        (before, after) if before == after => {}
        _ => losses.add(
            &original(pointer),
            format!("the types of openapiv3 have {after} instead"),
        ),
    }
}

/// Defaults, which the types leave out.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Webhooks stand elsewhere in the original.
fn original(pointer: &str) -> String {
    match pointer.strip_prefix("/x-webhooks") {
        Some(rest) => format!("/webhooks{rest}"),
        None => pointer.to_owned(),
    }
}
