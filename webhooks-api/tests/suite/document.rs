//! The API's document: it merges into an application's, and says what the operations take.

use std::collections::BTreeSet;

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

/// A customer's own webhooks come first: in the document, and in the tags by which pages group.
#[test]
fn customers_see_their_webhooks_first_and_nothing_of_those_who_run_the_service() {
    let api = webhooks_api::customer_document("/webhooks").expect("a document");
    let whole = OpenApi::new("Payments", "1.0.0")
        .merge_json(&api)
        .webhooks(catalogue())
        .to_json()
        .expect("a document");
    let whole: Value = serde_json::from_str(&whole).expect("JSON");
    let members: Vec<_> = whole.as_object().expect("members").keys().collect();
    let place = |name: &str| members.iter().position(|member| *member == name);
    assert!(place("webhooks") < place("paths"), "{members:?}");
    let tags: Vec<_> = whole["tags"].as_array().expect("tags").iter().collect();
    let tags: Vec<_> = tags.iter().map(|tag| tag["name"].as_str()).collect();
    let api_begins = tags.iter().position(|tag| *tag == Some("events"));
    assert_eq!(api_begins, Some(2), "{tags:?}");
    assert_eq!(&tags[..2], [Some("webhook tests"), Some("webhooks")]);
    assert!(!tags.contains(&Some("operations")), "{tags:?}");
    let webhooks: Vec<_> = whole["webhooks"]
        .as_object()
        .expect("webhooks")
        .keys()
        .collect();
    assert_eq!(
        webhooks,
        ["payment.created", "refund.created", "webhooks.test"]
    );

    let text = api.as_str();
    for path in ["/queue", "/owners", "/pause", "/messages/{id}/payload"] {
        assert!(!text.contains(&format!("\"/webhooks{path}\"")), "{path}");
    }
    assert!(!text.contains("\"name\": \"owner\""), "it is for operators");
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
fn a_change_is_documented_with_every_member_that_it_takes() {
    let document = document();
    let members = |name: &str| {
        let schema = &document["components"]["schemas"][name]["properties"];
        let members = schema.as_object().expect("members").keys();
        members.cloned().collect::<BTreeSet<String>>()
    };
    let mut taken = members("SubscriptionRequest");
    // A change says it with `If-Match`.
    taken.remove("revision");
    assert_eq!(members("SubscriptionPatch"), taken);
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
