//! A subscription whose messages are fetched: it is made by a form, its page says how, and no page speaks of requests.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use webhooks_portal::Portal;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{Poll, PollAnswer};
use webhooks_sender::testing::TestSender;
use webhooks_sender::{Sender, Sqlite, SubscriptionRequest};

use crate::browser::{Browser, Page, access, resolve, send, sender};

fn app(sender: &Sender<Sqlite>) -> axum::Router {
    Portal::new(sender, access).api("/webhooks/").at("/")
}

/// Makes one by the form; the answer, and the path of its page.
async fn made(browser: &mut Browser) -> (Page, String) {
    let form = browser.get("/subscriptions/new").await;
    let other = form.after("<p class=\"small\"><a href=\"").to_owned();
    let form = browser.get(&resolve("/subscriptions/new", &other)).await;
    assert!(form.text().contains("behind a firewall"), "{other}");
    for field in ["type=\"url\"", "name=\"headers\"", "id=\"check\""] {
        assert!(!form.text().contains(field), "{field}");
    }
    let target = form.after("name=\"target\" value=\"").to_owned();
    let fields = [
        ("target", &*target),
        ("event", "payment.created"),
        ("description", "The plant"),
    ];
    let made = browser.submit(&form, "/subscriptions/new", &fields).await;
    let path = format!("/{}", made.after("primary\" href=\"../"));
    (made, path)
}

async fn poll(sender: &TestSender, path: &str, poll: Poll) -> PollAnswer {
    let id: SubscriptionId = path
        .rsplit('/')
        .next()
        .expect("an id")
        .parse()
        .expect("one");
    let account = sender.of("acct_1");
    account.poll(&id, poll).await.expect("fetched")
}

#[tokio::test]
async fn it_is_made_by_a_form_and_its_page_says_how_messages_are_fetched() {
    let sender = sender().await;
    let app = app(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let (secret, path) = made(&mut browser).await;
    for shown in ["whsec_", "Ask with &quot;signed&quot;: true."] {
        assert!(secret.text().contains(shown), "{}", secret.text());
    }
    let page = browser.get(&path).await;
    let api = format!("POST /webhooks{path}/poll");
    for shown in [
        "<title>Fetched by the receiver",
        "How to fetch its messages",
        &api,
        "Nothing was fetched yet.",
        "The plant",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    let form = browser.get(&format!("{path}/edit")).await;
    assert!(!form.text().contains("Have the messages sent to a URL"));
    let revision = form.after("name=\"revision\" value=\"").to_owned();
    let fields = [
        ("target", "poll"),
        ("which", "all"),
        ("description", "The new plant"),
        ("revision", &revision),
    ];
    let saved = browser
        .submit(&form, &format!("{path}/edit"), &fields)
        .await;
    let saved = browser.follow(saved).await;
    assert!(saved.text().contains("The new plant"), "{}", saved.text());
    let list = browser.get("/subscriptions").await;
    assert!(list.text().contains("Fetched by the receiver"));
}

/// What is said of requests, targets and attempts that are made.
const OF_REQUESTS: [&str; 11] = [
    "The request",
    "POST poll",
    ">poll<",
    "Next attempt",
    "next attempt",
    "The target",
    "No request was made yet",
    "Retry now",
    "first attempt",
    "after 0 ms",
    "0 ms",
];

fn assert_honest(page: &Page) {
    assert_eq!(page.status, StatusCode::OK);
    for said in OF_REQUESTS {
        assert!(!page.text().contains(said), "{said}: {}", page.text());
    }
}

#[tokio::test]
async fn no_page_speaks_of_requests_before_or_after_a_message_is_fetched() {
    let sender = sender().await;
    let app = app(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let (_, path) = made(&mut browser).await;
    let page = browser.get(&path).await;
    assert_honest(&page);
    let sent = browser.submit(&page, &format!("{path}/test"), &[]).await;
    let waiting = browser.follow(sent).await;
    assert_honest(&waiting);
    for shown in ["It waits to be fetched.", "No request is made for it"] {
        assert!(waiting.text().contains(shown), "{}", waiting.text());
    }
    let first = poll(&sender, &path, Poll::new()).await;
    let receipts = first.messages.iter().map(|message| message.receipt.clone());
    poll(&sender, &path, Poll::new().acknowledge(receipts)).await;
    let delivery = waiting.path.split('?').next().expect("a path").to_owned();
    let fetched = browser.get(&delivery).await;
    assert_honest(&fetched);
    assert!(
        fetched.text().contains("has fetched and acknowledged it")
            && fetched.text().contains("Acknowledged")
    );
    let edited = format!("{path}/test");
    for path in [&path, "/deliveries", "/subscriptions", &edited] {
        assert_honest(&browser.get(path).await);
    }
}

#[tokio::test]
async fn no_chart_of_how_long_targets_take_has_what_was_fetched() {
    let sender = sender().await;
    let app = app(&sender);
    let account = sender.of("acct_1");
    let request = SubscriptionRequest::poll().event("*");
    let id = account.subscribe(request).await.expect("subscribed").id;
    send(&sender, "acct_1", &serde_json::json!({ "a": 1 })).await;
    let path = format!("/subscriptions/{id}");
    let given = poll(&sender, &path, Poll::new()).await;
    let receipts = given.messages.iter().map(|message| message.receipt.clone());
    poll(&sender, &path, Poll::new().acknowledge(receipts)).await;
    let mut browser = Browser::operator(&app);
    for page in ["/overview", "/metrics"] {
        let shown = browser.get(page).await;
        assert_eq!(shown.status, StatusCode::OK);
        let text = shown.text();
        assert!(
            text.contains('–') && !text.contains("0 ms"),
            "{page}: {text}"
        );
    }
    let metrics = browser.get("/metrics").await;
    assert!(metrics.text().contains("Attempts: 1 succeeded, 0 failed"));
}

#[tokio::test]
async fn what_is_not_fetched_in_time_says_so_and_waits_anew_when_it_is_sent_again() {
    let sender = sender().await;
    let app = app(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let (_, path) = made(&mut browser).await;
    let page = browser.get(&path).await;
    let sent = browser.submit(&page, &format!("{path}/test"), &[]).await;
    let waiting = browser.follow(sent).await;
    sender.turn(Duration::from_hours(15 * 24));
    sender.operator().prune().await.expect("given up");
    let delivery = waiting.path.split('?').next().expect("a path").to_owned();
    let failed = browser.get(&delivery).await;
    assert_honest(&failed);
    assert!(
        failed
            .text()
            .contains("The message was not fetched in time."),
        "{}",
        failed.text()
    );
    let again = browser
        .submit(&failed, &format!("{delivery}/retry"), &[])
        .await;
    let again = browser.follow(again).await;
    assert_honest(&again);
    assert!(again.text().contains("It waits to be fetched."));
    let language = HeaderValue::from_static("de");
    browser.headers.insert(header::ACCEPT_LANGUAGE, language);
    let page = browser.get(&path).await;
    assert!(page.text().contains("So werden die Nachrichten abgeholt"));
}
