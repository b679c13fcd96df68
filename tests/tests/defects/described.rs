//! What the document says of a webhook.

use serde_json::json;
use webhooks_core::{RequestSecurity, Webhooks, whoptions, whpost};

use crate::{First, Payment, Second, document, made, secured, synced};

#[test]
fn d3_security_is_a_requirement_and_breaks_nothing() {
    let document = document(Webhooks::new().with(secured));
    assert_eq!(
        document["webhooks"]["payment.secured"]["post"]["security"],
        json!([{ "bearer": [] }])
    );
}

#[test]
fn d11_the_receiver_is_not_asked_for_a_422() {
    let text = document(Webhooks::new().with(made).with(synced)).to_string();
    assert!(
        !text.contains("422") && !text.contains("ValidationError"),
        "{text}"
    );
}

#[test]
fn d12_there_is_no_empty_description_and_no_deprecated_false() {
    let text = document(Webhooks::new().with(made).with(First)).to_string();
    assert!(
        !text.contains(r#""description":"""#) && !text.contains("false"),
        "{text}"
    );
}

#[test]
fn d13_any_2xx_is_success() {
    let document = document(Webhooks::new().with(Second));
    let responses = document["webhooks"]["v2"]["post"]["responses"]
        .as_object()
        .expect("responses");
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["2XX"]);
    assert!(responses["2XX"].get("content").is_none());
}

#[test]
fn d14_a_header_is_called_what_was_said() {
    #[whpost("headed", register = false)]
    async fn headed(
        data: Payment,
        /// Whose payment it is.
        #[header("Webhook-Tenant")]
        tenant: String,
    );

    let document = document(Webhooks::new().with(headed));
    let expected = json!([{
        "name": "Webhook-Tenant", "in": "header", "description": "Whose payment it is.", "required": true,
        "schema": { "type": "string" },
    }]);
    assert_eq!(
        document["webhooks"]["headed"]["post"]["parameters"],
        expected
    );
}

#[test]
fn d15_tags_are_objects() {
    #[whpost("tagged", tags = ["a", "b"], register = false)]
    async fn tagged();

    assert_eq!(
        document(Webhooks::new().with(tagged))["tags"],
        json!([{ "name": "a" }, { "name": "b" }])
    );
}

/// `tests/ui/whget/fail/body-on-a-method-without.rs` refuses a payload.
#[test]
fn d16_options_has_no_body_and_no_response_for_one() {
    #[whoptions("probe", register = false)]
    async fn probe();

    let document = document(Webhooks::new().with(probe));
    let operation = document["webhooks"]["probe"]["options"]
        .as_object()
        .expect("an operation");
    assert!(!operation.contains_key("requestBody"));
    assert_eq!(
        operation["responses"].as_object().expect("responses").len(),
        1
    );
}

#[test]
fn d17_the_returned_type_is_a_component() {
    let document = document(Webhooks::new().with(made));
    let response = &document["webhooks"]["payment.made"]["post"]["responses"]["2XX"];
    assert_eq!(
        response["content"]["application/json"]["schema"],
        json!({ "$ref": "#/components/schemas/Ack" })
    );
    assert_eq!(
        document["components"]["schemas"]["Ack"]["required"],
        json!(["seen"])
    );
}

#[test]
fn d21_signature_headers_are_described() {
    let document = document(
        Webhooks::new()
            .with(made)
            .signed(RequestSecurity::standard_webhooks()),
    );
    let text = document.to_string();
    for words in [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "HMAC-SHA256",
    ] {
        assert!(text.contains(words), "{words}");
    }
}
