//! An egress proxy: what goes through it, and what the guard still refuses before.

use std::sync::Arc;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use webhooks_sender::target::{Resolve, ResolveFuture, TargetPolicy};
use webhooks_sender::transport::{HttpClient, TransportError};

use crate::raw::{post, serve};
use crate::tls::{Authority, HOST, secure};

/// This machine knows no name but one, which is internal.
struct Nothing;

impl Resolve for Nothing {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        let internal = host.starts_with("internal.");
        Box::pin(async move {
            if internal {
                Ok(vec![[10, 0, 0, 1].into()])
            } else {
                Err(std::io::Error::other("no such name"))
            }
        })
    }
}

/// A proxy that always connects to loopback, and keeps the heads of the requests.
async fn proxy(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heads);
    let address = serve(move |mut stream, _| {
        let kept = Arc::clone(&kept);
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => return,
                }
            }
            let head = String::from_utf8(head).expect("text");
            let port = head
                .split_whitespace()
                .nth(1)
                .and_then(|at| at.rsplit_once(':'));
            let port: u16 = port.expect("a port").1.parse().expect("a number");
            kept.lock().expect("not poisoned").push(head);
            let _ = stream.write_all(answer.as_bytes()).await;
            if answer.contains(" 200 ") {
                let mut target = TcpStream::connect(("127.0.0.1", port))
                    .await
                    .expect("the target");
                let _ = copy_bidirectional(&mut stream, &mut target).await;
            }
        }
    })
    .await;
    (format!("http://na%20me:pass@{address}"), heads)
}

fn client(proxy: &str, authority: &Authority) -> HttpClient {
    let client = HttpClient::builder(TargetPolicy::default())
        .resolver(Nothing)
        .proxy(proxy);
    client
        .root_certificate(authority.root())
        .build()
        .expect("a client")
}

const CONNECTED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

#[tokio::test]
async fn requests_are_tunnelled_with_the_proxys_credentials_and_the_proxy_sees_the_host_alone() {
    let authority = Authority::new();
    let (target, _) = secure(authority.server(HOST, &["h2", "http/1.1"], |_| {})).await;
    let (url, heads) = proxy(CONNECTED).await;
    let client = client(&url, &authority);
    let url = format!("https://{HOST}:{}/secret?token=1", target.port());
    let answer = post(&client, &url).await.expect("an answer");
    assert_eq!(answer.body, "2");
    let heads = heads.lock().expect("not poisoned");
    let head = heads[0].to_lowercase();
    assert!(
        head.starts_with(&format!("connect {HOST}:{} ", target.port())),
        "{head}"
    );
    // "na me:pass"
    assert!(
        head.contains("proxy-authorization: basic bmegbwu6cgfzcw=="),
        "{head}"
    );
    assert!(
        !head.contains("secret") && !head.contains("token"),
        "{head}"
    );
}

#[tokio::test]
async fn what_is_internal_as_far_as_this_machine_knows_never_reaches_the_proxy() {
    let authority = Authority::new();
    let (url, heads) = proxy(CONNECTED).await;
    let client = client(&url, &authority);
    for target in [
        "https://10.0.0.1:8443/",
        "https://[::1]:8443/",
        "https://internal.example.com:8443/",
    ] {
        let error = post(&client, target).await.expect_err(target);
        assert_eq!(error, TransportError::Host, "{target}");
    }
    assert!(heads.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn a_proxy_that_refuses_is_no_connection() {
    let authority = Authority::new();
    for refusal in [
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let (url, _) = proxy(refusal).await;
        let client = client(&url, &authority);
        let answer = post(&client, "https://hooks.example.com:8443/").await;
        assert_eq!(answer.err(), Some(TransportError::Connect), "{refusal}");
    }
}

/// It would switch every subscription off.
#[tokio::test]
async fn a_proxy_that_is_away_is_no_fault_of_the_target() {
    let authority = Authority::new();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let client = client(&format!("http://{address}"), &authority);
    let answer = post(&client, "https://hooks.example.com:8443/").await;
    assert_eq!(answer.err(), Some(TransportError::Local));
}

#[tokio::test]
async fn the_urls_of_proxies_that_cannot_work_are_refused_without_being_shown() {
    for url in [
        "",
        "proxy",
        "https://secret@proxy/",
        "socks5://secret:secret@proxy",
        "http://:80",
    ] {
        let client = HttpClient::builder(TargetPolicy::default())
            .proxy(url)
            .build();
        let error = client.expect_err(url).to_string();
        assert!(
            error.contains("http://proxy.internal:3128") && !error.contains("secret"),
            "{error}"
        );
    }
}
