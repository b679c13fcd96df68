//! The program as it runs: migrate, one API, two workers, a receiver that verifies; asked over HTTP, stopped by signals.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use axum::Router;
use invoices::events::{Invoice, invoice_paid};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use webhooks_receiver::{Provider, Received, Receiver, on};
use webhooks_tests::database::Kind;
use webhooks_tests::process::Process;

/// Starts a duty on this database, on free ports.
fn program(url: &str, duty: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_invoices"));
    command
        .arg(duty)
        .env("DATABASE_URL", url)
        .env(
            "SEALING_KEYS",
            "2026-11=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        )
        .env("API_TOKENS", "acct_1=token-1,operator=token-op")
        .env("LISTEN", "127.0.0.1:0")
        .env("METRICS_LISTEN", "127.0.0.1:0")
        .env("TARGETS", "development")
        .env_remove("RUST_LOG");
    command
}

/// The address that the process says it listens on.
fn address(process: &mut Process) -> String {
    let line = process.line_with("\"listening\"");
    let line: Value = serde_json::from_str(&line).expect("a line is one JSON object");
    line["address"].as_str().expect("an address").to_owned()
}

/// One request, over a socket: status and body.
fn ask(address: &str, method: &str, path: &str, body: &Value) -> (u16, String) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer token-1\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_owned())
}

#[on(invoice_paid)]
async fn paid(
    invoice: Received<Invoice>,
    axum::extract::State(arrived): axum::extract::State<mpsc::UnboundedSender<i64>>,
) -> Result<(), std::convert::Infallible> {
    let _ = arrived.send(invoice.data.id);
    Ok(())
}

async fn run(url: &str) {
    let mut migrating = Process::start(&mut program(url, "migrate"));
    assert!(migrating.wait().success());
    let mut api = Process::start(&mut program(url, "api"));
    let addresses = [address(&mut api), address(&mut api)];
    let mut workers = [(); 2].map(|()| Process::start(&mut program(url, "work")));
    let metrics = workers.each_mut().map(address);
    // The API's own address serves the document, the other one the metrics.
    let public = addresses
        .iter()
        .find(|address| ask(address, "GET", "/openapi.json", &Value::Null).0 == 200);
    let public = public.expect("one of them is the API").clone();

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let target = format!(
        "http://{}/hooks",
        listener.local_addr().expect("an address")
    );
    let wanted = json!({ "target": target, "events": ["invoice.paid"] });
    let (status, made) = ask(&public, "POST", "/webhooks/subscriptions", &wanted);
    assert_eq!(status, 201, "{made}");
    let made: Value = serde_json::from_str(&made).expect("JSON");
    let secret = made["secret"].as_str().expect("shown once").to_owned();
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(secret)
        .expect("a secret")
        .on(paid);
    let (told, mut arrived) = mpsc::unbounded_channel();
    let routes = Router::new()
        .route("/hooks", receiver.into())
        .with_state(told);
    tokio::spawn(axum::serve(listener, routes).into_future());

    for number in 1..=5 {
        let new = json!({ "customer": "Ada", "amount": 100, "currency": "EUR" });
        assert_eq!(ask(&public, "POST", "/invoices", &new).0, 201);
        assert_eq!(
            ask(
                &public,
                "POST",
                &format!("/invoices/{number}/pay"),
                &Value::Null
            )
            .0,
            200
        );
    }
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(arrived.recv().await.expect("the receiver runs"));
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5], "each once, verified");

    for address in &metrics {
        assert_eq!(ask(address, "GET", "/health", &Value::Null).0, 200);
        well_described(&ask(address, "GET", "/metrics", &Value::Null).1);
    }
    for process in workers.iter_mut().chain([&mut api]) {
        assert!(process.terminate().success(), "it ends well");
    }
}

/// What Prometheus reads: each of the sender's metrics has its HELP text, and promtool finds nothing wrong.
fn well_described(text: &str) {
    for line in text
        .lines()
        .filter(|line| line.starts_with("# TYPE webhooks_"))
    {
        let name = line.split(' ').nth(2).expect("a name");
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} has no HELP text"
        );
    }
    assert!(
        text.contains("webhooks_queue_oldest_ready_seconds"),
        "the gauges are there: {text}"
    );
    let Some(promtool) = std::env::var_os("WEBHOOKS_PROMTOOL") else {
        return;
    };
    let mut check = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool starts");
    let mut input = check.stdin.take().expect("its input is ours");
    input.write_all(text.as_bytes()).expect("written");
    drop(input);
    let output = check.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_and_two_workers_share_a_sqlite_file() {
    let place = sqlx::Sqlite::place().await;
    run(&format!("sqlite://{}", place.address)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn an_api_and_two_workers_share_postgres() {
    let place = sqlx::Postgres::place().await;
    run(&place.address).await;
}

#[test]
fn a_process_without_its_environment_says_everything_that_is_missing() {
    let output = Command::new(env!("CARGO_BIN_EXE_invoices"))
        .arg("work")
        .env_clear()
        .output()
        .expect("it starts");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    for name in ["DATABASE_URL", "SEALING_KEYS", "API_TOKENS"] {
        assert!(said.contains(name), "{said}");
    }
}
