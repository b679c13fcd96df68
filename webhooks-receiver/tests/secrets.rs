//! Secrets as they are configured: those that are slips are refused in words, and each is used as its prefix says.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, StatusCode};
use support::{Notes, SECRET, WHSEC, app, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Receiver, Scheme, Secret, SecretError};

const PRIVATE: &str =
    "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==";
const PUBLIC: &str = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

#[test]
fn a_secret_that_is_a_slip_is_refused_with_what_is_wrong() {
    for (secret, words) in [
        ("", "empty"),
        ("\n", ""),
        (" ", ""),
        ("\0", "zero"),
        ("\0\0\0\0", "zero"),
        ("s3cret of ours\n", "line break"),
        ("s3cret of ours\r\n", "line break"),
        (" s3cret of ours", "space"),
        ("s3cret of ours\t", "tab"),
        ("\u{feff}s3cret of ours", "byte order mark"),
    ] {
        for provider in [
            Provider::GITHUB,
            Provider::STRIPE,
            Provider::SLACK,
            Provider::TWILIO,
        ] {
            let refused = Receiver::<()>::new(provider.clone()).secret(secret);
            let text = refused.err().expect(secret).to_string();
            assert!(text.contains(words), "{secret:?}: {text}");
            let second = Receiver::<()>::new(provider)
                .secret("s3cret of ours")
                .unwrap()
                .secret(secret);
            assert!(second.is_err(), "{secret:?}");
        }
    }
    for (secret, words) in [
        ("whsec_", "empty"),
        ("whsec_AAAA", ""),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "line break"),
        ("whsec_%%%", "base64"),
        ("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "zero"),
    ] {
        let refused = Receiver::<()>::new(Provider::STANDARD_WEBHOOKS).secret(secret);
        let text = refused.err().expect(secret).to_string();
        assert!(text.contains(words), "{secret:?}: {text}");
    }
}

fn standard(scheme: &Scheme, secret: &str, target: &str) -> Request<Body> {
    let mut request = signed(
        scheme,
        secret,
        SignedRequest::new(r#"{"type":"a","data":1}"#),
    );
    *request.uri_mut() = target.parse().unwrap();
    request
}

#[tokio::test]
async fn a_secret_is_taken_as_its_dashboard_shows_it() {
    let notes = Notes::default();
    for (provider, scheme, shown, sign) in [
        (
            Provider::STANDARD_WEBHOOKS,
            Scheme::STANDARD_WEBHOOKS,
            format!("v1,{WHSEC}"),
            WHSEC,
        ),
        (
            Provider::STANDARD_WEBHOOKS_ED25519,
            Scheme::STANDARD_WEBHOOKS_ED25519,
            format!("v1a,{PUBLIC}"),
            PRIVATE,
        ),
    ] {
        let receiver: Receiver = Receiver::new(provider).secret(shown).unwrap();
        let app = app(receiver.on_event("a", notes.events()));
        let answer = send(&app, standard(&scheme, sign, "/hook")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    assert_eq!(notes.take(), ["a", "a"]);
}

async fn secrets(Path(tenant): Path<String>) -> Result<Vec<Secret>, SecretError> {
    match &*tenant {
        "v1" => Ok(vec![Secret::new(WHSEC)?]),
        "v1a" => Ok(vec![Secret::new(PUBLIC)?]),
        "both" => Ok(vec![Secret::new(PUBLIC)?, Secret::new(WHSEC)?]),
        "slip" => Ok(vec![Secret::new(format!("{WHSEC}\n"))?]),
        _ => Ok(Vec::new()),
    }
}

#[tokio::test]
async fn v1_and_v1a_are_received_together_by_the_prefix_of_the_key_also_where_it_is_looked_up() {
    let notes = Notes::default();
    let (v1, v1a) = (Scheme::STANDARD_WEBHOOKS, Scheme::STANDARD_WEBHOOKS_ED25519);
    let fixed: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS_V1_V1A)
        .secrets([PUBLIC, WHSEC])
        .unwrap();
    let fixed = app(fixed.on_event("a", notes.events()));
    for (scheme, secret) in [(&v1, WHSEC), (&v1a, PRIVATE)] {
        let answer = send(&fixed, standard(scheme, secret, "/hook")).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let looked_up: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS_V1_V1A)
        .secrets_by(secrets)
        .unwrap();
    let looked_up =
        Router::new().route("/{tenant}", looked_up.on_event("a", notes.events()).into());
    for (tenant, scheme, secret, status) in [
        ("/v1", &v1, WHSEC, 200),
        ("/v1a", &v1a, PRIVATE, 200),
        ("/both", &v1, WHSEC, 200),
        ("/both", &v1a, PRIVATE, 200),
        ("/v1", &v1a, PRIVATE, 401),
        ("/v1a", &v1, WHSEC, 401),
        ("/slip", &v1, WHSEC, 401),
        ("/unknown", &v1, WHSEC, 401),
        ("/unknown", &v1a, PRIVATE, 401),
    ] {
        let answer = send(&looked_up, standard(scheme, secret, tenant)).await;
        assert_eq!(answer.status, status, "{tenant}");
    }
    assert_eq!(notes.take().len(), 6);
}

#[tokio::test]
async fn the_prefix_that_a_proxy_cuts_off_is_part_of_the_origin() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::TWILIO).secret(SECRET).unwrap();
    let app = app(receiver
        .public_origin("https://h.example/api/v1")
        .unwrap()
        .on_event("*", notes.events()));
    let signer = Scheme::TWILIO
        .signer([Secret::new(SECRET).unwrap()])
        .unwrap();
    let mut request = SignedRequest::new("Body=hi&From=%2B1555")
        .url("https://h.example/api/v1/hook?x=1")
        .sign(&signer, std::time::SystemTime::now());
    *request.uri_mut() = "/hook?x=1".parse().unwrap();
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["request"]);
}
