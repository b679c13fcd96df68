//! A receiver of GitHub's webhooks, from request to handler.

#![allow(missing_docs, reason = "a test has no readers but its own")]

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use tower::ServiceExt as _;
use webhooks_receiver::{Provider, Receiver, Scheme, Secret};
use webhooks_signature::Outgoing;

#[derive(serde::Deserialize)]
struct Issues {
    number: u64,
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u64>>>);

async fn opened(data: Issues, State(seen): State<Seen>) -> Result<(), String> {
    seen.0.lock().unwrap().push(data.number);
    Ok(())
}

fn request(event: &str, body: &str) -> Request<Body> {
    let signer = Scheme::GITHUB.signer([Secret::new("s3cret").unwrap()]).unwrap();
    let mut request = Request::post("/hook").header("x-github-event", event);
    for (name, value) in signer.sign(&Outgoing::new(body.as_bytes(), SystemTime::now())).unwrap() {
        request = request.header(name, value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

#[tokio::test]
async fn a_signed_request_reaches_the_handler_of_its_event() {
    let github = Receiver::new(Provider::GITHUB).secret("s3cret").unwrap().on_event("issues.opened", opened);
    let seen = Seen::default();
    let app = Router::new().route("/hook", github.into()).with_state(seen.clone());
    let good = request("issues", r#"{"action":"opened","number":7}"#);
    let unknown = request("push", r#"{"number":7}"#);
    let mut tampered = request("issues", r#"{"action":"opened","number":7}"#);
    *tampered.body_mut() = Body::from(r#"{"action":"opened","number":8}"#);
    let status = async |request| app.clone().oneshot(request).await.unwrap().status();
    assert_eq!(status(good).await, StatusCode::OK);
    assert_eq!(status(unknown).await, StatusCode::NO_CONTENT);
    assert_eq!(status(tampered).await, StatusCode::UNAUTHORIZED);
    assert_eq!(*seen.0.lock().unwrap(), [7]);
}
