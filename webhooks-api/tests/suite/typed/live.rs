//! Streams, and the network.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderName;
use webhooks_api::answer::ProblemKind;
use webhooks_api::client::{Client, ClientError, LiveEvents};
use webhooks_core::Message;
use webhooks_sender::live_feed::{Happening, Live};

use super::{Noted, client, wanted};
use crate::client::{Caller, PAYMENT, Payment, Service};

async fn happening(events: &mut LiveEvents<Noted>) -> Arc<Happening> {
    loop {
        match events.next().await.expect("it goes on") {
            Live::Happened(happening) => return happening,
            Live::Idle => {}
            other => panic!("{other:?}"),
        }
    }
}

fn message_of(happening: &Happening) -> String {
    let shown = serde_json::to_value(happening).expect("JSON");
    shown["message"].as_str().expect("an id").to_owned()
}

/// The connection breaks off behind the first event; what was sent meanwhile is heard all the same.
#[tokio::test]
async fn a_stream_that_breaks_off_goes_on_where_it_was() {
    let service = Service::start().await;
    let (client, noted) = client(&service, &Caller::owner("acct_1"));
    client.create_subscription(&wanted()).await.expect("made");
    let message = || async {
        let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
        let sent = service.sender.send("acct_1", message).await.expect("sent");
        service.sender.deliver().await.expect("delivered");
        sent.id.to_string()
    };
    // The greeting and one event, then nothing.
    *noted.cut.lock().expect("not poisoned") = Some(2);
    let mut events = client.live();
    let (heard, first) = tokio::join!(happening(&mut events), async {
        // It hears what happens once it is connected.
        while noted.cut.lock().expect("not poisoned").is_some() {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        message().await
    });
    assert_eq!(
        (heard.kind(), message_of(&heard)),
        ("message", first.clone())
    );
    let second = message().await;
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let heard = happening(&mut events).await;
        seen.push((heard.kind(), message_of(&heard)));
    }
    assert_eq!(
        seen,
        [
            ("attempt", first),
            ("message", second.clone()),
            ("attempt", second)
        ]
    );
    let position = heard.position();
    let mut behind = client.live().after(&position);
    assert_eq!(happening(&mut behind).await.kind(), "attempt");
    let stranger = Client::over(noted, "/api/webhooks").live().next().await;
    let refused = stranger.expect_err("it does not say who asks");
    assert_eq!(refused.kind(), Some(ProblemKind::Unauthorized));
}

/// Over a socket: hyper, a token, keep-alive.
#[tokio::test]
async fn it_speaks_http_to_a_server() {
    let service = Service::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let base = format!(
        "http://{}/api/webhooks",
        listener.local_addr().expect("an address")
    );
    let server = axum::serve(listener, service.router());
    let running = tokio::spawn(server.into_future());
    let mut client = Client::new(&base).expect("this machine");
    for (name, value) in Service::headers(&Caller::owner("acct_1")) {
        client = client
            .header(HeaderName::from_static(name), &value)
            .expect("a header");
    }
    let id = client
        .create_subscription(&wanted())
        .await
        .expect("made")
        .id;
    assert_eq!(client.subscription(&id).await.expect("read").id, id);
    running.abort();
    let _ = running.await;
    let error = client.timeout(Duration::from_secs(5)).events().await;
    let error = error.expect_err("no server is there any more");
    assert!(matches!(error, ClientError::Transport(_)), "{error:?}");
}
