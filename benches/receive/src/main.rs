//! `cargo run --release -p receive`: a POST of 1 KiB, verified, parsed and dispatched, against axum's `Json` without any
//! verification and against the crate standardwebhooks behind axum.
//!
//! All of them read the same signed request into the same type. With the argument `instructions` they are counted by
//! callgrind instead.

mod instructions;

use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use bench::client::Load;
use bench::compare::{self, Subject};
use bench::machine;
use serde::{Deserialize, Serialize};
use webhooks_receiver::{Provider, Receiver};
use webhooks_signature::{Outgoing, Scheme, Secret};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: usize = 1024;

/// The envelope of Standard Webhooks.
#[derive(Serialize, Deserialize)]
struct Event {
    r#type: String,
    timestamp: String,
    data: Payment,
}

#[derive(Serialize, Deserialize)]
struct Payment {
    customer: String,
    amount: f64,
    count: u32,
    note: Option<String>,
    is_paid: bool,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => compared(),
        ["instructions"] => {
            println!("{}\n", machine::description()?);
            instructions::measure(&routers()?.map(|(title, _)| title))?.print();
            Ok(())
        }
        ["call", index, requests] => call(index, requests),
        _ => bail!("the only argument is `instructions`"),
    }
}

fn compared() -> Result<()> {
    println!("{}\n", machine::description()?);
    let body = body()?;
    let headers = signed(&body)?;
    let subject = |(title, router): (&str, Router)| Subject {
        title: title.to_owned(),
        router,
        load: Load::post("/hooks", &headers, &body, 200),
    };
    let heading = "A webhook of 1 KiB: one core, 64 connections";
    compare::compare(heading, routers()?.into_iter().map(subject).collect())?.print();
    Ok(())
}

/// What is compared, the first with the others.
fn routers() -> Result<[(&'static str, Router); 3]> {
    Ok([
        ("axum, `Json`, nothing verified", bare()),
        ("axum and standardwebhooks 1.0.1", standardwebhooks()?),
        ("**webhooks-receiver**", ours()?),
    ])
}

/// Calls one of the routers; the process that callgrind looks at.
fn call(index: &str, requests: &str) -> Result<()> {
    let (index, requests): (usize, u64) = (index.parse()?, requests.parse()?);
    let body = body()?;
    let routers = routers()?;
    let (_, router) = routers.get(index).context("there is no such router")?;
    instructions::call(router, &signed(&body)?, &body, requests)
}

fn bare() -> Router {
    Router::new().route(
        "/hooks",
        post(async |Json(event): Json<Event>| take(&event.data)),
    )
}

fn standardwebhooks() -> Result<Router> {
    let webhook = Arc::new(standardwebhooks::Webhook::new(SECRET)?);
    Ok(Router::new()
        .route("/hooks", post(verified))
        .with_state(webhook))
}

async fn verified(
    State(webhook): State<Arc<standardwebhooks::Webhook>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if webhook.verify(&body, &headers).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    match serde_json::from_slice::<Event>(&body) {
        Ok(event) if event.r#type == "payment.created" => {
            take(&event.data);
            StatusCode::OK
        }
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn ours() -> Result<Router> {
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS).secret(SECRET)?;
    let receiver = receiver.on_event("payment.created", async |payment: Payment| take(&payment));
    Ok(Router::new().route("/hooks", receiver.into()))
}

/// What a handler does with a payment: nothing that would be measured.
fn take(payment: &Payment) {
    std::hint::black_box(payment);
}

/// An event of exactly this length.
fn body() -> Result<Vec<u8>> {
    let event = |note: String| Event {
        r#type: "payment.created".to_owned(),
        timestamp: "2026-01-31T12:00:00Z".to_owned(),
        data: Payment {
            customer: "cus_1".to_owned(),
            amount: 12.5,
            count: 3,
            note: Some(note),
            is_paid: true,
        },
    };
    let filler = BODY - serde_json::to_vec(&event(String::new()))?.len();
    Ok(serde_json::to_vec(&event("x".repeat(filler)))?)
}

/// One signature for the whole run: requests may be five minutes old.
fn signed(body: &[u8]) -> Result<Vec<(&'static str, String)>> {
    let signer = Scheme::STANDARD_WEBHOOKS.signer([Secret::new(SECRET)?])?;
    let message = Outgoing::new(body, SystemTime::now()).id("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W");
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers = signer.sign(&message)?;
    Ok(names
        .into_iter()
        .zip(headers.into_iter().map(|(_, value)| value))
        .collect())
}
