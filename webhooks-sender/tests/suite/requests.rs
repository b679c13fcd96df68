//! What requests look like, dialect by dialect.

use std::time::{Duration, SystemTime};

use webhooks_core::Method;
use webhooks_sender::dialect::Scheme;
use webhooks_sender::testing::{TestAnswer, TestRequest, TestSender};
use webhooks_sender::{Error, Outbound, Secret, Sender, Subscription};
use webhooks_signature::{Request, Verifier as _};

use crate::webhooks::{
    bare, enveloped, payment, payment_created, payment_synced, rates_changed, with_rest_hooks,
};

pub(crate) const TARGET: &str = "https://example.com/hook?key=1";

pub(crate) fn verified(
    request: &TestRequest,
    scheme: &Scheme,
    secret: &Secret,
    now: SystemTime,
) -> bool {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let verifier = scheme.verifier([secret]).expect("a verifier");
    verifier
        .verify(&Request::new(&headers, &request.body), now)
        .is_ok()
}

pub(crate) async fn sender() -> TestSender {
    Sender::testing()
        .webhooks(bare())
        .set(with_rest_hooks)
        .start()
        .await
        .expect("a sender")
}

#[tokio::test]
async fn an_envelope_names_the_event_and_needs_no_header() {
    let sender = Sender::testing()
        .webhooks(enveloped())
        .start()
        .await
        .expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("a subscription");
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    assert_eq!(request.header("webhook-event"), None);
    assert!(!sent.id.is_bound());
    let body = r#"{"type":"payment.created","timestamp":"2027-01-15T08:00:00.000Z","data":{"id":1,"amount":1001}}"#;
    assert_eq!(request.body, body);
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_bare_payload_binds_its_id_to_the_event() {
    let sender = sender().await;
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("a subscription");
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    assert_eq!(request.header("webhook-event"), Some("payment.created"));
    assert_eq!(request.header("webhook-id"), Some(sent.id.as_str()));
    assert!(sent.id.as_str().ends_with("_20e6506aae8b2de2"));
}

#[tokio::test]
async fn parameters_reach_the_request_and_the_method_can_be_chosen() {
    let sender = sender().await;
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .header("x-own", "1")
        .method(Method::Post);
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    let message = payment_synced(
        payment(1),
        "ä".escape_default().to_string(),
        7,
        "s1".to_owned(),
    );
    sender.send("acct_1", message).await.expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    assert_eq!(
        request.method, "POST",
        "PUT is declared first, and the subscription chose"
    );
    assert_eq!(request.target, "https://example.com/hook?key=1&page=7");
    assert_eq!(request.header("x-tenant"), Some(r"\u{e4}"));
    assert_eq!(request.header("cookie"), Some("session=s1"));
    assert_eq!(request.header("x-own"), Some("1"));
    assert_eq!(request.header("traceparent"), None, "no trace was given");
    assert!(
        request
            .header("user-agent")
            .is_some_and(|agent| agent.starts_with("webhooks-sender/"))
    );
}

#[tokio::test]
async fn a_subscriber_that_chose_a_method_with_a_body_gets_the_body() {
    for (catalogue, body) in [
        (bare(), r#"{"id":1,"amount":1001}"#),
        (enveloped(), r#""amount":1001}}"#),
    ] {
        let sender = Sender::testing()
            .webhooks(catalogue)
            .start()
            .await
            .expect("a sender");
        for (target, method) in [
            ("https://get.example.com/", None),
            ("https://post.example.com/", Some(Method::Post)),
        ] {
            let wanted = Subscription::new("acct_1", target).event("rates.changed");
            let wanted = method.into_iter().fold(wanted, Subscription::method);
            sender
                .operator()
                .subscribe(wanted)
                .await
                .expect("a subscription");
        }
        sender
            .send("acct_1", rates_changed(Some(payment(1))))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
        for request in sender.requests() {
            let posted = request.target.contains("post.");
            assert_eq!(request.method, if posted { "POST" } else { "GET" });
            assert_eq!(request.body.is_empty(), !posted);
            assert_eq!(
                request.header("content-type"),
                posted.then_some("application/json")
            );
            assert!(!posted || request.body.ends_with(body.as_bytes()));
        }
    }
}

#[tokio::test]
async fn each_attempt_is_a_span_of_its_own_in_the_applications_trace() {
    let sender = sender().await;
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("a subscription");
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let traced = Outbound::new(payment_created(payment(1)))
        .traceparent(format!("00-{trace}-{parent}-01"))
        .tracestate("congo=t61rcWkgMzE");
    sender.send("acct_1", traced).await.expect("sent");
    sender.answer(TestAnswer::status(500));
    sender.deliver().await.expect("delivered");
    sender.turn(Duration::from_secs(6));
    sender.deliver().await.expect("delivered");
    let requests = sender.take_requests();
    let spans = requests.iter().map(|request| {
        assert_eq!(request.header("tracestate"), Some("congo=t61rcWkgMzE"));
        let sent = request.header("traceparent").expect("a trace");
        let span = sent
            .strip_prefix(&format!("00-{trace}-"))
            .and_then(|rest| rest.strip_suffix("-01"));
        span.expect("the same trace, sampled").to_owned()
    });
    let spans: Vec<_> = spans.collect();
    assert!(
        spans.len() == 2 && spans[0] != spans[1] && !spans.contains(&parent.to_owned()),
        "{spans:?}"
    );

    for (traceparent, tracestate) in [("no trace", "a=b"), ("", ""), ("00-1-2-3", "a=b")] {
        let untraced = Outbound::new(payment_created(payment(1)))
            .traceparent(traceparent)
            .tracestate(tracestate);
        sender
            .send("acct_1", untraced)
            .await
            .expect("a trace is never worth a message");
        sender.deliver().await.expect("delivered");
        let request = sender.take_requests().remove(0);
        assert_eq!(
            (request.header("traceparent"), request.header("tracestate")),
            (None, None)
        );
    }
}

#[tokio::test]
async fn a_parameter_that_cannot_stand_in_a_header_is_refused_when_it_is_sent() {
    let sender = sender().await;
    for (tenant, session, name) in [
        ("a\r\nx-evil: 1", "s1", "X-Tenant"),
        ("ä", "s1", "X-Tenant"),
        ("eu", "a; admin=1", "session"),
        ("eu", "a,b", "session"),
        ("eu", "a\r\nx-evil: 1", "session"),
        ("eu", "ä", "session"),
    ] {
        let message = payment_synced(payment(1), tenant.to_owned(), 7, session.to_owned());
        let refused = sender.send("acct_1", message).await;
        assert!(
            matches!(&refused, Err(Error::Parameter { name: found }) if found == name),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn what_the_webhook_says_in_a_header_counts_and_not_what_the_subscription_says() {
    let sender = sender().await;
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .header("x-tenant", "another");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    let message = payment_synced(payment(1), "eu".to_owned(), 7, "s1".to_owned());
    sender.send("acct_1", message).await.expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    assert_eq!(
        request
            .headers
            .get_all("x-tenant")
            .iter()
            .collect::<Vec<_>>(),
        ["eu"]
    );
}

#[tokio::test]
async fn several_bare_events_to_one_target_need_a_dialect_that_names_them() {
    let sender = sender().await;
    let wanted = Subscription::new("acct_1", TARGET)
        .event("payment.*")
        .dialect("rest-hooks");
    let error = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect_err("not told apart")
        .to_string();
    assert!(error.contains("one subscription per event"), "{error}");
    let sender = Sender::testing()
        .webhooks(enveloped())
        .set(with_rest_hooks)
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET)
        .event("payment.*")
        .dialect("rest-hooks");
    assert!(
        sender.operator().subscribe(wanted).await.is_ok(),
        "the envelope tells them apart"
    );
}
