//! Bodies that are signed, whatever they are: they are read or refused.

use std::sync::{Arc, Mutex};

use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Received, Receiver, RecentMessages};

use super::run::run;

const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const CONTENT_TYPES: [&str; 5] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain; charset=utf-16",
    "application/cloudevents+json",
];

/// A signed body is never answered with an error of ours, and a handler gets the bytes that were signed.
pub fn check(data: &[u8]) {
    let (first, body) = data.split_first().unwrap_or((&0, &[]));
    let content_type = CONTENT_TYPES[usize::from(*first) % CONTENT_TYPES.len()];
    for (provider, secret) in [
        (Provider::STANDARD_WEBHOOKS, WHSEC),
        (Provider::STRIPE, "s3cret"),
        (Provider::GITHUB, "s3cret"),
        (Provider::SLACK, "s3cret"),
        (Provider::META, "s3cret"),
    ] {
        let bodies: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let notes = Arc::clone(&bodies);
        let note = move |message: Received| {
            let body = message.body().to_vec();
            notes.lock().expect("no test panics with it").push(body);
            std::future::ready(())
        };
        let receiver: Receiver = Receiver::new(provider).secret(secret).expect("a secret");
        let mut test = receiver
            .deduplicate(RecentMessages::new(8))
            .on_event("*", note)
            .testing(());
        let request = SignedRequest::new(body.to_vec())
            .header("content-type", content_type)
            .header("x-github-event", "push");
        let report = run(test.send_signed(request));
        assert!(!report.status().is_server_error(), "{report:?}");
        assert_ne!(report.status(), 401, "{report:?}");
        let seen = bodies.lock().expect("no test panics with it");
        assert!(seen.iter().all(|seen| seen == body), "another body");
        assert!(
            seen.is_empty() || report.status().is_success(),
            "{report:?}"
        );
    }
}
