//! `cargo run --release -p verify`: one verification of a 1 KiB body, for each kind of scheme, against the crate
//! standardwebhooks and the bare HMAC.
//!
//! CPU time of one thread, the clock read each time, headers in an `http::HeaderMap` as a server has them.

mod clock;
mod schemes;

use std::hint::black_box;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow};
use bench::machine;
use bench::table::Table;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use sha2::Sha256;
use webhooks_signature::{Outgoing, Request, Scheme, Secret, Verifier};

use clock::Timed;
use schemes::Case;

const BODY: usize = 1024;
const URL: &str = "https://example.com/hooks";

fn main() -> Result<()> {
    println!("{}\n", machine::description()?);
    let body = body();
    let mut timed = vec![bare_hmac(&body), standardwebhooks(&body)?];
    for case in schemes::all()? {
        timed.push(ours(&case, &body)?);
    }
    clock::measure(&mut timed)?;
    let mut table = Table::new(
        "Verifying a body of 1 KiB, one core",
        &[
            "what",
            "µs each",
            "per second",
            "of the bare HMAC",
            "of standardwebhooks",
        ],
    );
    let [hmac, standard] = [timed[0].nanoseconds(), timed[1].nanoseconds()];
    for one in &timed {
        let nanoseconds = one.nanoseconds();
        table.row([
            one.title.clone(),
            format!("{:.2}", nanoseconds / 1e3),
            format!("{:.0}", 1e9 / nanoseconds),
            format!("{:.2}", hmac / nanoseconds),
            format!("{:.1}", standard / nanoseconds),
        ]);
    }
    table.print();
    Ok(())
}

/// A JSON text of exactly this length.
fn body() -> Vec<u8> {
    let (head, tail) = (r#"{"type":"payment.created","data":{"note":""#, r#""}}"#);
    let filler = "x".repeat(BODY - head.len() - tail.len());
    [head, &filler, tail].concat().into_bytes()
}

/// What no implementation of HMAC-SHA256 schemes can do without: the key is set up once.
fn bare_hmac(body: &[u8]) -> Timed<'_> {
    let key = Hmac::<Sha256>::new_from_slice(&[7; 24]).expect("HMAC takes keys of any length");
    Timed::new("HMAC-SHA256 alone, crate sha2", move || {
        let mut mac = key.clone();
        mac.update(black_box(body));
        black_box(mac.finalize());
        Ok(())
    })
}

fn standardwebhooks(body: &[u8]) -> Result<Timed<'_>> {
    let webhook = standardwebhooks::Webhook::new(schemes::SECRET)?;
    let secret = Secret::new(schemes::SECRET)?;
    let headers = signed(&Scheme::STANDARD_WEBHOOKS, &secret, body)?;
    Ok(Timed::new("standardwebhooks 1.0.1", move || {
        webhook
            .verify(black_box(body), &headers)
            .context("standardwebhooks refuses")
    }))
}

fn ours<'b>(case: &Case, body: &'b [u8]) -> Result<Timed<'b>> {
    let headers = signed(&case.scheme, &case.signing, body)?;
    let verifier = case.scheme.verifier([&case.verifying])?;
    let verifier = if case.scheme.signs_url() {
        verifier.public_url(URL)?
    } else {
        verifier
    };
    Ok(Timed::new(case.title, move || {
        let request = Request::new(&headers, black_box(body));
        let outcome = verifier.verify(&request, SystemTime::now());
        outcome
            .map(drop)
            .map_err(|refused| anyhow!("{}", refused.reason()))
    }))
}

/// The headers of a signed request, in addition to those that every request has.
fn signed(scheme: &Scheme, secret: &Secret, body: &[u8]) -> Result<HeaderMap> {
    let signer = scheme.signer([secret])?;
    let message = Outgoing::new(body, SystemTime::now())
        .id("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W")
        .url(URL);
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "example.com"),
        ("content-type", "application/json"),
        ("user-agent", "bench"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in signer.sign(&message)? {
        headers.insert(HeaderName::from_bytes(name.as_bytes())?, value.parse()?);
    }
    Ok(headers)
}
