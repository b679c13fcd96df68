//! The whole story with the real program over loopback HTTP, from the subscription to a clean end.

use std::process::Command;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use serde_json::Value;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::transport::{Answer, HttpClient, Transport};
use webhooks_tests::process::Process;

/// The program's client does for the test's requests too: it reaches loopback when told.
fn client() -> HttpClient {
    let policy = TargetPolicy::development();
    HttpClient::builder(policy)
        .timeout(Duration::from_secs(20))
        .body_cap(10 << 20)
        .build()
        .expect("a client")
}

async fn get(client: &HttpClient, url: String) -> Answer {
    client
        .send(Request::get(url).body(Bytes::new()).expect("a request"))
        .await
        .expect("an answer")
}

async fn post(client: &HttpClient, url: String, body: &'static str) -> u16 {
    let request = Request::post(url).header("content-type", "application/json");
    let request = request
        .body(Bytes::from_static(body.as_bytes()))
        .expect("a request");
    client
        .send(request)
        .await
        .expect("an answer")
        .status
        .as_u16()
}

/// The message id that a line of the receiver begins with.
fn id(line: &str) -> &str {
    line.trim()
        .strip_prefix("receiver: ")
        .and_then(|rest| rest.split(' ').next())
        .expect("an id")
}

#[tokio::test]
async fn the_story_is_told_and_the_app_stays_up_until_it_is_told_to_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_payments-delivered"));
    let mut app = Process::start(command.env("PORT", "0").env("TMPDIR", folder.path()));
    app.line_with("acct_1 subscribed to payment.*");
    app.line_with("verified: payment.created of 10");

    let failed = app.line_with("answered with 500");
    let retried = app.line_with("verified: payment.created of 20");
    assert_eq!(id(&failed), id(&retried), "a retry keeps the message's id");

    let failures = [(); 3].map(|()| app.line_with("answered with 500"));
    app.line_with("given up after three attempts");
    let replayed = app.line_with("verified: payment.created of 30");
    assert!(
        failures.iter().all(|line| id(line) == id(&replayed)),
        "so does a replay"
    );
    app.line_with("3 messages arrived, one for each payment that was committed");

    let line = app.line_with("listening on ");
    let url = line.strip_prefix("listening on ").expect("an address");
    look(url).await;
    assert_eq!(
        post(&client(), format!("{url}/payments"), r#"{"amount":50}"#).await,
        201
    );
    app.line_with("verified: payment.created of 50");
    let forged = post(
        &client(),
        format!("{url}/hooks"),
        r#"{"type":"payment.created"}"#,
    )
    .await;
    assert_eq!(forged, 401, "the receiver takes nothing that is not signed");

    assert!(app.terminate().success(), "it ends well");
    app.line_with("stopped");
    let left = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(left, 0, "the database was temporary");
}

async fn look(url: &str) {
    let client = client();
    let document = get(&client, format!("{url}/openapi.json")).await;
    let served: Value = serde_json::from_slice(&document.body).expect("JSON");
    let kept: Value = serde_json::from_str(include_str!("../openapi.json")).expect("JSON");
    assert_eq!(served, kept);
    for (path, text) in [
        ("/docs", "payment.created"),
        ("/swagger", "swagger-ui"),
        ("/openapi.yaml", "webhooks:"),
    ] {
        let answer = get(&client, format!("{url}{path}")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            String::from_utf8_lossy(&answer.body).contains(text),
            "{path} says {text}"
        );
    }
}
