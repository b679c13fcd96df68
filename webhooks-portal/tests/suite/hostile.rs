//! Everything that comes from outside: payloads, answers, names, targets. It is text, a page stays small, and a file is
//! never shown.

use axum::http::StatusCode;
use serde_json::json;
use webhooks_core::Message;
use webhooks_sender::query::DeliveryFilter;
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::{Outbound, Subscription};

use crate::browser::{Browser, PAYMENT, portal, send, sender, subscribed};

/// A page is at most this large, in bytes.
const LARGEST: usize = 100_000;

const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'-alert(1)-'",
    "\u{1b}[31mred\u{1b}[0m\u{7}",
    "\u{202e}gnp.exe\u{2066}",
    "a\u{0}b\r\n\u{85}c",
];

/// What no page has in its text, wherever it came from.
fn assert_harmless(text: &str, place: &str) {
    for mark in [
        "<script>",
        "<img src=x",
        "onerror=alert(1)>",
        "\u{1b}",
        "\u{202e}",
        "\u{2066}",
        "\u{0}",
        "\u{7}",
    ] {
        assert!(!text.contains(mark), "{place} has {mark:?}");
    }
    // A quote that ends an attribute would leave the text outside of it.
    assert!(!text.contains("'-alert(1)-'"), "{place}");
    assert!(text.len() < LARGEST, "{place} has {} bytes", text.len());
}

#[tokio::test]
async fn hostile_text_is_text_on_every_page() {
    let sender = sender().await;
    let app = portal(&sender);
    let target = "https://example.com/'-alert(1)-'?q=<script>";
    let mut subscription = Subscription::new("acct_1", target).event("*");
    for (place, text) in HOSTILE.into_iter().enumerate() {
        let plain = text.replace(['\u{0}', '\r', '\n'], "");
        subscription = subscription
            .label(format!("l{place}"), plain.clone())
            .description(plain);
    }
    let id = sender
        .operator()
        .subscribe(subscription)
        .await
        .expect("subscribed")
        .id;
    for text in HOSTILE {
        sender.answer(TestAnswer::status(500).body(text.as_bytes().to_vec()));
        let message = Message::untyped(&PAYMENT, &json!({ text: [text, 1] }));
        sender
            .send("acct_1", Outbound::new(message).label("label", "<script>"))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
    }
    let mut browser = Browser::customer(&app, "acct_1");
    let found = sender
        .of("acct_1")
        .deliveries(&DeliveryFilter::new(), 50)
        .await
        .expect("read");
    let mut paths = vec![
        "/subscriptions".to_owned(),
        "/deliveries".to_owned(),
        format!("/subscriptions/{id}"),
    ];
    for rest in ["edit", "rotate", "replay", "remove", "test"] {
        paths.push(format!("/subscriptions/{id}/{rest}"));
    }
    for delivery in &found.items {
        paths.push(format!("/deliveries/{}", delivery.id));
        paths.push(format!("/messages/{}", delivery.message));
    }
    for mark in [
        "%3Cscript%3E",
        "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "%E2%80%AE",
    ] {
        for query in [
            "event",
            "within",
            "from",
            "subscription",
            "cursor",
            "done",
            "hours",
            "owner",
            "status",
            "at",
            "count",
            "events",
        ] {
            paths.push(format!("/deliveries/retry?{query}={mark}"));
            paths.push(format!("/subscriptions/{id}/replay?{query}={mark}"));
            paths.push(format!("/deliveries?{query}={mark}"));
            paths.push(format!("/subscriptions?{query}={mark}"));
        }
        paths.push(format!("/subscriptions/new?event={mark}"));
        paths.push(format!("/subscriptions/{id}/test?event={mark}"));
        paths.push(format!("/deliveries/{}?attempt={mark}", found.items[0].id));
        paths.push(format!("/{mark}/{mark}"));
    }
    for path in paths {
        let page = browser.get(&path).await;
        assert_harmless(page.text(), &path);
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'; script-src 'self'"),
            "{path}"
        );
        assert!(
            !page.text().contains(" style=") && !page.text().contains(" onclick="),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_not_text_is_shown_in_hexadecimal_and_kept_as_it_is() {
    let sender = sender().await;
    let app = portal(&sender);
    subscribed(&sender).await;
    sender.answer(TestAnswer::status(502).body(vec![0xff, 0x00, b'<', b'b', b'>', 0xfe]));
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    sender.deliver().await.expect("delivered");
    let found = sender
        .of("acct_1")
        .deliveries(&DeliveryFilter::new(), 1)
        .await
        .expect("read");
    let mut browser = Browser::customer(&app, "acct_1");
    let page = browser
        .get(&format!("/deliveries/{}", found.items[0].id))
        .await;
    assert!(page.text().contains("ff 00 3c 62 3e fe"), "{}", page.text());
    assert!(page.text().contains("..&lt;b&gt;."));
}

#[tokio::test]
async fn numbers_keep_their_digits_and_a_large_payload_is_cut_on_the_page_and_whole_in_the_file() {
    let sender = sender().await;
    let app = portal(&sender);
    subscribed(&sender).await;
    let number = "123456789012345678901234567890.10";
    let exact: serde_json::Value = serde_json::from_str("9007199254740993").expect("a number");
    send(
        &sender,
        "acct_1",
        &json!({ "exact": exact, "text": number }),
    )
    .await;
    send(&sender, "acct_1", &json!({ "long": "ä".repeat(120_000) })).await;
    let found = sender
        .of("acct_1")
        .deliveries(&DeliveryFilter::new(), 2)
        .await
        .expect("read");
    let mut browser = Browser::customer(&app, "acct_1");
    let page = browser
        .get(&format!("/deliveries/{}", found.items[1].id))
        .await;
    assert!(page.text().contains("9007199254740993") && page.text().contains(number));
    let path = format!("/deliveries/{}", found.items[0].id);
    let page = browser.get(&path).await;
    assert!(page.bytes.len() < LARGEST && page.text().contains("The first 16384 bytes are shown."));
    let file = browser.get(&format!("{path}/payload")).await;
    assert!(file.bytes.len() > 240_000);
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"msg_")
    );
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
}

