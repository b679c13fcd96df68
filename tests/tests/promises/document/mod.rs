//! Every request that the engine makes is one that the app's own document describes: method, body, content type, and
//! headers, query and cookies both ways.

mod conformance;
mod examples;
mod shapes;

use std::time::Duration;

use serde_json::Value;
use webhooks_core::{
    Catalogue, Document, Envelope, Message, Method, OpenApi, RequestSecurity, Webhooks,
};
use webhooks_sender::dialect::{Dialect, Scheme};
use webhooks_sender::testing::{TestRequest, TestSender};
use webhooks_sender::{Secret, Sender, Subscription};

use conformance::problems;

const OWNER: &str = "acct_1";
const TARGET: &str = "https://example.com/hook";

/// In how many ways a subscription signs.
#[derive(Clone, Copy, Debug)]
enum Signed {
    V1,
    Rotated,
    V1a,
    Svix,
    Unsigned,
}

const SIGNED: [Signed; 5] = [
    Signed::V1,
    Signed::Rotated,
    Signed::V1a,
    Signed::Svix,
    Signed::Unsigned,
];

impl Signed {
    fn dialect(self) -> Dialect {
        match self {
            Signed::V1 | Signed::Rotated | Signed::V1a => Dialect::standard_webhooks(),
            Signed::Svix => Dialect::signed("svix", Scheme::SVIX).event_header("svix-event"),
            Signed::Unsigned => Dialect::unsigned("plain"),
        }
    }

    fn security(self, envelope: Envelope) -> Option<RequestSecurity> {
        self.dialect().security(envelope)
    }

    /// A sender of these webhooks with a subscription that is signed so.
    async fn sender(self, catalogue: Catalogue) -> TestSender {
        let sender = Sender::testing()
            .webhooks(catalogue)
            .set(|builder| builder.dialect(self.dialect()));
        let sender = sender.start().await.expect("a sender");
        // One for each event: an unsigned bare payload differs from others by its target alone.
        let events: Vec<String> = sender
            .catalogue()
            .iter()
            // What is hidden is the operator's: a customer cannot subscribe to it.
            .filter(|entry| entry.is_documented())
            .map(|entry| entry.name().to_string())
            .collect();
        for (number, event) in events.iter().enumerate() {
            let wanted = Subscription::new(OWNER, format!("{TARGET}/{number}")).event(event);
            let wanted = match self {
                Signed::V1a => wanted.secret(Secret::generate_ed25519().expect("randomness")),
                Signed::Svix => wanted.secret(Secret::generate().expect("randomness")),
                _ => wanted,
            };
            let id = sender
                .operator()
                .subscribe(wanted)
                .await
                .expect("a subscription")
                .id;
            if matches!(self, Signed::Rotated) {
                sender
                    .operator()
                    .rotate(&id, Duration::from_hours(1))
                    .await
                    .expect("rotated");
            }
        }
        sender
    }
}

/// Sends a message and returns its only request.
async fn request(sender: &TestSender, message: Message) -> TestRequest {
    sender.send(OWNER, message).await.expect("sent");
    sender.deliver().await.expect("delivered");
    let mut requests = sender.take_requests();
    assert_eq!(requests.len(), 1, "one subscription wants it");
    requests.remove(0)
}

fn built(webhooks: Webhooks, envelope: Envelope, security: Option<RequestSecurity>) -> Catalogue {
    let webhooks = webhooks.envelope(envelope);
    let webhooks = security.into_iter().fold(webhooks, Webhooks::signed);
    webhooks.build().expect("a catalogue")
}

fn json(document: &Document) -> Value {
    serde_json::from_str(&document.to_json()).expect("a document is JSON")
}

fn document(catalogue: &Catalogue) -> Value {
    json(
        &OpenApi::new("Shapes", "1")
            .webhooks(catalogue.clone())
            .build()
            .expect("a document"),
    )
}

#[tokio::test]
async fn every_shape_of_a_webhook_is_sent_as_its_document_says() {
    let mut wrong = Vec::new();
    for envelope in [Envelope::Bare, Envelope::Standard] {
        for signed in SIGNED {
            let catalogue = built(shapes::all(envelope), envelope, signed.security(envelope));
            let document = document(&catalogue);
            let sender = signed.sender(catalogue).await;
            for message in shapes::messages(envelope) {
                let event = message.event();
                let found = problems(&document, event, &request(&sender, message).await);
                wrong.extend(
                    found
                        .into_iter()
                        .map(|problem| format!("{envelope:?}, {signed:?}: {problem}")),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is done to a request.
type Change<'a> = &'a dyn Fn(&mut TestRequest);

/// What the check is worth: a request that differs from its document is found out.
#[tokio::test]
async fn a_request_that_differs_from_its_document_is_found_out() {
    let envelope = Envelope::Bare;
    let catalogue = built(
        shapes::all(envelope),
        envelope,
        Signed::V1.security(envelope),
    );
    let document = document(&catalogue);
    let sender = Signed::V1.sender(catalogue).await;
    let good = request(&sender, shapes::tracked()).await;
    let found = |change: &dyn Fn(&mut TestRequest)| {
        let mut request = good.clone();
        change(&mut request);
        problems(&document, "parcel.tracked", &request).join("; ")
    };
    assert_eq!(found(&|_| {}), "");
    let header = |name: &'static str| axum::http::HeaderName::from_static(name);
    let changes: [(Change<'_>, &str); 9] = [
        (
            &|request| request.method = Method::Delete.as_str().to_owned(),
            "no operation",
        ),
        (
            &|request| _ = request.headers.remove("x-tenant"),
            "x-tenant",
        ),
        (
            &|request| _ = request.headers.remove("webhook-signature"),
            "webhook-signature",
        ),
        (
            &|request| {
                _ = request
                    .headers
                    .insert(header("x-more"), "1".parse().expect("a value"));
            },
            "x-more",
        ),
        (
            &|request| {
                _ = request
                    .headers
                    .insert(header("cookie"), "other=1".parse().expect("a value"));
            },
            "session",
        ),
        (&|request| request.target.push_str("&more=1"), "more"),
        (&|request| request.target = TARGET.to_owned(), "page"),
        (
            &|request| request.body = "{\"id\":\"seven\"}".into(),
            "body",
        ),
        (
            &|request| {
                _ = request
                    .headers
                    .insert(header("content-type"), "text/plain".parse().expect("one"));
            },
            "text/plain",
        ),
    ];
    for (change, what) in changes {
        let problems = found(change);
        assert!(problems.contains(what), "{what} is not among: {problems}");
    }
}
