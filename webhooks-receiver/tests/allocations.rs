//! What a request takes in memory: of a client without the secret, and of a genuine sender.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use serde_json::json;
use support::providers::{case, cases};
use support::{SECRET, WHSEC};
use tower::ServiceExt as _;
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Receiver};

const MIB: u64 = 1 << 20;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

/// The answer to a request, with what was allocated meanwhile.
fn measured(
    runtime: &tokio::runtime::Runtime,
    app: &Router,
    request: Request<Bytes>,
) -> (u16, allocation_counter::AllocationInfo) {
    let (app, request) = (app.clone(), request.map(Body::from));
    let mut status = 0;
    let info = allocation_counter::measure(|| {
        status = runtime
            .block_on(app.oneshot(request))
            .unwrap()
            .status()
            .as_u16();
    });
    (status, info)
}

#[test]
fn a_request_without_a_valid_signature_takes_at_most_1_mib_besides_its_body_of_2_mib() {
    let runtime = runtime();
    let pairs = Bytes::from(b"a&".repeat(1 << 20));
    let json = Bytes::from([b"[0]".to_vec(), b" ".repeat((2 << 20) - 3)].concat());
    let deep = Bytes::from(b"[".repeat(2 << 20));
    let mut all = cases();
    // A token proves who sends, and a client that has seen it has all that there is.
    all.retain(|case| !["GITLAB", "GITLAB_SYSTEM"].contains(&case.name));
    all.push(case("MANDRILL", Provider::MANDRILL, SECRET, &[]));
    all.push(case("TWILIO", Provider::TWILIO, SECRET, &[]));
    for case in all {
        let mut test = case.testing(case.receiver());
        // The head of a genuine request, which a client may have seen.
        let sent =
            runtime.block_on(test.send("a", json!({ "webhookTimestamp": 1_767_225_600_000_u64 })));
        assert_ne!(sent.status(), 401, "{}", case.name);
        let now = test.now();
        let app = Router::new().route("/hook", case.receiver().clock(move || now).into());
        for body in [&pairs, &json, &deep] {
            for form in [false, true] {
                let mut request = test.last_request().unwrap();
                *request.body_mut() = body.clone();
                if form {
                    let form = "application/x-www-form-urlencoded".parse().unwrap();
                    request.headers_mut().insert("content-type", form);
                }
                let (status, info) = measured(&runtime, &app, request);
                assert_eq!(status, 401, "{}", case.name);
                assert!(
                    info.bytes_max < MIB,
                    "{}: {} bytes",
                    case.name,
                    info.bytes_max
                );
            }
        }
    }
}

#[test]
fn slacks_unsigned_form_of_2_mib_takes_next_to_nothing() {
    let runtime = runtime();
    let receiver: Receiver = Receiver::new(Provider::SLACK).secret(SECRET).unwrap();
    let app = Router::new().route("/hook", receiver.into());
    let request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(b"a&".repeat(1 << 20)))
        .unwrap();
    let (status, info) = measured(&runtime, &app, request);
    assert_eq!(status, 401);
    assert!(info.bytes_max < 64 << 10, "{} bytes", info.bytes_max);
}

#[test]
fn a_verified_and_dispatched_message_takes_a_small_number_of_allocations() {
    #[derive(serde::Deserialize)]
    struct Payment {
        #[expect(dead_code, reason = "only read")]
        amount: u64,
    }
    let runtime = runtime();
    let receiver = || -> Receiver {
        Receiver::new(Provider::STANDARD_WEBHOOKS)
            .secret(WHSEC)
            .unwrap()
            .on_event("payment.created", async |_: Payment| ())
    };
    let mut test = receiver().testing(());
    let body = format!(
        r#"{{"type":"payment.created","data":{{"amount":5}},"x":"{}"}}"#,
        "y".repeat(970)
    );
    runtime
        .block_on(test.send_signed(SignedRequest::new(body)))
        .assert_status(200);
    let now = test.now();
    let app = Router::new().route("/hook", receiver().clock(move || now).into());
    // The first request fills what is made once.
    for _ in 0..2 {
        measured(&runtime, &app, test.last_request().unwrap());
    }
    let (status, info) = measured(&runtime, &app, test.last_request().unwrap());
    assert_eq!(status, 200);
    println!(
        "{} allocations, {} bytes, {} at most",
        info.count_total, info.bytes_total, info.bytes_max
    );
    assert!(info.count_total <= MOST, "{} allocations", info.count_total);
}

#[test]
fn a_verification_allocates_the_message_id_and_nothing_else() {
    use std::time::SystemTime;
    use webhooks_signature::{Outgoing, Request, Scheme, Secret, Verifier as _};

    let secret = Secret::new(WHSEC).unwrap();
    let (body, now) = (vec![b'x'; 1024], SystemTime::now());
    for (scheme, most) in [
        (Scheme::STANDARD_WEBHOOKS, 1),
        (Scheme::GITHUB, 0),
        (Scheme::STRIPE, 0),
        (Scheme::SLACK, 0),
        (Scheme::SHOPIFY, 0),
    ] {
        let message = Outgoing::new(&body, now).id("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W");
        let mut headers = axum::http::HeaderMap::new();
        let signer = scheme.signer([&secret]).unwrap();
        for (name, value) in signer.sign(&message).unwrap() {
            let name: axum::http::HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        let verifier = scheme.verifier([&secret, &secret]).unwrap();
        let request = Request::new(&headers, &body);
        // The first one looks at what the processor can do.
        verifier.verify(&request, now).unwrap();
        let info = allocation_counter::measure(|| {
            verifier.verify(&request, now).unwrap();
        });
        assert_eq!(info.count_total, most, "{scheme:?}");
    }
}

/// Axum's router makes some of them; a further one is a change to think about.
const MOST: u64 = 30;
