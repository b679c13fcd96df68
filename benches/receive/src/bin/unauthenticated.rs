//! `cargo run --release -p receive --bin unauthenticated`: what a request without a valid signature costs, with a body of
//! 2 MiB.
//!
//! Each row is a client that does not have the secret and sends the most expensive request that it can think of. CPU time
//! is that of this thread; memory is the peak in addition to the body, which the client itself has to send.

use std::fs;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use bench::machine;
use bench::table::{Table, median};
use tower::ServiceExt as _;
use webhooks_receiver::{Provider, Receiver, Scheme, SetupError};

const BODY: usize = 2 << 20;
const ROUNDS: usize = 9;
const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PUBLIC: [&str; 2] = [
    "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
];
/// RFC 8032 section 7.1, test 2.
const OF_ANOTHER_MESSAGE: &str =
    "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==";
const ECDSA: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";

struct Attack {
    title: &'static str,
    router: Router,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

fn main() -> Result<()> {
    println!("{}\n", machine::description()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let mut table = Table::new(
        "A request without a valid signature and with a body of 2 MiB",
        &["who", "answer", "CPU", "memory"],
    );
    for attack in attacks()? {
        let mut times = Vec::new();
        let mut memory = 0;
        let mut status = 0;
        for _ in 0..ROUNDS {
            let mut request = Request::post("/hook");
            for (name, value) in &attack.headers {
                request = request.header(*name, value);
            }
            let request = request.body(Body::from(attack.body.clone()))?;
            let before = Usage::now()?;
            status = runtime
                .block_on(attack.router.clone().oneshot(request))?
                .status()
                .as_u16();
            let after = Usage::now()?;
            times.push(after.cpu.saturating_sub(before.cpu).as_secs_f64() * 1e3);
            memory = memory.max(after.peak.saturating_sub(before.resident));
        }
        table.row([
            attack.title.to_owned(),
            status.to_string(),
            format!("{:.2} ms", median(&times)),
            format!("{:.2} MiB", memory as f64 / f64::from(1 << 20)),
        ]);
    }
    table.print();
    Ok(())
}

fn receiver(provider: Provider, secrets: &[&str]) -> Result<Router, SetupError> {
    let receiver: Receiver = Receiver::new(provider).secrets(secrets.iter().copied())?;
    let receiver = receiver
        .public_url("https://example.com/hook")?
        .body_limit(BODY)
        .on_event("*", async || ());
    Ok(Router::new().route("/hook", receiver.into()))
}

fn attacks() -> Result<Vec<Attack>> {
    let pairs = Bytes::from(b"a&".repeat(BODY / 2));
    let json = Bytes::from(
        b"[0]"
            .iter()
            .copied()
            .chain(std::iter::repeat_n(b' ', BODY - 3))
            .collect::<Vec<_>>(),
    );
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)?
        .as_secs()
        .to_string();
    let form = (
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    );
    let sha1 = "QUXzqdBD/L/blycKYMxJ4PJv7ek=".to_owned();
    let standard = |signature: &str| {
        vec![
            ("webhook-id", "msg_1".to_owned()),
            ("webhook-timestamp", now.clone()),
            ("webhook-signature", vec![signature; 32].join(" ")),
        ]
    };
    let v1 = format!("v1,{}=", "A".repeat(43));
    // A signature of another message: one that cannot be a signature at all would be refused early.
    let v1a = format!("v1a,{OF_ANOTHER_MESSAGE}");
    let one = vec![
        ("webhook-id", "msg_1".to_owned()),
        ("webhook-timestamp", now.clone()),
        ("webhook-signature", v1a.clone()),
    ];
    let slack = vec![
        ("x-slack-request-timestamp", now.clone()),
        ("x-slack-signature", format!("v0={}", "0".repeat(64))),
        form.clone(),
    ];
    let attack = |title, router, headers, body: &Bytes| Attack {
        title,
        router,
        headers,
        body: body.clone(),
    };
    let ed25519 = || receiver(Scheme::STANDARD_WEBHOOKS_ED25519.into(), &PUBLIC);
    Ok(vec![
        attack("Slack, a form without a signature", receiver(Provider::SLACK, &[SECRET])?, vec![form.clone()], &pairs),
        attack("Slack, a form with a wrong signature", receiver(Provider::SLACK, &[SECRET])?, slack, &pairs),
        attack(
            "Twilio, a million fields",
            receiver(Provider::TWILIO, &[SECRET])?,
            vec![("x-twilio-signature", sha1.clone()), form.clone()],
            &pairs,
        ),
        attack(
            "Mandrill, a million fields",
            receiver(Provider::MANDRILL, &[SECRET])?,
            vec![("x-mandrill-signature", sha1), form],
            &pairs,
        ),
        attack(
            "GitHub, a wrong HMAC",
            receiver(Provider::GITHUB, &[SECRET])?,
            vec![("x-hub-signature-256", format!("sha256={}", "0".repeat(64)))],
            &json,
        ),
        attack(
            "Standard Webhooks v1, 32 signatures, 2 secrets",
            receiver(Provider::STANDARD_WEBHOOKS, &[WHSEC, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])?,
            standard(&v1),
            &json,
        ),
        attack("Standard Webhooks v1a, 1 signature, 2 keys", ed25519()?, one, &json),
        attack("Standard Webhooks v1a, 32 signatures, 2 keys", ed25519()?, standard(&v1a), &json),
        attack(
            "SendGrid, a wrong ECDSA signature",
            receiver(Provider::SENDGRID, &[ECDSA])?,
            vec![
                ("x-twilio-email-event-webhook-timestamp", now.clone()),
                (
                    "x-twilio-email-event-webhook-signature",
                    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=".to_owned(),
                ),
            ],
            &json,
        ),
    ])
}

/// What the process has used so far.
struct Usage {
    cpu: Duration,
    resident: u64,
    peak: u64,
}

impl Usage {
    /// Reads the usage, and begins a new peak.
    fn now() -> Result<Self> {
        // The kernel brings the time up to date when it has the choice of another thread, and else every few milliseconds.
        thread::yield_now();
        let schedule = fs::read_to_string("/proc/self/schedstat").context("no schedstat")?;
        let cpu = schedule.split(' ').next().context("an empty schedstat")?;
        let status = fs::read_to_string("/proc/self/status")?;
        let usage = Self {
            cpu: Duration::from_nanos(cpu.parse()?),
            resident: kilobytes(&status, "VmRSS:")? << 10,
            peak: kilobytes(&status, "VmHWM:")? << 10,
        };
        // proc(5): resets the peak resident set size.
        fs::write("/proc/self/clear_refs", "5").context("the peak cannot be reset")?;
        Ok(usage)
    }
}

fn kilobytes(status: &str, name: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.with_context(|| format!("no {name}"))?.parse()?)
}
