//! The operator's pages: how the service runs, all owners, and the pause of all deliveries.

use axum::http::StatusCode;
use serde_json::json;
use webhooks_sender::subscription::{SealingKey, Verification};
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::{Secret, Sender, Subscription, SubscriptionRequest};

use crate::browser::{Browser, catalogue, portal, send, sender, subscribed};

#[tokio::test]
async fn all_deliveries_are_paused_after_a_question_and_go_on_by_a_button() {
    let sender = sender().await;
    let app = portal(&sender);
    subscribed(&sender).await;
    let mut browser = Browser::operator(&app);
    let service = browser.get("/service").await;
    assert!(
        service.text().contains("Deliveries are running.")
            && !service.text().contains("Resume all")
    );
    let question = browser.get("/service/pause").await;
    assert!(question.text().contains("Pause all deliveries?"));
    let paused = browser.submit(&question, "/service/pause", &[]).await;
    let paused = browser.follow(paused).await;
    assert!(
        paused.text().contains("All deliveries are paused since"),
        "{}",
        paused.text()
    );
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    assert_eq!(sender.deliver().await.expect("none"), 0);
    let overview = browser.get("/overview").await;
    assert!(overview.text().contains("All deliveries are paused since"));

    let again = browser.submit(&question, "/service/pause", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "a form is sent once");
    let resumed = browser.submit(&overview, "/service/resume", &[]).await;
    let resumed = browser.follow(resumed).await;
    assert!(resumed.text().contains("Deliveries are running again."));
    assert_eq!(sender.deliver().await.expect("one"), 1);
    let activity = browser.get("/activity?subject=all").await;
    for action in ["deliveries.<wbr>paused", "deliveries.<wbr>resumed"] {
        assert!(
            activity.text().contains(action),
            "{action}: {}",
            activity.text()
        );
    }
}

#[tokio::test]
async fn processes_keys_static_subscriptions_and_retention_are_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
    let crm = Subscription::new("acct_1", "https://crm.example/hook")
        .event("*")
        .secret(secret);
    let sender = Sender::open(folder.path().join("webhooks.db"))
        .webhooks(catalogue())
        .seal_with(SealingKey::new("key-of-2026", [7; 32]))
        .subscription("crm", crm)
        .start()
        .await
        .expect("a sender");
    let app = portal(&sender);
    let mut browser = Browser::operator(&app);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    // The engine joins in the background.
    let page = loop {
        let page = browser.get("/service").await;
        if page.text().contains("(this one)") {
            break page;
        }
        assert!(std::time::Instant::now() < deadline, "{}", page.text());
        tokio::task::yield_now().await;
    };
    for shown in [
        "Running",
        "key-of-2026",
        "Seals now",
        "crm",
        "crm.example/<wbr>hook",
        "As configured",
        "30 days",
        "365 days",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    assert!(!page.text().contains("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    let report = sender.operator().static_report().await.expect("a report");
    let id = report.subscriptions[0].id.clone().expect("an id");
    let mut stored = sender.operator().subscription(&id).await.expect("read");
    stored.target = "https://else.example/".to_owned();
    sender
        .operator()
        .change(&id, stored.into())
        .await
        .expect("changed");
    let page = browser.get("/service").await;
    assert!(
        page.text().contains("Differs") && page.text().contains("</span> target"),
        "{}",
        page.text()
    );
    sender.shut_down().await;
}

#[tokio::test]
async fn owners_lead_to_what_is_theirs_also_with_names_that_are_markup() {
    let sender = sender().await;
    let app = portal(&sender);
    for owner in ["acct_1", "<script>alert(1)</script>", "a&b=c"] {
        let wanted = Subscription::new(owner, "https://example.com/hook").event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("subscribed");
    }
    send(&sender, "a&b=c", &json!({ "a": 1 })).await;
    let mut browser = Browser::operator(&app);
    let page = browser.get("/owners").await;
    assert!(!page.text().contains("<script>alert"));
    assert!(
        page.text()
            .contains("&lt;script&gt;alert(1)&lt;/<wbr>script&gt;"),
        "{}",
        page.text()
    );
    let waiting = page
        .after("data-label=\"Waiting\"><a href=\"")
        .replace("&amp;", "&");
    let log = browser
        .get(&crate::browser::resolve("/owners", &waiting))
        .await;
    assert_eq!(log.status, StatusCode::OK);
    assert_eq!(
        log.text().matches("scope=\"row\"").count(),
        1,
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn what_was_switched_off_is_on_the_overview_with_its_reason_and_what_is_paused_is_not() {
    let sender = sender().await;
    let app = portal(&sender);
    let account = sender.of("acct_1");
    let request =
        |name: &str| SubscriptionRequest::new(format!("https://{name}.example/hook")).event("*");
    let unproved = request("refused").verification(Verification::Challenge);
    for request in [request("gone"), request("disabled"), unproved] {
        account.subscribe(request).await.expect("subscribed");
    }
    let paused = account.subscribe(request("paused")).await;
    let paused = paused.expect("subscribed").id;
    account.pause(&paused).await.expect("paused");
    let disable = TestAnswer::status(500).header("webhook-delivery", "disable");
    for (name, answer) in [
        ("gone", TestAnswer::status(410)),
        ("disabled", disable),
        ("refused", TestAnswer::status(404)),
    ] {
        sender.answer_at(&format!("https://{name}.example/hook"), answer);
    }
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    // A target is asked five times within two hours.
    for _ in 0..180 {
        sender.deliver().await.expect("asked");
        sender.turn(std::time::Duration::from_mins(1));
    }

    let mut browser = Browser::operator(&app);
    let page = browser.get("/overview").await;
    let (_, off) = page.text().split_once("id=\"off\"").expect("a section");
    for (name, state) in [
        ("gone", "Gone"),
        ("disabled", "Disabled by its target"),
        ("refused", "Refused"),
    ] {
        assert!(off.contains(&format!("{name}.")), "{name}: {off}");
        assert!(off.contains(&format!("{state}</span>")), "{state}: {off}");
    }
    assert!(!off.contains("paused."), "{off}");
}
