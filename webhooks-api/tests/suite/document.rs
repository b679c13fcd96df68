//! The API's document: it merges into an application's, and says what the operations take.

use serde_json::Value;
use webhooks_core::OpenApi;

use crate::client::catalogue;

/// The document of the API mounted at `/webhooks`.
pub(crate) fn document() -> Value {
    let text = webhooks_api::document("/webhooks").expect("a document");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn it_merges_into_the_applications_document_with_its_webhooks() {
    let text = document().to_string();
    let whole = OpenApi::new("Payments", "1.0.0")
        .merge_json(&text)
        .webhooks(catalogue());
    let whole: Value = serde_json::from_str(&whole.to_json().expect("a document")).expect("JSON");
    assert!(whole["paths"]["/webhooks/subscriptions"]["post"]["requestBody"].is_object());
    assert!(whole["webhooks"]["payment.created"]["post"].is_object());
}

#[test]
fn bodies_ask_for_what_is_needed_and_no_more() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["SubscriptionRequest"]["required"],
        serde_json::json!(["target", "events"])
    );
    assert_eq!(
        schemas["SubscriptionRequest"]["additionalProperties"],
        false
    );
    assert_eq!(
        schemas["MessageRequest"]["required"],
        serde_json::json!(["event", "payload"])
    );
}

#[test]
fn every_operation_says_how_it_fails() {
    let document = document();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            // An empty list: no security, and no caller to be refused.
            if operation["security"] == serde_json::json!([]) {
                continue;
            }
            for status in ["400", "401", "403", "404", "503"] {
                let content = &operation["responses"][status]["content"];
                assert!(
                    content["application/problem+json"].is_object(),
                    "{method} {path} {status}"
                );
            }
        }
    }
}

/// Customers read it, for whom rustdoc's links and doctests mean nothing.
#[test]
fn no_text_leads_into_rustdoc() {
    fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value.as_str() {
                        Some(text) if ["summary", "description"].contains(&name.as_str()) => {
                            found.push(text);
                        }
                        _ => texts(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            _ => {}
        }
    }
    let (document, mut found) = (document(), Vec::new());
    texts(&document, &mut found);
    assert!(found.len() > 100, "{}", found.len());
    found.retain(|text| {
        ["crate::", "[`", "](", "```"]
            .iter()
            .any(|mark| text.contains(mark))
    });
    assert_eq!(found, Vec::<&str>::new());
}