/// A filter that is left out would show more than was asked for.
#[tokio::test]
async fn a_filter_with_a_nul_is_refused_and_not_left_out() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    for path in ["/deliveries?event=a%00", "/subscriptions?event=%00"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(page.text().contains("holds a NUL"), "{}", page.text());
    }
}

#[tokio::test]
async fn a_delivery_that_is_pruned_between_list_and_click_is_said_to_be_gone() {
    let sender = sender().await;
    let app = portal(&sender);
    subscribed(&sender).await;
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    sender.deliver().await.expect("delivered");
    let mut browser = Browser::customer(&app, "acct_1");
    let list = browser.get("/deliveries").await;
    let delivery = list.after("scope=\"row\"><a href=\"./").to_owned();
    sender.turn(std::time::Duration::from_hours(24 * 40));
    sender.operator().prune().await.expect("pruned");
    let page = browser.get(&format!("/{delivery}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.text()
            .contains("was removed, is no longer kept, or never existed")
    );
}

#[tokio::test]
async fn many_subscriptions_come_page_by_page_and_each_page_is_small() {
    let sender = sender().await;
    let app = portal(&sender);
    for place in 0..70 {
        let target = format!("https://{place}.example/{}", "long/".repeat(300));
        let subscription = Subscription::new("acct_1", target)
            .event("*")
            .description("x".repeat(1000));
        sender
            .operator()
            .subscribe(subscription)
            .await
            .expect("subscribed");
    }
    let mut browser = Browser::customer(&app, "acct_1");
    let (mut page, mut seen) = (browser.get("/subscriptions").await, 0);
    loop {
        assert!(page.bytes.len() < LARGEST, "{}", page.bytes.len());
        seen += page.text().matches("scope=\"row\"").count();
        if !page.text().contains("rel=\"next\"") {
            break;
        }
        let next = page.after("class=\"button\" href=\"").to_owned();
        page = browser.get(&format!("/subscriptions{next}")).await;
    }
    assert_eq!(seen, 70);
}
