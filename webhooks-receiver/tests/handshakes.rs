//! What providers ask before they send.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use support::{Notes, SECRET, app, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Handshake, Provider, Receiver, Scheme, Secret};

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
    let handshake = Handshake::cloud_events(["events.example.com"]).requests_per_minute(120);
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

#[tokio::test]
async fn a_rest_hooks_secret_is_echoed_only_when_the_subscription_was_asked_for() {
    let handshake = Handshake::rest_hooks(async |secret: Secret| secret.expose() == "expected");
    let app = app(receiver(Provider::GITHUB, &Notes::default()).handshake(handshake));
    let post = async |secret: &str| {
        let mut request = request(Method::POST, "/hook");
        request
            .headers_mut()
            .insert("x-hook-secret", secret.parse().unwrap());
        send(&app, request).await
    };
    let answer = post("expected").await;
    assert_eq!(
        (
            answer.status,
            answer.headers["x-hook-secret"].to_str().unwrap()
        ),
        (StatusCode::OK, "expected")
    );
    for secret in ["other", ""] {
        let answer = post(secret).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(!answer.headers.contains_key("x-hook-secret"));
    }
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
