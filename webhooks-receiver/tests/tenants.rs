//! Secrets that are looked up for each request.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Request, StatusCode};
use support::{Answer, Notes, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{
    BoxError, NeedsSecret, Provider, Receiver, RecentMessages, Scheme, Secret, SetupError,
};

/// The tenants by number: 1 and 2 are good, 3 is rotating, the secret of 4 is not one of the scheme.
#[derive(Clone, Default)]
struct Db {
    asked: Arc<AtomicUsize>,
}

async fn secrets(Path(tenant): Path<u32>, State(db): State<Db>) -> Result<Vec<Secret>, BoxError> {
    db.asked.fetch_add(1, Ordering::Relaxed);
    let texts: &[&str] = match tenant {
        1 => &["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"],
        2 => &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        3 => &[
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ],
        4 => &["%%%"],
        5 => return Err("no connection".into()),
        _ => &[],
    };
    Ok(texts
        .iter()
        .map(|text| Secret::new(*text))
        .collect::<Result<_, _>>()?)
}

const FIRST: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const SECOND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The decoy, which is in the source.
const DECOY: &str = "whsec_ZGVjb3lkZWNveWRlY295ZGVjb3lkZWNveWRlY28=";

fn app(notes: &Notes, db: &Db) -> Router {
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secrets_by(secrets)
        .unwrap()
        .body_limit(1000)
        .deduplicate(RecentMessages::default())
        .on_event("*", notes.events());
    Router::new()
        .route("/hooks/{tenant}", receiver.into())
        .with_state(db.clone())
}

fn request(tenant: &str, secret: &str, body: &str) -> Request<Body> {
    let mut request = signed(
        &Scheme::STANDARD_WEBHOOKS,
        secret,
        SignedRequest::new(body.to_owned()),
    );
    *request.uri_mut() = format!("/hooks/{tenant}").parse().unwrap();
    request
}

const BODY: &str = r#"{"type":"a","data":1}"#;

#[tokio::test]
async fn each_tenant_is_verified_with_its_own_secrets() {
    let (notes, db) = (Notes::default(), Db::default());
    let app = app(&notes, &db);
    for (tenant, secret) in [("1", FIRST), ("2", SECOND), ("3", SECOND)] {
        assert_eq!(
            send(&app, request(tenant, secret, BODY)).await.status,
            StatusCode::OK,
            "{tenant}"
        );
    }
    assert_eq!(
        notes.take().len(),
        3,
        "one id of three tenants is three messages"
    );
    for (tenant, secret) in [("1", SECOND), ("2", FIRST), ("3", FIRST)] {
        assert_eq!(
            send(&app, request(tenant, secret, BODY)).await.status,
            StatusCode::UNAUTHORIZED,
            "{tenant}"
        );
    }
    assert_eq!(
        send(&app, request("1", FIRST, BODY)).await.status,
        StatusCode::OK
    );
    assert!(notes.take().is_empty(), "a repeat");
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_looks_like_a_wrong_signature() {
    let (notes, db) = (Notes::default(), Db::default());
    let app = app(&notes, &db);
    let wrong: Answer = send(&app, request("1", SECOND, BODY)).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    for (tenant, secret) in [
        ("9", FIRST),
        ("9", DECOY),
        ("4", FIRST),
        ("4", DECOY),
        ("no-number", FIRST),
        ("1", DECOY),
    ] {
        assert_eq!(
            send(&app, request(tenant, secret, BODY)).await,
            wrong,
            "{tenant}"
        );
    }
    let large = " ".repeat(1001);
    let existing = send(&app, request("1", FIRST, &large)).await;
    assert_eq!(existing.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send(&app, request("9", FIRST, &large)).await, existing);
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn a_lookup_that_fails_is_answered_503_without_a_word_of_the_reason() {
    let (notes, db) = (Notes::default(), Db::default());
    let answer = send(&app(&notes, &db), request("5", FIRST, BODY)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.body.contains("connection"), "{}", answer.body);
}

#[tokio::test]
async fn the_lookup_is_not_asked_for_requests_that_cannot_be_authentic() {
    let (notes, db) = (Notes::default(), Db::default());
    let app = app(&notes, &db);
    for header in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut request = request("1", FIRST, BODY);
        request.headers_mut().remove(header);
        assert_eq!(send(&app, request).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        send(&app, request("1", FIRST, &" ".repeat(1001)))
            .await
            .status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(db.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_lookup_by_a_header_and_without_parameters_is_one_too() {
    let by_header = async |headers: HeaderMap| {
        let tenant = headers
            .get("x-tenant")
            .and_then(|value| value.to_str().ok());
        tenant
            .map(Secret::new)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
    };
    let fixed = async || Ok::<_, BoxError>(vec![Secret::new("s3cret")?]);
    for receiver in [
        Receiver::new(Provider::GITHUB)
            .secrets_by(by_header)
            .unwrap(),
        Receiver::new(Provider::GITHUB).secrets_by(fixed).unwrap(),
    ] {
        let receiver: Receiver = receiver.on_event("push", async || ());
        let request = SignedRequest::new("{}")
            .header("x-github-event", "push")
            .header("x-tenant", "s3cret");
        let answer = send(
            &support::app(receiver),
            signed(&Scheme::GITHUB, "s3cret", request),
        )
        .await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}

#[test]
fn a_fixed_secret_beside_a_lookup_is_refused() {
    let new = || -> NeedsSecret<Db> { Receiver::new(Provider::GITHUB) };
    let error = new().secrets_by(secrets).unwrap().secret("s3cret").err();
    assert_eq!(error, Some(SetupError::LookedUp));
    assert!(
        new()
            .secrets_by(secrets)
            .unwrap()
            .public_url("no url")
            .is_err()
    );
}
