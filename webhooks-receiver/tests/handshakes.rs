//! What providers ask before they send.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Method, Request, StatusCode};
use support::{Notes, SECRET, app, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Handshake, Provider, Receiver, Scheme, Secret, SecretError};

fn request(method: Method, target: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(target)
        .body(Body::empty())
        .unwrap()
}

fn receiver(provider: Provider, notes: &Notes) -> Receiver {
    Receiver::new(provider)
        .secret(SECRET)
        .unwrap()
        .on_event("*", notes.events())
}

#[tokio::test]
async fn metas_challenge_is_answered_without_a_signature() {
    let notes = Notes::default();
    let app = app(receiver(Provider::META, &notes).handshake(Handshake::meta("token").unwrap()));
    let get = async |query: &str| send(&app, request(Method::GET, &format!("/hook?{query}"))).await;
    let good = get("hub.mode=subscribe&hub.verify_token=token&hub.challenge=%3Cb%3E1").await;
    assert_eq!((good.status, good.body.as_str()), (StatusCode::OK, "<b>1"));
    assert_eq!(good.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(good.headers["x-content-type-options"], "nosniff");
    for query in [
        "hub.mode=subscribe&hub.verify_token=other&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=token",
        "hub.mode=subscribe&hub.verify_token=other&hub.verify_token=token&hub.challenge=1",
    ] {
        let answer = get(query).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{query}");
        assert!(!answer.body.contains("token\""), "{}", answer.body);
    }
    let other = get("").await;
    assert_eq!(other.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(other.headers["allow"], "POST, GET");
    assert_eq!(
        send(&app, request(Method::POST, "/hook")).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn microsoft_graphs_token_is_sent_back_as_text() {
    let notes = Notes::default();
    let receiver = receiver(Provider::GITHUB, &notes).handshake(Handshake::microsoft_graph());
    let app = app(receiver);
    let answer = send(
        &app,
        request(Method::POST, "/hook?validationToken=Validation%3A+a%2Fb"),
    )
    .await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, "Validation: a/b")
    );
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(
        send(&app, request(Method::POST, "/hook")).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn slacks_challenge_is_answered_only_when_it_is_signed() {
    let notes = Notes::default();
    let app = app(receiver(Provider::SLACK, &notes));
    let body = r#"{"token":"x","challenge":"3eZbrw1a","type":"url_verification"}"#;
    let answer = send(
        &app,
        signed(&Scheme::SLACK, SECRET, SignedRequest::new(body)),
    )
    .await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, r#"{"challenge":"3eZbrw1a"}"#)
    );
    let unsigned = Request::post("/hook").body(Body::from(body)).unwrap();
    assert_eq!(send(&app, unsigned).await.status, StatusCode::UNAUTHORIZED);
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn slacks_check_of_the_certificate_is_answered_without_a_signature() {
    let notes = Notes::default();
    let app = app(receiver(Provider::SLACK, &notes));
    let check = |media_type: &str, body: &'static str| {
        Request::post("/hook")
            .header("content-type", media_type)
            .body(Body::from(body))
            .unwrap()
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        send(&app, check(form, "ssl_check=1&token=x")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        send(&app, check(form, "ssl_check=0")).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        send(&app, check("application/json", "ssl_check=1"))
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn zooms_token_is_answered_with_its_hmac_under_the_secret_that_matched() {
    let app = app(Receiver::new(Provider::ZOOM)
        .secret("new")
        .unwrap()
        .secret("zoomsecret")
        .unwrap());
    let body =
        r#"{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event":"endpoint.url_validation"}"#;
    let answer = send(
        &app,
        signed(&Scheme::ZOOM, "zoomsecret", SignedRequest::new(body)),
    )
    .await;
    // printf qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac zoomsecret
    let hmac = "83b2a60d4bbe49dc93763ed9e727a9a7690cbe4c1f8bb0adc0ffccd09ecb1384";
    let expected =
        format!(r#"{{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"{hmac}"}}"#);
    assert_eq!((answer.status, answer.body), (StatusCode::OK, expected));
    let wrong = signed(&Scheme::ZOOM, "other", SignedRequest::new(body));
    assert_eq!(send(&app, wrong).await.status, StatusCode::UNAUTHORIZED);
}

const DISCORD_PRIVATE: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const DISCORD_PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

#[tokio::test]
async fn discords_pings_are_answered_when_they_are_signed() {
    for (provider, ping, status, body) in [
        (
            Provider::DISCORD_INTERACTIONS,
            r#"{"id":"1","type":1}"#,
            StatusCode::OK,
            r#"{"type":1}"#,
        ),
        (
            Provider::DISCORD_EVENTS,
            r#"{"version":1,"type":0}"#,
            StatusCode::NO_CONTENT,
            "",
        ),
    ] {
        let receiver: Receiver = Receiver::new(provider).secret(DISCORD_PUBLIC).unwrap();
        let app = app(receiver);
        let good = signed(&Scheme::DISCORD, DISCORD_PRIVATE, SignedRequest::new(ping));
        let answer = send(&app, good).await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body));
        assert_eq!(answer.headers["content-type"], "application/json");
        let mut forged = signed(&Scheme::DISCORD, DISCORD_PRIVATE, SignedRequest::new(ping));
        forged
            .headers_mut()
            .insert("x-signature-timestamp", "1".parse().unwrap());
        assert_eq!(send(&app, forged).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn mandrills_head_is_answered_200() {
    let app = app(receiver(Provider::MANDRILL, &Notes::default()));
    assert_eq!(
        send(&app, request(Method::HEAD, "/hook")).await.status,
        StatusCode::OK
    );
    let answer = send(&app, request(Method::GET, "/hook")).await;
    assert_eq!(
        (answer.status, answer.headers["allow"].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "POST, HEAD")
    );
}

#[tokio::test]
async fn cloud_events_permission_is_given_by_headers_to_the_exact_origin() {
    let handshake = Handshake::cloud_events(["events.example.com"], 120);
    let app = app(receiver(Provider::GITHUB, &Notes::default()).handshake(handshake));
    let options = async |origin: &str, rate: Option<&str>| {
        let mut request = request(Method::OPTIONS, "/hook");
        request
            .headers_mut()
            .insert("webhook-request-origin", origin.parse().unwrap());
        if let Some(rate) = rate {
            request
                .headers_mut()
                .insert("webhook-request-rate", rate.parse().unwrap());
        }
        send(&app, request).await
    };
    for (asked, allowed) in [
        (None, "120"),
        (Some("100"), "100"),
        (Some("1000"), "120"),
        (Some("x"), "120"),
    ] {
        let answer = options("events.example.com", asked).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["allow"], "POST");
        assert_eq!(
            answer.headers["webhook-allowed-origin"],
            "events.example.com"
        );
        assert_eq!(answer.headers["webhook-allowed-rate"], allowed);
    }
    for origin in [
        "evil.events.example.com",
        "events.example.com.evil",
        "EVENTS.example.com",
        "*",
        "",
    ] {
        let answer = options(origin, None).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
        assert!(!answer.headers.contains_key("webhook-allowed-origin"));
    }
    assert_eq!(
        send(&app, request(Method::OPTIONS, "/hook")).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

/// The subscriptions by the token in their path, with their secret once they have one.
#[derive(Clone, Default)]
struct Subscriptions(Arc<Mutex<HashMap<String, Option<String>>>>);

impl Subscriptions {
    fn secret(&self, token: &str) -> Option<String> {
        self.0.lock().unwrap().get(token).cloned().flatten()
    }
}

async fn confirm(
    secret: Secret,
    Path(token): Path<String>,
    State(all): State<Subscriptions>,
) -> Result<bool, Infallible> {
    let mut all = all.0.lock().unwrap();
    let Some(known) = all.get_mut(&token) else {
        return Ok(false);
    };
    *known = Some(secret.expose().to_owned());
    Ok(true)
}

async fn secrets_of(
    Path(token): Path<String>,
    State(all): State<Subscriptions>,
) -> Result<Vec<Secret>, SecretError> {
    all.secret(&token).map(Secret::new).into_iter().collect()
}

fn rest_hooks(notes: &Notes, all: &Subscriptions) -> Router {
    let receiver = Receiver::new(Scheme::hmac_sha256("x-hook-signature"))
        .secrets_by(secrets_of)
        .unwrap()
        .rest_hooks(confirm)
        .on_event("*", notes.events());
    Router::new()
        .route("/hook/{token}", receiver.into())
        .with_state(all.clone())
}

fn secret_for(token: &str, secret: &str) -> Request<Body> {
    let mut request = request(Method::POST, &format!("/hook/{token}"));
    request
        .headers_mut()
        .insert("x-hook-secret", secret.parse().unwrap());
    request
}

const HOOK: Scheme = Scheme::hmac_sha256("x-hook-signature");

#[tokio::test]
async fn a_rest_hooks_secret_is_echoed_to_the_subscription_that_was_asked_for_and_to_no_other() {
    let (notes, all) = (Notes::default(), Subscriptions::default());
    all.0.lock().unwrap().insert("token-1".to_owned(), None);
    let app = rest_hooks(&notes, &all);
    for (token, secret) in [("token-2", "the secret of a client"), ("token-1", "")] {
        let answer = send(&app, secret_for(token, secret)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token}");
        assert!(!answer.headers.contains_key("x-hook-secret"));
    }
    let answer = send(&app, secret_for("token-1", "the provider's secret")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["x-hook-secret"], "the provider's secret");
    assert_eq!(all.secret("token-1").unwrap(), "the provider's secret");
}

#[tokio::test]
async fn a_rest_hooks_secret_is_replaced_only_by_a_request_signed_under_the_old_one() {
    let (notes, all) = (Notes::default(), Subscriptions::default());
    all.0.lock().unwrap().insert("token-1".to_owned(), None);
    let app = rest_hooks(&notes, &all);
    let first = "the provider's secret";
    send(&app, secret_for("token-1", first)).await;

    let taken_over = send(&app, secret_for("token-1", "the attacker's secret")).await;
    assert_eq!(taken_over.status, StatusCode::UNAUTHORIZED);
    assert!(!taken_over.headers.contains_key("x-hook-secret"));
    let message = |secret: &str, new: Option<&str>| {
        let mut request = SignedRequest::new(r#"{"type":"a"}"#);
        if let Some(new) = new {
            request = request.header("x-hook-secret", new);
        }
        let mut request = signed(&HOOK, secret, request);
        *request.uri_mut() = "/hook/token-1".parse().unwrap();
        request
    };
    let forged = send(&app, message("the attacker's secret", None)).await;
    assert_eq!(forged.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        send(&app, message(first, None)).await.status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["a"]);

    let rotated = send(&app, message(first, Some("the provider's new secret"))).await;
    assert_eq!(rotated.status, StatusCode::OK);
    assert_eq!(all.secret("token-1").unwrap(), "the provider's new secret");
    assert!(notes.take().is_empty(), "a handshake is not a message");
}

#[tokio::test]
async fn a_users_text_in_a_signed_body_is_no_check_of_slacks() {
    let notes = Notes::default();
    let app = app(receiver(Provider::SLACK, &notes));
    let body = r#"{"type":"event_callback","event_id":"Ev1","event":{"type":"message","text":"a&ssl_check=1&b"}}"#;
    let answer = send(
        &app,
        signed(&Scheme::SLACK, SECRET, SignedRequest::new(body)),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(notes.take(), ["message"]);
}

#[tokio::test]
async fn a_handshake_that_was_not_added_is_not_answered() {
    let app = app(receiver(Provider::GITHUB, &Notes::default()));
    for request in [
        request(Method::GET, "/hook?hub.mode=subscribe&hub.challenge=1"),
        request(Method::POST, "/hook?validationToken=x"),
        request(Method::HEAD, "/hook"),
        request(Method::OPTIONS, "/hook"),
    ] {
        assert!(send(&app, request).await.status.is_client_error());
    }
}
