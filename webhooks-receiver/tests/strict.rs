//! Handlers of events that do not exist, found at start.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::routing::MethodRouter;
use support::log::Log;
use support::{SECRET, WHSEC};
use webhooks_core::whpost;
use webhooks_receiver::{Provider, Receiver, Scheme};

/// Sent when an invoice has been paid.
#[whpost("invoice.paid")]
async fn invoice_paid();

fn receiver(provider: Provider, secret: &str, events: &[&str]) -> Receiver {
    let receiver: Receiver = Receiver::new(provider).secret(secret).unwrap();
    receiver.on_events(events.iter().copied(), async || ())
}

/// What is logged when the receiver becomes a route.
fn logged(receiver: Receiver) -> Vec<String> {
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        let _: MethodRouter = receiver.into();
    });
    log.take()
}

#[test]
fn a_strict_receiver_warns_of_names_that_differ_from_documented_ones_by_case_or_one_character() {
    for (provider, secret, wrong, right) in [
        (
            Provider::STRIPE,
            SECRET,
            "charge.succeded",
            "charge.succeeded",
        ),
        (Provider::GITHUB, SECRET, "issues.Opened", "issues.opened"),
        (
            Provider::GITHUB,
            SECRET,
            "pull_requests.*",
            "pull_request.*",
        ),
        (Provider::GITHUB, SECRET, "pushs", "push"),
        (Provider::GITLAB, SECRET, "push hook", "Push Hook"),
        (
            Provider::GITLAB_SIGNED,
            WHSEC,
            "Merge-Request Hook",
            "Merge Request Hook",
        ),
    ] {
        let lines = logged(receiver(provider, secret, &[wrong, right]).strict());
        assert_eq!(lines.len(), 1, "{lines:?}");
        let meant = format!("`{wrong}` is probably meant for `{right}`");
        assert!(
            lines[0].starts_with("WARN") && lines[0].contains(&meant),
            "{lines:?}"
        );
    }
}

#[test]
fn a_strict_receiver_warns_of_names_that_differ_from_declared_ones() {
    let acme = || Provider::from(Scheme::hmac_sha256("x-acme"));
    let lines = logged(receiver(acme(), SECRET, &["invoice.payd", "other"]).strict());
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("`invoice.paid`"), "{lines:?}");
    let known = acme().known_events("order.made\norder.paid\n");
    let lines = logged(receiver(known, SECRET, &["order.mad"]).strict());
    assert!(lines[0].contains("`order.made`"), "{lines:?}");
}

#[test]
fn nothing_is_said_of_known_names_of_new_ones_and_without_being_asked() {
    let names = [
        "push",
        "issues.opened",
        "issues.*",
        "*",
        "a_new_event",
        "invoice.paid",
    ];
    let quiet = receiver(Provider::GITHUB, SECRET, &names).strict();
    assert!(logged(quiet).is_empty());
    let unasked = receiver(Provider::STRIPE, SECRET, &["charge.succeded"]);
    assert!(logged(unasked).is_empty());
}
