//! Every request fits the OpenAPI document that the same catalogue makes.

use std::time::Duration;

use serde_json::Value;
use webhooks_core::{Catalogue, Envelope, Method, OpenApi, Webhooks};
use webhooks_sender::dialect::Dialect;
use webhooks_sender::settings::{DeactivationRule, RetrySchedule};
use webhooks_sender::testing::TestRequest;
use webhooks_sender::{Sender, Subscription};

use crate::webhooks::{
    card_declined, payment, payment_created, payment_synced, pinged, rates_changed, signed,
};

#[tokio::test]
async fn every_request_validates_against_the_document() {
    for envelope in [Envelope::Bare, Envelope::Standard] {
        let security = Dialect::standard_webhooks()
            .security(envelope)
            .expect("it signs");
        let catalogue = signed(security, envelope);
        let document = document(&catalogue);
        let sender = Sender::testing()
            .webhooks(catalogue)
            .start()
            .await
            .expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
        sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        sender
            .send("acct_1", card_declined(payment(2)))
            .await
            .expect("sent");
        let synced = payment_synced(payment(3), "eu".to_owned(), 7, "s1".to_owned());
        sender.send("acct_1", synced).await.expect("sent");
        sender.send("acct_1", pinged()).await.expect("sent");
        for rates in [None, Some(payment(4))] {
            sender
                .send("acct_1", rates_changed(rates.clone()))
                .await
                .expect("sent");
            sender
                .send("acct_1", rates_changed(rates).with_method(Method::Post))
                .await
                .expect("sent");
        }
        sender.deliver().await.expect("delivered");
        let requests = sender.requests();
        assert_eq!(requests.len(), 8);
        for request in &requests {
            check(&document, request);
        }
    }
}

fn document(catalogue: &Catalogue) -> Value {
    let document = OpenApi::new("Payments", "1")
        .webhooks(catalogue.clone())
        .build()
        .expect("a document");
    serde_json::from_str(&document.to_json()).expect("JSON")
}

fn check(document: &Value, request: &TestRequest) {
    // A GET has no body, and the envelope of this one would have been the only place with the event's name.
    let event = request.event().unwrap_or("rates.changed");
    let operation = &document["webhooks"][event][request.method.to_lowercase()];
    assert!(operation.is_object(), "{event} has no {}", request.method);
    match request.header("content-type") {
        None => {
            assert!(
                request.body.is_empty(),
                "{event}: a body without a content type"
            );
            assert_ne!(
                operation["requestBody"]["required"], true,
                "{event}: the body is missing"
            );
        }
        Some(content_type) => {
            let content = operation["requestBody"]["content"]
                .as_object()
                .expect("content");
            let mut schema = content.get(content_type).expect(content_type)["schema"].clone();
            schema["components"] = document["components"].clone();
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            let body = request.json();
            assert!(validator.is_valid(&body), "{event}: {body}");
        }
    }
    let mut documented = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let parameter = resolved(document, parameter);
        let name = parameter["name"].as_str().expect("a name");
        match parameter["in"].as_str() {
            Some("header") => {
                let found = request.header(name);
                assert!(
                    found.is_some() || parameter["required"] != true,
                    "{event}: {name} is missing"
                );
                documented.push(name.to_lowercase());
            }
            Some("query") => assert!(
                request.target.contains(&format!("{name}=")),
                "{event}: {name}"
            ),
            Some("cookie") => {
                let cookies = request.header("cookie").unwrap_or_default();
                assert!(cookies.contains(&format!("{name}=")), "{event}: {name}");
                documented.push("cookie".to_owned());
            }
            other => panic!("{other:?}"),
        }
    }
    // The other way round: nothing is sent that the document does not say, except what HTTP itself needs.
    let usual = ["content-type", "user-agent"];
    for name in request
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| !usual.contains(name))
    {
        assert!(
            documented.iter().any(|known| known == name),
            "{event}: {name} is not in the document"
        );
    }
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let reference = value["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(value, |pointer| {
        document.pointer(pointer).expect("a component")
    })
}

#[test]
fn what_customers_read_leaves_out_what_only_the_operator_is_sent() {
    let catalogue = Webhooks::new()
        .with(webhooks_sender::notices::operational_webhooks())
        .build()
        .expect("a catalogue");
    assert_eq!(catalogue.len(), 10);
    let document = document(&catalogue);
    let webhooks = document["webhooks"].as_object().expect("webhooks");
    assert_eq!(webhooks.keys().collect::<Vec<_>>(), ["webhooks.test"]);
}

#[tokio::test]
async fn the_terms_of_delivery_are_those_of_the_settings() {
    let sender = Sender::testing()
        .set(|builder| {
            builder
                .retries(RetrySchedule::new([Duration::from_secs(7)]).jitter(0.25))
                .body_limit(2048)
                .deactivation(DeactivationRule {
                    failures: 3,
                    period: Duration::from_mins(1),
                })
        })
        .start()
        .await
        .expect("a sender");
    let terms = serde_json::to_value(sender.delivery_terms()).expect("terms are JSON");
    assert_eq!(terms["retryAfterSeconds"], serde_json::json!([7]));
    assert_eq!(terms["jitterPercent"], 25);
    assert_eq!(terms["bodyLimitBytes"], 2048);
    assert_eq!(
        terms["deactivation"],
        serde_json::json!({"failures": 3, "seconds": 60})
    );
    assert!(terms["timeoutSeconds"].as_u64() > Some(0), "{terms}");
}
