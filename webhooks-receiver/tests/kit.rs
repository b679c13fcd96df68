//! What the testing kit tells of a request, and what it says when it cannot sign one.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use support::{SECRET, WHSEC};
use webhooks_receiver::testing::{SignedRequest, TestReceiver};
use webhooks_receiver::{
    AnyOf, Provider, Reason, Receiver, Reception, RejectionKind, Scheme, Secret,
};

#[tokio::test]
async fn the_kit_tells_missing_malformed_stale_and_mismatched_signatures_apart() {
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let mut test = receiver.on_event("a", async || ()).testing(());
    let accepted = test.send("a", json!({})).await;
    accepted.assert_status(200);
    assert_eq!(accepted.rejection_kind(), None);
    let good = test.last_request().unwrap();
    let changed = |name: &'static str, value: Option<&'static str>| {
        let mut request = good.clone();
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request.map(Body::from)
    };
    let signature = "webhook-signature";
    let other = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    for (request, kind, problem) in [
        (
            changed(signature, None),
            RejectionKind::Missing,
            "is missing",
        ),
        (
            changed("webhook-id", None),
            RejectionKind::Missing,
            "is missing",
        ),
        (
            changed(signature, Some("v1,%%%")),
            RejectionKind::Malformed,
            "no signature in the form",
        ),
        (
            changed(signature, Some(other)),
            RejectionKind::Mismatch,
            &*Reason::Mismatch.to_string(),
        ),
        (
            changed("webhook-timestamp", Some("1767220000")),
            RejectionKind::Stale,
            "s old",
        ),
    ] {
        let report = test.send_as_it_is(request).await;
        report.assert_status(401);
        assert_eq!(report.rejection_kind(), Some(kind));
        assert!(matches!(report.reception(), Reception::NotAuthenticated(_)));
        let problems = report.problems();
        assert!(problems[0].contains(problem), "{problems:?}");
        assert!(
            !report.text().contains(problem),
            "the sender reads it: {}",
            report.text()
        );
    }
}

/// A receiver with a verifier of its own, which accepts GitLab's token and its signatures.
fn with_verifier() -> TestReceiver {
    let either = AnyOf::new([
        Scheme::GITLAB_TOKEN
            .verifier([Secret::new(SECRET).unwrap()])
            .unwrap(),
        Scheme::GITLAB_SIGNED
            .verifier([Secret::new(WHSEC).unwrap()])
            .unwrap(),
    ]);
    let receiver: Receiver = Receiver::with_verifier(Provider::GITLAB, either);
    receiver.on_event("Push Hook", async || ()).testing(())
}

fn signer(scheme: &Scheme, secret: &str) -> webhooks_receiver::testing::Signer {
    scheme.signer([Secret::new(secret).unwrap()]).unwrap()
}

#[tokio::test]
async fn a_receiver_with_a_verifier_of_its_own_is_tested_with_a_signer() {
    for (scheme, secret) in [
        (Scheme::GITLAB_TOKEN, SECRET),
        (Scheme::GITLAB_SIGNED, WHSEC),
    ] {
        let mut test = with_verifier().signer(signer(&scheme, secret));
        let report = test.send("Push Hook", json!({})).await;
        report.assert_status(200);
        assert_eq!(report.handlers().len(), 1);
        test.replay().await.assert_status(200);
    }
    let mut test = with_verifier().signer(signer(&Scheme::GITLAB_TOKEN, "another"));
    let report = test.send("Push Hook", json!({})).await;
    assert_eq!(report.rejection_kind(), Some(RejectionKind::Mismatch));
}

#[tokio::test]
async fn a_receiver_with_a_verifier_of_its_own_takes_requests_as_they_are() {
    let mut test = with_verifier();
    let request = SignedRequest::new("{}")
        .header("x-gitlab-event", "Push Hook")
        .sign(&signer(&Scheme::GITLAB_SIGNED, WHSEC), test.now());
    test.send_as_it_is(request).await.assert_status(200);
    let unsigned = Request::post("/hook").body(Body::empty()).unwrap();
    let report = test.send_as_it_is(unsigned).await;
    assert_eq!(report.rejection_kind(), Some(RejectionKind::Missing));
}

#[tokio::test]
async fn the_kit_says_what_works_for_a_receiver_with_a_verifier_of_its_own() {
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| with_verifier().sign_with(SECRET)));
    assert_advice(panic.map(drop));
    let sent = tokio::spawn(async { with_verifier().send("Push Hook", json!({})).await }).await;
    assert_advice(sent.map(drop).map_err(|error| error.into_panic()));
}

/// The message of the panic names a method that works.
#[track_caller]
fn assert_advice(panic: std::thread::Result<()>) {
    let message = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("verifier of its own"), "{message}");
    assert!(message.contains("`test.signer("), "{message}");
}
