//! A customer who never saw it: subscribes, sends a test, sees it fail, reads why, mends it, sends again.

use axum::http::StatusCode;
use serde_json::json;
use webhooks_sender::testing::TestAnswer;

use crate::browser::{Browser, portal, send, sender, subscribed};

#[tokio::test]
async fn a_customer_finds_out_why_and_sends_again() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let empty = browser.get("/subscriptions").await;
    assert!(empty.text().contains("No subscriptions yet"));

    let form = browser.get("/subscriptions/new").await;
    let fields = [
        ("target", "https://example.com/hok"),
        ("event", "payment.created"),
        ("which", "some"),
    ];
    let made = browser.submit(&form, "/subscriptions/new", &fields).await;
    assert!(made.text().contains("whsec_"), "the secret is shown once");
    assert_eq!(made.header("cache-control"), "no-store");
    let path = made.after("primary\" href=\"../").to_owned();

    let subscription = browser.get(&format!("/{path}")).await;
    assert!(!subscription.text().contains("whsec_"));
    sender.answer(TestAnswer::status(404).body("no such hook"));
    let test = browser
        .submit(&subscription, &format!("/{path}/test"), &[])
        .await;
    let waiting = browser.follow(test).await;
    assert!(waiting.text().contains("The test is on its way."));
    sender.deliver().await.expect("delivered");
    let failed = browser.get(&waiting.path).await;
    for text in [
        "The target answered 404: it has nothing at this path for this method.",
        "Check the path of the URL",
        "no such hook",
        "Next attempt",
    ] {
        assert!(failed.text().contains(text), "{text}: {}", failed.text());
    }

    let form = browser.get(&format!("/{path}/edit")).await;
    let revision = form.after("name=\"revision\" value=\"").to_owned();
    let fields = [
        ("target", "https://example.com/hook"),
        ("event", "payment.created"),
        ("revision", &revision),
    ];
    let saved = browser
        .submit(&form, &format!("/{path}/edit"), &fields)
        .await;
    let saved = browser.follow(saved).await;
    assert!(
        saved.text().contains("<title>https://example.com/hook"),
        "{}",
        saved.text()
    );

    let page = browser.get(&failed.path).await;
    let delivery = failed.path.split('?').next().expect("a path").to_owned();
    let retried = browser
        .submit(&page, &format!("{delivery}/retry"), &[])
        .await;
    assert_eq!(retried.status, StatusCode::SEE_OTHER);
    sender.deliver().await.expect("delivered");
    let delivered = browser.get(&delivery).await;
    assert!(
        delivered.text().contains("The target accepted it."),
        "{}",
        delivered.text()
    );
    let last = sender.requests().pop().expect("a request");
    assert_eq!(last.target, "https://example.com/hook");
}

#[tokio::test]
async fn an_operator_finds_the_owner_that_fills_the_queue() {
    let sender = sender().await;
    let app = portal(&sender);
    for (owner, count) in [("globex", 5), ("initech", 2)] {
        let request =
            webhooks_sender::SubscriptionRequest::new(format!("https://{owner}.example/hook"));
        let subscribed = sender
            .of(owner)
            .subscribe(request.event("*"))
            .await
            .expect("subscribed");
        for _ in 0..count {
            send(&sender, owner, &json!({ "amount": 1 })).await;
        }
        assert!(subscribed.secret.is_some());
    }
    let mut browser = Browser::operator(&app);
    let home = browser.get("/").await;
    let overview = browser.follow(home).await;
    let text = overview.text();
    let place = |owner: &str| {
        text.find(&format!(">{owner}<"))
            .unwrap_or_else(|| panic!("{owner}: {text}"))
    };
    assert!(
        place("globex") < place("initech"),
        "the one with the most comes first"
    );
    let log = browser.get("/deliveries?owner=globex").await;
    assert_eq!(log.text().matches("globex.example").count(), 5);
    assert!(!log.text().contains("initech.example"));
    let found = browser.get("/find?q=globex").await;
    assert_eq!(found.header("location"), "./deliveries?owner=globex");
}

#[tokio::test]
async fn what_failed_is_counted_sent_again_as_a_job_and_stands_in_the_trail() {
    let sender = sender().await;
    let app = portal(&sender);
    let id = subscribed(&sender).await;
    sender.answers(vec![TestAnswer::status(500); 40]);
    send(&sender, "acct_1", &json!({ "amount": 1 })).await;
    sender
        .pass(std::time::Duration::from_hours(200))
        .await
        .expect("days");
    let path = format!("/subscriptions/{id}");
    let mut browser = Browser::customer(&app, "acct_1");
    let page = browser.get(&path).await;
    if page.text().contains("Switched off") {
        browser.submit(&page, &format!("{path}/resume"), &[]).await;
    }
    let form = browser.get(&format!("{path}/replay")).await;
    let fields = [("what", "failed"), ("hours", "336")];
    let counting = browser
        .submit(&form, &format!("{path}/replay/count"), &fields)
        .await;
    let counting = browser.follow(counting).await;
    sender.deliver().await.expect("counted");
    let counted = browser.get(&counting.path).await;
    assert!(
        counted
            .text()
            .contains("Deliveries that would be sent again: 1."),
        "{}",
        counted.text()
    );
    let started = browser
        .submit(&counted, &format!("{path}/replay"), &fields)
        .await;
    let job = browser.follow(started).await;
    assert!(
        job.text()
            .contains("is being sent again, in the background"),
        "{}",
        job.text()
    );
    let activity = browser.get("/activity").await;
    for text in ["Sending again", "subscription.<wbr>created"] {
        assert!(
            activity.text().contains(text),
            "{text}: {}",
            activity.text()
        );
    }
}
