//! Every payload that GitHub publishes as an example reaches the handler of its event and action.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use webhooks_receiver::{Provider, Received, Receiver};

/// Where `@octokit/webhooks-examples` has its list.
const EXAMPLES: &str = "WEBHOOKS_OCTOKIT_EXAMPLES";

#[tokio::test]
#[ignore = "needs the Node packages: cargo xtask test"]
async fn every_example_payload_reaches_the_handler_of_its_event_and_action() {
    let examples = examples();
    let names: BTreeSet<&String> = examples.iter().map(|(name, _)| name).collect();
    assert!(
        examples.len() > 300 && names.len() > 150,
        "{} payloads, {} names",
        examples.len(),
        names.len()
    );
    let mut receiver: Receiver = Receiver::new(Provider::GITHUB).secret("s3cret").unwrap();
    for name in &names {
        // Each answers with its own name and the number of bytes it got.
        let answer = |message: Received| async move {
            axum::Json((message.event().to_owned(), message.body().len()))
        };
        receiver = receiver.on_event(name, answer);
    }
    let mut test = receiver.testing(());
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for (name, payload) in &examples {
        let report = test.send(name, payload).await;
        report.assert_status(200);
        assert_eq!(
            report.handlers().len(),
            1,
            "{name}: {:?}",
            report.handlers()
        );
        let (event, bytes): (String, usize) = serde_json::from_str(&report.text()).unwrap();
        assert_eq!((&event, bytes), (name, payload.to_string().len()));
        *reached.entry(event).or_default() += 1;
    }
    assert_eq!(reached.len(), names.len());
    assert_eq!(reached.values().sum::<usize>(), examples.len());
    test.send("sponsorship.unheard_of", examples[0].1.clone())
        .await
        .assert_status(204)
        .assert_unhandled();
    test.send("unheard_of", Value::Object(serde_json::Map::new()))
        .await
        .assert_status(204);
}

/// Each payload with the event and the action that GitHub sends with it.
fn examples() -> Vec<(String, Value)> {
    let path = std::env::var(EXAMPLES)
        .unwrap_or_else(|_| panic!("{EXAMPLES} is not set: cargo xtask test sets it"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let events: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut examples = Vec::new();
    for event in &events {
        let name = event["name"].as_str().unwrap();
        for payload in event["examples"].as_array().unwrap() {
            let name = match payload.get("action").and_then(Value::as_str) {
                Some(action) => format!("{name}.{action}"),
                None => name.to_owned(),
            };
            examples.push((name, payload.clone()));
        }
    }
    examples
}
