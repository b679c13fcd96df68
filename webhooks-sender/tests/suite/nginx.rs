//! A real nginx with its default limits as the receiver: 1,000 requests on a connection, 128 streams at a time.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, PageRequest, QueueStats};
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::transport::HttpClient;
use webhooks_sender::{Sender, Subscription};

use crate::raw::post;
use crate::tls::{Authority, HOST, Here};
use crate::webhooks::{bare, payment, payment_created};

/// Stopped when dropped.
struct Nginx {
    process: Child,
    port: u16,
    directory: tempfile::TempDir,
}

impl Nginx {
    /// With a certificate of this authority; it logs a line for each request that it has processed.
    async fn start(authority: &Authority) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        authority.write(directory.path());
        fs::write(
            directory.path().join("nginx.conf"),
            settings(directory.path(), port),
        )
        .expect("the settings are written");
        let program = std::env::var("WEBHOOKS_NGINX")
            .expect("WEBHOOKS_NGINX names the program; `cargo xtask test` sets it");
        let process = Command::new(program)
            .args([
                "-p",
                &directory.path().to_string_lossy(),
                "-c",
                "nginx.conf",
            ])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx starts");
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self {
            process,
            port,
            directory,
        }
    }

    fn url(&self) -> String {
        format!("https://{HOST}:{}/hook", self.port)
    }

    fn processed(&self) -> usize {
        let log = fs::read_to_string(self.directory.path().join("access.log"));
        log.expect("a log").lines().count()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn settings(directory: &Path, port: u16) -> String {
    let directory = directory.display();
    format!(
        "daemon off; master_process off; pid {directory}/pid; error_log {directory}/error.log;
         events {{ worker_connections 512; }}
         http {{
           access_log {directory}/access.log;
           client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
           fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
           scgi_temp_path {directory}/scgi;
           server {{
             listen 127.0.0.1:{port} ssl http2;
             ssl_certificate {directory}/chain.pem; ssl_certificate_key {directory}/key.pem;
             location / {{ return 200; }}
           }}
         }}"
    )
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

impl Authority {
    /// `chain.pem` and `key.pem` for the host.
    fn write(&self, directory: &Path) {
        let key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::new([HOST.to_owned()]).expect("a name");
        let certificate = self.sign(&leaf, &key);
        fs::write(
            directory.join("chain.pem"),
            pem("CERTIFICATE", certificate.der()),
        )
        .expect("written");
        fs::write(
            directory.join("key.pem"),
            pem("PRIVATE KEY", &key.serialize_der()),
        )
        .expect("written");
    }
}

fn policy(nginx: &Nginx) -> TargetPolicy {
    let policy = TargetPolicy::default().allow_net("127.0.0.0/8".parse().expect("a net"));
    policy.ports([nginx.port..=nginx.port])
}

fn client(authority: &Authority, nginx: &Nginx) -> HttpClient {
    let client = HttpClient::builder(policy(nginx))
        .resolver(Here)
        .root_certificate(authority.root())
        .timeout(Duration::from_mins(1));
    client.build().expect("a client")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs nginx: cargo xtask test"]
async fn nginx_with_its_default_limits_fails_no_request_and_processes_each_once() {
    const REQUESTS: usize = 6_000;
    let authority = Authority::new();
    let nginx = Nginx::start(&authority).await;
    let (client, url) = (Arc::new(client(&authority, &nginx)), nginx.url());
    let (mut requests, mut failures) = (JoinSet::new(), Vec::new());
    for number in 0..REQUESTS {
        let (client, url) = (Arc::clone(&client), url.clone());
        requests.spawn(async move { post(&client, &url).await });
        while requests.len() >= 256 || (number + 1 == REQUESTS && !requests.is_empty()) {
            let answer = requests.join_next().await.expect("one is under way");
            failures.extend(answer.expect("no panic").err());
        }
    }
    assert_eq!(failures, []);
    assert_eq!(nginx.processed(), REQUESTS);
}

/// The same through the engine: no delivery needs a second attempt.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs nginx: cargo xtask test"]
async fn of_five_thousand_deliveries_to_nginx_none_needs_a_second_attempt() {
    const MESSAGES: u64 = 5_000;
    let authority = Authority::new();
    let nginx = Nginx::start(&authority).await;
    let folder = tempfile::tempdir().expect("a folder");
    let sender = Sender::open(folder.path().join("w.db")).webhooks(bare());
    let sender = sender.targets(policy(&nginx));
    let sender = sender.transport(client(&authority, &nginx)).start().await;
    let sender = sender.expect("a sender");
    let wanted = Subscription::new("acct_1", nginx.url()).event("*");
    let subscribed = sender.operator().subscribe(wanted.concurrency(256)).await;
    let id = subscribed.expect("a subscription").id;
    for first in (0..MESSAGES).step_by(500) {
        let messages = (first..first + 500).map(|number| payment_created(payment(number)));
        sender.send_many("acct_1", messages).await.expect("sent");
    }
    let all = async {
        while sender.operator().queue_stats().await.expect("stats") != QueueStats::default() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(5), all).await;
    in_time.expect("everything is delivered");
    let mut page = PageRequest::first(1000);
    let mut delivered = 0;
    loop {
        let filter = DeliveryFilter::new().subscription(id.clone()).ended();
        let found = sender.operator().deliveries(&filter, page.clone()).await;
        let found = found.expect("a page");
        for delivery in found.items {
            assert_eq!(
                (delivery.state, delivery.attempts),
                (DeliveryState::Delivered, 1)
            );
            delivered += 1;
        }
        let Some(next) = found.next else { break };
        page = page.after(next);
    }
    assert_eq!((delivered, nginx.processed() as u64), (MESSAGES, MESSAGES));
    sender.shut_down().await;
}
