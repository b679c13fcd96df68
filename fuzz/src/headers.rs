//! Requests without a valid signature, whatever their headers are: nothing is handled.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request};
use webhooks_receiver::{Handshake, Provider, Receiver, Secret};

use super::run::run;

/// Each line is a header, up to an empty line; the rest is the body. The first line is the method and the target.
pub fn check(data: &[u8]) {
    let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (method, target) = first.split_once(' ').unwrap_or(("POST", "/hook"));
    let headers: Vec<_> = lines.filter_map(header).collect();
    for (provider, secret) in [
        (Provider::GITHUB, "s3cret"),
        (Provider::SLACK, "s3cret"),
        (Provider::MANDRILL, "s3cret"),
        (Provider::WOOCOMMERCE, "s3cret"),
        (Provider::BOX, "s3cret"),
        (
            Provider::STANDARD_WEBHOOKS_V1_V1A,
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ),
    ] {
        let Ok(mut request) = Request::builder()
            .method(method)
            .uri(target)
            .body(Body::from(body.to_vec()))
        else {
            return;
        };
        for (name, value) in &headers {
            request.headers_mut().append(name, value.clone());
        }
        let was_called = Arc::new(AtomicBool::new(false));
        let called = Arc::clone(&was_called);
        let receiver: Receiver = Receiver::new(provider).secret(secret).expect("a secret");
        let mut test = receiver
            .public_url("https://example.com/hook")
            .expect("a URL")
            .handshake(Handshake::meta("token").expect("a token"))
            .handshake(Handshake::cloud_events(["origin"], None))
            .handshake(Handshake::dropbox())
            .rest_hooks(async |_: Secret| Ok::<_, Infallible>(false))
            .fallback(move || {
                called.store(true, Ordering::Relaxed);
                std::future::ready(())
            })
            .testing(());
        let report = run(test.send_as_it_is(request));
        assert!(!report.status().is_server_error(), "{report:?}");
        assert!(!was_called.load(Ordering::Relaxed), "handled: {report:?}");
    }
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}
