//! Settings that cannot work are refused when the sender starts, with a sentence that says what to change.

use std::time::Duration;

use webhooks_sender::dialect::{Dialect, Scheme};
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::transport::HttpClient;
use webhooks_sender::{Error, Secret, Sender, SenderBuilder, Sqlite, Subscription};

use crate::webhooks::{bare, enveloped, with_rest_hooks};

const TARGET: &str = "https://example.com/hook";

type Set = fn(SenderBuilder<Sqlite>) -> SenderBuilder<Sqlite>;

async fn refused(set: Set) -> String {
    match Sender::testing().webhooks(bare()).set(set).start().await {
        Err(Error::Settings(problem)) => problem,
        other => panic!("it is not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_work_says_what_to_change() {
    let cases: &[(Set, &[&str])] = &[
        (
            |builder| builder.lease(Duration::from_millis(900)),
            &["lease", "900ms", "1s"],
        ),
        (|builder| builder.concurrency(0), &["concurrency"]),
        (|builder| builder.body_limit(0), &["body_limit"]),
        (
            |builder| builder.operational_events_to(""),
            &["operational_events_to", "1 to 256"],
        ),
        (
            |builder| builder.operational_events_to("a\nb"),
            &["operational_events_to"],
        ),
        (
            |builder| builder.targets(TargetPolicy::default().ports([])),
            &["ports"],
        ),
        (
            |builder| builder.seal_with(SealingKey::new("", [1; 32])),
            &["sealing key", "1 to 255"],
        ),
        (
            |builder| {
                builder
                    .seal_with(SealingKey::new("a", [1; 32]))
                    .seal_with(SealingKey::new("a", [2; 32]))
            },
            &["two sealing keys", "`a`"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("")),
            &["no name"],
        ),
        (
            |builder| {
                builder
                    .dialect(Dialect::unsigned("a"))
                    .dialect(Dialect::unsigned("a"))
            },
            &["two dialects", "`a`"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").user_agent("a\r\nx-evil: 1")),
            &["`a`", "user agent"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").event_header("x y")),
            &["`a`", "`x y`"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").event_header("a\r\nb: c")),
            &["`a`", "header name"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").event_header("Host")),
            &["`Host`", "another name"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").id_header("transfer-encoding")),
            &["`transfer-encoding`"],
        ),
        (
            |builder| builder.dialect(Dialect::standard_webhooks().event_header("Webhook-Id")),
            &["`Webhook-Id`", "another name"],
        ),
        (
            |builder| {
                builder
                    .dialect(Dialect::signed("a", Scheme::GITHUB).id_header("X-Hub-Signature-256"))
            },
            &["another name"],
        ),
        (
            |builder| {
                let named = Dialect::signed("a", Scheme::GITHUB).event_header("x-a");
                builder.dialect(named.id_header("X-Hub-Signature-256"))
            },
            &["another name"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").event_header("x-a").id_header("X-A")),
            &["two names"],
        ),
        (
            |builder| builder.dialect(Dialect::unsigned("a").event_header("x-a").id_header("x-a")),
            &["two names"],
        ),
    ];
    for (set, texts) in cases {
        let problem = refused(*set).await;
        assert!(
            texts.iter().all(|text| problem.contains(text)),
            "{texts:?}: {problem}"
        );
    }
}

#[tokio::test]
async fn a_client_that_takes_no_time_is_refused() {
    let never = HttpClient::builder(TargetPolicy::default())
        .timeout(Duration::ZERO)
        .build()
        .expect("a client");
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.transport(never));
    assert!(
        sender
            .start()
            .await
            .expect_err("no time at all")
            .to_string()
            .contains("time-out")
    );
}

#[tokio::test]
async fn operational_events_need_their_webhooks() {
    let sender = Sender::testing().set(|builder| builder.operational_events_to("ops"));
    let error = sender
        .start()
        .await
        .expect_err("nothing to tell with")
        .to_string();
    assert!(error.contains("operational_webhooks"), "{error}");
}

#[tokio::test]
async fn a_dialect_that_does_not_exist_is_named_beside_those_that_do() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .dialect("acme");
    let error = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect_err("there is none")
        .to_string();
    assert!(
        error.contains("`acme`") && error.contains("`standard-webhooks`"),
        "{error}"
    );
}

/// A bare payload says nothing of its event. A dialect tells it in a header, or the receiver must know it by the URL.
#[tokio::test]
async fn two_bare_events_to_one_target_need_a_name_on_the_wire() {
    for (catalogue, dialect, refused) in [
        (bare(), "rest-hooks", true),
        (bare(), "rest-hooks-signed", true),
        (bare(), "standard-webhooks", false),
        (enveloped(), "rest-hooks", false),
    ] {
        let sender = Sender::testing()
            .webhooks(catalogue)
            .set(with_rest_hooks)
            .start()
            .await
            .expect("a sender");
        let secret = Secret::new("a secret that is long enough").expect("a secret");
        let secret = Some(secret).filter(|_| dialect == "rest-hooks-signed");
        let wanted = Subscription::new("acct_1", TARGET).dialect(dialect);
        let wanted = secret.into_iter().fold(wanted, Subscription::secret);
        let one = wanted.clone().event("payment.created");
        let two = wanted
            .event("payment.created")
            .event("payment.card.declined");
        assert!(sender.operator().subscribe(one).await.is_ok(), "{dialect}");
        assert_eq!(
            sender.operator().subscribe(two).await.is_err(),
            refused,
            "{dialect}"
        );
    }
}

#[tokio::test]
async fn weak_secrets_are_refused_wherever_they_come_from() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    let good = Subscription::new("acct_1", TARGET).event("*");
    let id = sender
        .operator()
        .subscribe(good.clone())
        .await
        .expect("a subscription")
        .id;
    for weak in [
        "hunter2",
        "whsec_aGVsbG8gd29ybGQ=",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        let secret = || Secret::new(weak).expect("not empty");
        let errors = [
            sender
                .operator()
                .subscribe(good.clone().secret(secret()))
                .await
                .expect_err(weak),
            sender
                .operator()
                .change(&id, good.clone().secret(secret()))
                .await
                .expect_err(weak),
            sender
                .operator()
                .rotate_to(&id, secret(), Duration::from_secs(1))
                .await
                .expect_err(weak),
        ];
        for error in errors {
            assert!(
                error.to_string().contains("weak") && !error.to_string().contains(weak),
                "{error}"
            );
        }
    }
}
