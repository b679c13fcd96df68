//! Who gets in, and what the others learn.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use support::{Notes, SECRET, WHSEC, app, github, send, signed, standard};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{
    AnyOf, NeedsSecret, Provider, Receiver, Rejection, Scheme, Secret, SetupError, Verified,
    Verifier,
};

fn standard_receiver(notes: &Notes) -> Receiver {
    Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
        .on_event("*", notes.events())
}

const BODY: &str = r#"{"type":"a","data":1}"#;

/// What is done to a good request.
type Change<'a> = &'a dyn Fn(&mut Request<Body>);

#[tokio::test]
async fn missing_and_wrong_signatures_are_indistinguishable_from_outside() {
    let notes = Notes::default();
    let app = app(standard_receiver(&notes));
    let change = |change: Change<'_>| {
        let mut request = standard(BODY);
        change(&mut request);
        request
    };
    let set = |name: &'static str, value: &'static str| {
        move |request: &mut Request<Body>| {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
    };
    let remove = |name: &'static str| {
        move |request: &mut Request<Body>| {
            request.headers_mut().remove(name);
        }
    };
    let changes: [Change<'_>; 15] = [
        &remove("webhook-signature"),
        &remove("webhook-timestamp"),
        &remove("webhook-id"),
        &set("webhook-signature", ""),
        &set("webhook-signature", "v1,"),
        &set("webhook-signature", "v1,AAAA"),
        &set("webhook-signature", "invalid_signature"),
        &set(
            "webhook-signature",
            "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        &set(
            "webhook-signature",
            "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        &set("webhook-timestamp", "-9223372036854775808"),
        &set("webhook-timestamp", "1614265330"),
        &set("webhook-timestamp", "000000000000000000000000000001"),
        &set("webhook-id", "msg_other"),
        &|request| *request.body_mut() = Body::from("{}"),
        &|request| {
            request
                .headers_mut()
                .append("webhook-signature", "v1,AAAA".parse().unwrap());
        },
    ];
    let first = send(&app, change(changes[0])).await;
    assert_eq!(first.status, StatusCode::UNAUTHORIZED);
    assert_eq!(first.body, "the request could not be authenticated");
    for (index, changed) in changes.into_iter().enumerate() {
        assert_eq!(send(&app, change(changed)).await, first, "change {index}");
    }
    assert_eq!(send(&app, standard(BODY)).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["a"]);
}

