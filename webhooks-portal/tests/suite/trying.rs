//! What customers try: an example that they edit, a target that is checked, the request that was sent, a log that follows.

use axum::http::StatusCode;
use serde_json::json;
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::testing::{TestAnswer, TestSender};

use crate::browser::{Browser, portal, send, sender};

async fn subscribed(sender: &TestSender) -> String {
    let request = SubscriptionRequest::new("https://example.com/hook")
        .event("*")
        .header("x-token", "hunter2");
    let made = sender.of("acct_1").subscribe(request).await;
    format!("/subscriptions/{}", made.expect("subscribed").id)
}

#[tokio::test]
async fn an_example_is_edited_and_sent_and_what_is_wrong_with_it_is_said() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = format!("{}/test", subscribed(&sender).await);
    let mut browser = Browser::customer(&app, "acct_1");
    let form = browser.get(&path).await;
    assert!(form.text().contains("name=\"payload\"") && form.text().contains("payment.created"));
    assert!(
        form.text().contains("{\n  &quot;amount&quot;: 5050\n}"),
        "the documented example: {}",
        form.text()
    );
    let with = |payload: &'static str| [("event", "payment.created"), ("payload", payload)];
    let refused = browser
        .submit(&form, &path, &with("{\"amount\": <b>}"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("This is not JSON: line 1, column"),
        "{}",
        refused.text()
    );
    assert!(
        refused.text().contains("{&quot;amount&quot;: &lt;b&gt;}"),
        "what was written is not lost"
    );
    let sent = browser
        .submit(&refused, &path, &with("{\"amount\": 4711}"))
        .await;
    let delivery = browser.follow(sent).await;
    assert!(
        delivery.text().contains("The test is on its way.") && delivery.text().contains("4711")
    );
    sender.deliver().await.expect("delivered");
    let request = sender.requests().pop().expect("a request");
    assert_eq!(request.json()["amount"], json!(4711));
    let form = browser.get(&path).await;
    let unknown = browser
        .submit(&form, &path, &[("event", "no.such"), ("payload", "{}")])
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_target_is_checked_as_often_as_one_likes_and_nothing_is_lost_or_made() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let form = browser.get("/subscriptions/new").await;
    let fields = |target: &'static str| {
        [
            ("target", target),
            ("which", "some"),
            ("patterns", "payment.*"),
            ("description", "Mine"),
        ]
    };
    for _ in 0..3 {
        let checked = browser
            .submit(
                &form,
                "/subscriptions/check",
                &fields("https://10.0.0.1/hook"),
            )
            .await;
        assert_eq!(checked.status, StatusCode::OK);
        for shown in [
            "This target would be refused:",
            "the target is not on the public internet",
            "aria-invalid=\"true\"",
            "value=\"Mine\"",
            "value=\"payment.*\"",
        ] {
            assert!(
                checked.text().contains(shown),
                "{shown}: {}",
                checked.text()
            );
        }
    }
    let checked = browser
        .submit(
            &form,
            "/subscriptions/check",
            &fields("https://example.com/hook"),
        )
        .await;
    assert!(
        checked.text().contains("This target would be accepted.")
            && !checked.text().contains("aria-invalid")
    );
    let none = sender
        .of("acct_1")
        .subscriptions(None, 10)
        .await
        .expect("read");
    assert_eq!(none.items.len(), 0);
    let refused = browser
        .post("/subscriptions/check", &fields("https://example.com/hook"))
        .await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "a form of another site"
    );
    let saved = browser
        .submit(
            &checked,
            "/subscriptions/new",
            &fields("https://example.com/hook"),
        )
        .await;
    assert!(saved.text().contains("whsec_"), "{}", saved.text());
    // One that exists stays the one that is changed.
    let path = subscribed(&sender).await;
    let form = browser.get(&format!("{path}/edit")).await;
    let id = path.rsplit('/').next().expect("an id");
    let fields = [
        ("target", "https://example.com/b"),
        ("id", id),
        ("revision", "1"),
    ];
    let checked = browser.submit(&form, "/subscriptions/check", &fields).await;
    assert!(
        checked.text().contains("Edit subscription")
            && checked.text().contains("https://example.com/b")
    );
}

#[tokio::test]
async fn the_request_of_each_attempt_is_shown_with_its_signature_and_without_credentials() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = subscribed(&sender).await;
    sender.answer(TestAnswer::status(500));
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    sender
        .pass(std::time::Duration::from_mins(5))
        .await
        .expect("retried");
    let requests = sender.requests();
    assert!(requests.len() >= 2);
    let mut browser = Browser::customer(&app, "acct_1");
    let page = browser.get(&path).await;
    let delivery = page
        .after("scope=\"row\"><a href=\"../deliveries/")
        .to_owned();
    let delivery = format!("/deliveries/{delivery}");
    let last = browser.get(&delivery).await;
    let signature = |place: usize| {
        requests[place]
            .header("webhook-signature")
            .expect("signed")
            .to_owned()
    };
    assert!(
        last.text().contains(&signature(requests.len() - 1)),
        "{}",
        last.text()
    );
    assert!(
        last.text().contains("as it was sent") && last.text().contains("a credential, not shown")
    );
    assert!(!last.text().contains("hunter2"));
    let first = last
        .after("a class=\"small\" href=\"")
        .replace("&amp;", "&");
    let first = first.split('#').next().expect("a query").to_owned();
    let first = browser.get(&format!("{delivery}{first}")).await;
    assert!(first.text().contains(&signature(0)), "{}", first.text());
    browser
        .headers
        .insert("x-abilities", "view".parse().expect("a header"));
    let hidden = browser.get(&delivery).await;
    assert!(
        !hidden.text().contains(&signature(0))
            && hidden.text().contains("made anew for each attempt")
    );
}

#[tokio::test]
async fn a_log_follows_what_happens_to_its_owner_and_an_older_page_does_not() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let log = browser.get("/deliveries").await;
    assert_eq!(log.after("data-live=\""), "./deliveries/live");
    assert!(
        log.text().contains(">Reload<"),
        "without a script it is a link"
    );
    let stream = browser.get("/deliveries/live").await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert!(stream.text().starts_with("retry: "), "{}", stream.text());
    let older = browser.get("/deliveries?cursor=x").await;
    assert!(!older.text().contains("data-live"));
}
