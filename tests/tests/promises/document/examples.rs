//! The webhooks of the examples, sent and held against the documents of their apps.
//!
//! `payments-delivered` brings its own catalogue and document. The others declare without sending: what they declare is
//! found in the binary, as an app finds it, and sent with payloads made from the documents' schemas.

use serde_json::{Map, Value, json};
use webhooks_core::__private::{Registration, inventory};
use webhooks_core::{DeliveryTerms, Descriptor, Envelope, Message, Webhooks};

use super::conformance::problems;
use super::{SIGNED, Signed, built, document, request};

/// An example's source as a module: what it does besides declaring is not called here.
macro_rules! examples {
    ($($module:ident: $path:literal,)*) => {
        $(
            #[allow(dead_code, unreachable_pub, reason = "only what it declares is of interest")]
            #[allow(missing_docs, reason = "it is a program")]
            #[path = $path]
            mod $module;
        )*
    };
}

examples! {
    gateway: "../../../../examples/gateway/src/main.rs",
    new_subscription: "../../../../examples/new-subscription/src/main.rs",
    payment_view: "../../../../examples/payment-view/src/main.rs",
    payments: "../../../../examples/payments/src/main.rs",
    payments_delivered: "../../../../examples/payments-delivered/src/app.rs",
    several_methods: "../../../../examples/several-methods/src/main.rs",
}

const DECLARING: [&str; 5] = [
    "gateway",
    "new-subscription",
    "payment-view",
    "payments",
    "several-methods",
];

#[tokio::test]
async fn the_app_that_delivers_payments_sends_what_its_document_says() {
    let docs = payments_delivered::docs(DeliveryTerms::new()).expect("its document");
    let document = super::json(&docs);
    let sender = Signed::V1
        .sender(payments_delivered::catalogue().expect("its webhooks"))
        .await;
    let message = payments_delivered::payment_created(payments_delivered::Payment { amount: 7 });
    let found = problems(
        &document,
        "payment.created",
        &request(&sender, message.into()).await,
    );
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn what_the_other_examples_declare_is_sent_as_their_documents_say() {
    let (mut wrong, mut sent) = (Vec::new(), 0);
    for (example, envelope) in DECLARING
        .into_iter()
        .flat_map(|example| [Envelope::Bare, Envelope::Standard].map(|one| (example, one)))
    {
        let descriptors = declared_in(example);
        assert!(!descriptors.is_empty(), "{example} declares nothing");
        for signed in SIGNED {
            let webhooks = descriptors
                .iter()
                .fold(Webhooks::new(), |all, one| all.with(*one));
            let catalogue = built(webhooks, envelope, signed.security(envelope));
            let document = document(&catalogue);
            let sender = signed.sender(catalogue).await;
            for message in descriptors
                .iter()
                .flat_map(|one| messages(&document, one, envelope))
            {
                let event = message.event();
                let found = problems(&document, event, &request(&sender, message).await);
                wrong.extend(
                    found
                        .into_iter()
                        .map(|problem| format!("{example}, {envelope:?}: {problem}")),
                );
                sent += 1;
            }
        }
    }
    assert!(sent >= 50, "only {sent} requests were looked at");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an example's attributes have registered.
fn declared_in(example: &str) -> Vec<&'static Descriptor> {
    let folder = format!("examples/{example}/src/");
    let registered = inventory::iter::<Registration>().flat_map(|registered| match registered {
        Registration::Webhook(descriptor) => std::slice::from_ref(descriptor),
        Registration::View(descriptors) | Registration::More { descriptors, .. } => descriptors,
    });
    registered
        .copied()
        .filter(|descriptor| descriptor.source_location().to_string().contains(&folder))
        .collect()
}

/// A message for each method. A parameter that is required has its place in a declared function's arguments alone, so a
/// webhook with one is left to `shapes`.
fn messages(document: &Value, descriptor: &'static Descriptor, envelope: Envelope) -> Vec<Message> {
    let operations = &document["webhooks"][descriptor.name()];
    let sent = descriptor.methods().iter().filter_map(|method| {
        let operation = &operations[method.key()];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let of_its_own = |parameter: &Value| {
            let name = parameter["name"].as_str().unwrap_or_default();
            parameter["required"] == true
                && !(name.starts_with("webhook-") || name.starts_with("svix-"))
        };
        if parameters.into_iter().any(of_its_own) {
            return None;
        }
        let content = operation["requestBody"]["content"]
            .as_object()
            .and_then(|content| content.values().next());
        let whole = content.map_or(Value::Null, |content| sample(document, &content["schema"]));
        let payload = if envelope == Envelope::Standard {
            whole["data"].clone()
        } else {
            whole
        };
        Some(Message::untyped(descriptor, &payload).with_method(*method))
    });
    sent.collect()
}

/// A value that fits a schema, of the kinds that the examples use.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(pointer) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'))
    {
        return sample(document, document.pointer(pointer).expect("a component"));
    }
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[choice].get(0) {
            return sample(document, first);
        }
    }
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str())
        .unwrap_or_default();
    match (kind, schema["format"].as_str()) {
        ("object", _) => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let values = properties.map(|(name, schema)| (name.clone(), sample(document, schema)));
            Value::Object(values.collect::<Map<_, _>>())
        }
        ("array", _) => json!([sample(document, &schema["items"])]),
        ("string", Some("date-time")) => json!("2027-01-15T08:00:00Z"),
        ("string", _) => json!("text"),
        ("integer" | "number", _) => json!(7),
        ("boolean", _) => json!(true),
        _ => Value::Null,
    }
}