#[tokio::test]
async fn timestamps_are_digits_and_nothing_else() {
    let app = app(standard_receiver(&Notes::default()));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    for text in [
        format!("+{now}"),
        format!("-{now}"),
        format!("{now}.0"),
        format!("{now}000"),
        format!(" {now}x"),
    ] {
        let mut request = standard(BODY);
        request
            .headers_mut()
            .insert("webhook-timestamp", text.parse().unwrap());
        assert_eq!(
            send(&app, request).await.status,
            StatusCode::UNAUTHORIZED,
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_request_is_accepted_at_exactly_300_seconds_and_no_later_or_earlier() {
    for (age, status) in [(0, 204), (300, 204), (301, 401), (-300, 204), (-301, 401)] {
        let mut test = Receiver::new(Provider::STANDARD_WEBHOOKS)
            .secret(WHSEC)
            .unwrap()
            .testing(());
        let signer = Scheme::STANDARD_WEBHOOKS
            .signer([Secret::new(WHSEC).unwrap()])
            .unwrap();
        let signed_at = if age < 0 {
            test.now() + Duration::from_secs(i64::unsigned_abs(age))
        } else {
            test.now() - Duration::from_secs(age.unsigned_abs())
        };
        let request = SignedRequest::new(BODY).sign(&signer, signed_at);
        test.send_as_it_is(request).await.assert_status(status);
    }
}

#[tokio::test]
async fn a_bad_item_in_a_list_does_not_spoil_a_good_one() {
    let app = app(standard_receiver(&Notes::default()));
    for before in ["v1,%%%", "invalid_signature", "v2,AAAA", "v1a,AAAA", ","] {
        let mut request = standard(BODY);
        let good = request.headers()["webhook-signature"]
            .to_str()
            .unwrap()
            .to_owned();
        request.headers_mut().insert(
            "webhook-signature",
            format!("{before} {good}").parse().unwrap(),
        );
        assert_eq!(send(&app, request).await.status, StatusCode::OK, "{before}");
    }
}

#[tokio::test]
async fn identical_signature_headers_pass_and_different_ones_do_not() {
    let app = app(standard_receiver(&Notes::default()));
    let mut request = standard(BODY);
    let good = request.headers()["webhook-signature"].clone();
    request.headers_mut().append("webhook-signature", good);
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_old_secret_passes_while_it_is_listed() {
    let rotating: Receiver = Receiver::new(Provider::GITHUB)
        .secret("new")
        .unwrap()
        .secret(SECRET)
        .unwrap();
    assert_eq!(
        send(&app(rotating), github("push", "{}")).await.status,
        StatusCode::NO_CONTENT
    );
    let rotated: Receiver = Receiver::new(Provider::GITHUB).secrets(["new"]).unwrap();
    assert_eq!(
        send(&app(rotated), github("push", "{}")).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn an_empty_or_malformed_secret_is_refused_when_it_is_given() {
    let new = || -> NeedsSecret { Receiver::new(Provider::STANDARD_WEBHOOKS) };
    assert_eq!(
        new().secret("").err().unwrap().to_string(),
        "secret number 1 cannot be used: the secret is empty; anyone could sign with it"
    );
    assert!(new().secret("whsec_").is_err());
    assert!(new().secret("whsec_%%%").is_err());
    assert!(new().secrets([""; 0]).is_err(), "none at all");
    let error = new().secret(WHSEC).unwrap().secret("").err().unwrap();
    let text = error.to_string();
    assert!(
        text.starts_with("secret number 2 cannot be used: "),
        "{text}"
    );
    assert!(!format!("{error:?}").contains("whsec"), "{error:?}");
}

#[tokio::test]
async fn a_v1_signature_under_a_v1a_label_and_with_the_public_key_is_refused() {
    const PUBLIC: &str = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    const PRIVATE: &str = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    let v1a: Receiver = Receiver::new(Scheme::STANDARD_WEBHOOKS_ED25519)
        .secret(PUBLIC)
        .unwrap();
    let app = app(v1a);
    let good = signed(
        &Scheme::STANDARD_WEBHOOKS_ED25519,
        PRIVATE,
        SignedRequest::new(BODY),
    );
    assert_eq!(send(&app, good).await.status, StatusCode::NO_CONTENT);
    // The public key is public: an HMAC under it proves nothing, whatever label it carries.
    let as_secret = PUBLIC.replace("whpk_", "whsec_");
    for label in ["v1,", "v1a,"] {
        let mut forged = signed(
            &Scheme::STANDARD_WEBHOOKS,
            &as_secret,
            SignedRequest::new(BODY),
        );
        let tag = forged.headers()["webhook-signature"]
            .to_str()
            .unwrap()
            .replace("v1,", label);
        forged
            .headers_mut()
            .insert("webhook-signature", tag.parse().unwrap());
        assert_eq!(
            send(&app, forged).await.status,
            StatusCode::UNAUTHORIZED,
            "{label}"
        );
    }
}

#[tokio::test]
async fn credentials_are_asked_for_where_the_scheme_has_them() {
    let receiver: Receiver = Receiver::new(Scheme::basic())
        .secret("user:password")
        .unwrap();
    let app = app(receiver);
    let answer = send(&app, Request::post("/hook").body(Body::from(BODY)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.headers["www-authenticate"],
        r#"Basic realm="webhooks", charset="UTF-8""#
    );
    let good = signed(&Scheme::basic(), "user:password", SignedRequest::new(BODY));
    assert_eq!(send(&app, good).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_signature_is_checked_before_anything_is_read_from_the_body() {
    let app = app(standard_receiver(&Notes::default()));
    for body in ["", "{", r#"{"type":"a","type":"b"}"#, "\u{0}"] {
        let mut request = standard(BODY);
        *request.body_mut() = Body::from(body);
        assert_eq!(
            send(&app, request).await.status,
            StatusCode::UNAUTHORIZED,
            "{body}"
        );
    }
}

/// Trusts what the proxy says of a client's certificate.
struct Certificate;

impl Verifier for Certificate {
    fn verify(
        &self,
        request: &webhooks_receiver::Request<'_>,
        _: SystemTime,
    ) -> Result<Verified, Rejection> {
        match request.headers().value("x-client-subject", 0) {
            Some(b"CN=bank") => Ok(Verified::new().with_id("from the certificate")),
            _ => Err(Rejection::because("another certificate")),
        }
    }
}

#[tokio::test]
async fn what_no_scheme_can_say_is_verified_by_a_verifier_of_ones_own() {
    let notes = Notes::default();
    let log = notes.clone();
    let handler = move |message: webhooks_receiver::Received| {
        log.add(message.id().unwrap_or_default());
        std::future::ready(())
    };
    let receiver: Receiver =
        Receiver::with_verifier(Scheme::GITHUB, Certificate).on_event("a", handler);
    let app = app(receiver);
    let request = |subject| {
        Request::post("/hook")
            .header("x-client-subject", subject)
            .body(Body::from(BODY))
            .unwrap()
    };
    assert_eq!(send(&app, request("CN=bank")).await.status, StatusCode::OK);
    assert_eq!(
        send(&app, request("CN=other")).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(notes.take(), ["from the certificate"]);
    let own: Receiver = Receiver::with_verifier(Scheme::GITHUB, Certificate);
    assert_eq!(own.secret("s").err(), Some(SetupError::OwnVerifier));
}

#[tokio::test]
async fn two_schemes_can_be_accepted_while_a_provider_changes_over() {
    let either = AnyOf::new([
        Scheme::GITLAB_TOKEN
            .verifier([Secret::new(SECRET).unwrap()])
            .unwrap(),
        Scheme::GITLAB_SIGNED
            .verifier([Secret::new(WHSEC).unwrap()])
            .unwrap(),
    ]);
    let receiver: Receiver = Receiver::with_verifier(Provider::GITLAB, either);
    let app = app(receiver);
    let request = || SignedRequest::new("{}").header("x-gitlab-event", "Push Hook");
    assert_eq!(
        send(&app, signed(&Scheme::GITLAB_TOKEN, SECRET, request()))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        send(&app, signed(&Scheme::GITLAB_SIGNED, WHSEC, request()))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        send(&app, signed(&Scheme::GITLAB_TOKEN, "x", request()))
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn every_provider_with_a_shared_secret_accepts_what_its_scheme_signs() {
    let providers = [
        Provider::GITHUB,
        Provider::GITLAB,
        Provider::BITBUCKET,
        Provider::GITEA,
        Provider::GOGS,
        Provider::SENTRY,
        Provider::STRIPE,
        Provider::PADDLE,
        Provider::SHOPIFY,
        Provider::SQUARE,
        Provider::RAZORPAY,
        Provider::GOCARDLESS,
        Provider::SLACK,
        Provider::ZOOM,
        Provider::META,
        Provider::LINE,
        Provider::WORKOS,
        Provider::HUBSPOT,
        Provider::BOX,
        Provider::ORB,
        Provider::GITLAB_SIGNED,
        Provider::STANDARD_WEBHOOKS,
        Provider::STANDARD_WEBHOOKS_BARE,
        Provider::SVIX,
    ];
    for provider in providers {
        let name = format!("{provider:?}");
        let notes = Notes::default();
        let receiver: Receiver = Receiver::new(provider).secret(WHSEC).unwrap();
        let receiver = receiver
            .public_url("https://example.com/hook")
            .unwrap()
            .on_event("thing.done", notes.events());
        let mut test = receiver.testing(());
        let report = test.send("thing.done", json!({ "n": 1 })).await;
        assert_eq!(report.status(), StatusCode::OK, "{name} {report:?}");
        assert_eq!(notes.take(), ["thing.done"], "{name}");
        let mut wrong = test.sign_with("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        wrong
            .send("thing.done", json!({ "n": 1 }))
            .await
            .assert_status(401)
            .assert_unhandled();
    }
}
