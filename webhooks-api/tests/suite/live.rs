//! The stream of what happens: whose it is, where it goes on, and what idle listeners cost.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use webhooks_core::Message;
use webhooks_sender::live_feed::Live;

use crate::client::{Caller, PAYMENT, Payment, Service};

async fn send(service: &Service, owner: &str) -> String {
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    let sent = service.sender.send(owner, message).await.expect("sent");
    service.sender.deliver().await.expect("delivered");
    sent.id.to_string()
}

/// One event: its kind, its id and its data.
type Event = (String, String, Value);

fn events(text: &str) -> Vec<Event> {
    let blocks = text
        .split("\n\n")
        .filter(|block| block.starts_with("event: "));
    let field = |block: &str, name: &str| {
        let mut lines = block.lines();
        let found =
            lines.find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        found.unwrap_or_default()
    };
    blocks
        .map(|block| {
            let data = serde_json::from_str(&field(block, "data")).expect("JSON");
            (field(block, "event"), field(block, "id"), data)
        })
        .collect()
}

/// Reads a stream until it has had so many events.
async fn read(body: &mut Body, count: usize) -> Vec<Event> {
    let mut text = String::new();
    while events(&text).len() < count {
        let frame = body
            .frame()
            .await
            .expect("it goes on")
            .expect("it can be read");
        let data = frame.into_data().expect("data");
        text.push_str(std::str::from_utf8(&data).expect("a text"));
    }
    events(&text)
}

#[tokio::test]
async fn what_happens_is_shown_to_its_owner_and_goes_on_where_it_was_interrupted() {
    let service = Service::start().await;
    let (one, two) = (Caller::owner("acct_1"), Caller::owner("acct_2"));
    service.subscribe(&one).await;
    service.subscribe(&two).await;
    let mut body = service.open(&one, "/live").await;
    let foreign = send(&service, "acct_2").await;
    let first = send(&service, "acct_1").await;
    let seen = read(&mut body, 2).await;
    let kinds: Vec<_> = seen.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["message", "attempt"]);
    assert!(
        seen.iter()
            .all(|(.., data)| data["message"] == json!(first)),
        "{seen:?}"
    );
    assert_eq!(seen[1].2["attempt"]["status"], 204);
    drop(body);

    let second = send(&service, "acct_1").await;
    let request = Service::request(&one, &Method::GET, "/live?wait=false")
        .header("last-event-id", &seen[1].1)
        .body(Body::empty());
    let missed = service.send(request.expect("a request")).await;
    assert_eq!(missed.status, StatusCode::OK);
    assert_eq!(missed.header("content-type"), "text/event-stream");
    let text = missed.body.as_str().expect("a text");
    let missed = events(text);
    assert_eq!(missed.len(), 2, "{text}");
    assert!(
        missed
            .iter()
            .all(|(.., data)| data["message"] == json!(second))
    );
    assert!(!text.contains(&foreign));

    let all = service
        .get(
            &Caller::operator(),
            &format!("/live?wait=false&after={}", seen[0].1),
        )
        .await;
    assert!(all.body.as_str().expect("a text").contains(&second));
    let odd = service.get(&one, "/live?after=yesterday").await;
    assert_eq!(odd.problem(), "invalid-cursor");
}

/// Ten thousand listeners are ten thousand waiting futures, and one task that reads.
#[tokio::test]
async fn ten_thousand_idle_listeners_hear_of_one_message() {
    let service = Service::start().await;
    service.subscribe(&Caller::owner("acct_1")).await;
    let account = service.sender.of("acct_1");
    let mut feeds = Vec::new();
    for _ in 0..10_000 {
        feeds.push(account.live(None).await.expect("a feed"));
    }
    let id = send(&service, "acct_1").await;
    for feed in &mut feeds {
        let live = feed.next().await.expect("it goes on");
        let Live::Happened(happening) = live else {
            panic!("{live:?}");
        };
        let shown = serde_json::to_value(happening.as_ref()).expect("JSON");
        assert_eq!(shown["message"], json!(id));
    }
}
