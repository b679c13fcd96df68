//! Numbers over time: charts with their tables, over a period, of all owners or of one.

use axum::http::{HeaderValue, StatusCode, header};
use serde_json::json;
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::testing::{TestAnswer, TestSender};

use crate::browser::{Browser, portal, send, sender, subscribed};

/// Two messages of `acct_1`, of which one delivery succeeds and one fails for good; one message of `acct_2`, which waits.
async fn busy() -> TestSender {
    let sender = sender().await;
    subscribed(&sender).await;
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    sender.deliver().await.expect("delivered");
    sender.answer(TestAnswer::status(500));
    send(&sender, "acct_1", &json!({ "a": 2 })).await;
    sender.deliver().await.expect("tried");
    let request = SubscriptionRequest::new("https://example.com/other").event("*");
    let account = sender.of("acct_2");
    account.subscribe(request).await.expect("subscribed");
    send(&sender, "acct_2", &json!({ "a": 3 })).await;
    sender
}

#[tokio::test]
async fn the_numbers_of_a_period_are_drawn_and_stand_in_tables() {
    let sender = busy().await;
    let app = portal(&sender);
    let mut browser = Browser::operator(&app);
    for (period, steps) in [
        ("", 24),
        ("?within=1h", 12),
        ("?within=24h", 24),
        ("?within=7d", 28),
        ("?within=30d", 30),
        ("?within=odd", 24),
    ] {
        let page = browser.get(&format!("/metrics{period}")).await;
        assert_eq!(page.status, StatusCode::OK, "{period}");
        let text = page.text();
        for shown in [
            "Messages sent: 3<",
            "Deliveries: 1 delivered, 0 failed (below the line), 0 cancelled",
            "Attempts: 1 succeeded, 1 failed (below the line)",
            "on average (columns), the longest",
        ] {
            assert!(text.contains(shown), "{period} {shown}: {text}");
        }
        let charts = text.matches("<svg role=\"img\"").count();
        let rows = text.matches("<th scope=\"row\">").count();
        assert_eq!((charts, rows), (4, 4 * steps), "{period}");
        assert!(!text.contains("style=") && page.bytes.len() < 100_000);
    }
}

#[tokio::test]
async fn one_owner_has_numbers_of_its_own() {
    let sender = busy().await;
    let app = portal(&sender);
    let mut browser = Browser::operator(&app);
    let one = browser.get("/metrics?owner=acct_1").await;
    assert!(one.text().contains("Messages sent: 2<"), "{}", one.text());
    let other = browser.get("/metrics?owner=acct_2").await;
    assert!(other.text().contains("Messages sent: 1<"));
    assert!(other.text().contains("Attempts: 0 succeeded, 0 failed"));
}

#[tokio::test]
async fn where_nothing_was_sent_the_page_says_what_to_do() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::operator(&app);
    let page = browser.get("/metrics").await;
    assert!(page.text().contains("Nothing was sent in this period"));
    assert!(page.text().contains("Choose a longer period."));
    assert!(!page.text().contains("<figure"));

    subscribed(&sender).await;
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    let path = "/metrics?within=7d&owner=%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page = browser.get(path).await;
    assert!(
        page.text()
            .contains("<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("<script>alert"));
    let way = page.after("</p><p><a href=\"").to_owned();
    assert_eq!(way, "?within=7d", "the period stays");
    let language = HeaderValue::from_static("de");
    browser.headers.insert(header::ACCEPT_LANGUAGE, language);
    let page = browser.get("/metrics").await;
    assert!(page.text().contains("Gesendete Nachrichten: 1<"));
}

#[tokio::test]
async fn a_customer_chooses_the_period_of_a_subscription() {
    let sender = sender().await;
    let path = format!("/subscriptions/{}", subscribed(&sender).await);
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    sender.deliver().await.expect("delivered");
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    for (period, steps) in [
        ("", 24),
        ("?within=1h", 12),
        ("?within=7d", 28),
        ("?within=30d", 30),
    ] {
        let page = browser.get(&format!("{path}{period}")).await;
        let text = page.text();
        let rows = text.matches(" UTC</time></th>").count();
        assert_eq!(rows, steps, "{period}: {text}");
        assert!(text.contains("Deliveries: 1 delivered, 0 failed (below the line), 0 cancelled"));
        assert_eq!(text.matches("#health\" aria-current=\"true\"").count(), 1);
    }
}
