//! The HTTP client against receivers that misbehave, and the guard on the wire.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use webhooks_sender::{Answer, HttpClient, Resolve, ResolveFuture, TargetPolicy, Transport, TransportError};

use crate::sink::loopback;

/// Serves one connection after the other: reads a request, writes these bytes, and closes.
async fn raw(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

fn client() -> HttpClient {
    let client = HttpClient::builder(loopback()).timeout(Duration::from_millis(600)).body_cap(1000);
    client.build().expect("a client")
}

async fn post(client: &HttpClient, url: &str) -> Result<Answer, TransportError> {
    let request = Request::post(url).body(Bytes::from_static(b"{}")).expect("a request");
    client.send(request).await
}

async fn ask(answer: &'static [u8]) -> Result<Answer, TransportError> {
    post(&client(), &format!("http://{}/hook", raw(answer).await)).await
}

#[tokio::test]
async fn answers_that_are_no_http_are_failures() {
    for answer in [
        &b""[..],
        b"garbage\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n",
    ] {
        let result = ask(answer).await;
        assert_eq!(result.err(), Some(TransportError::Exchange), "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn odd_but_valid_answers_are_taken() {
    for (answer, status) in [
        (&b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..], 200),
        (b"HTTP/1.1 204 No Content\r\n\r\nunexpected", 204),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200),
        (b"HTTP/1.1 200 OK\r\nx-odd: \xff\xfe\r\ncontent-length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nbreaks off", 200),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\n\x1f\x8b\x08", 200),
    ] {
        let found = ask(answer).await.expect("an answer");
        assert_eq!(found.status, status, "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn a_compressed_body_is_kept_as_it_came() {
    let answer =
        ask(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\n\x1f\x8b\x08").await;
    assert_eq!(&answer.expect("an answer").body[..], b"\x1f\x8b\x08");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let second = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let location = format!("HTTP/1.1 307 T\r\nlocation: http://{second}/\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(ask(Box::leak(location.into_boxed_str()).as_bytes()).await.expect("an answer").status, 307);
    let metadata = b"HTTP/1.1 302 F\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(ask(metadata).await.expect("an answer").status, 302);
}

#[tokio::test]
async fn an_endless_body_is_read_to_the_cap() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    });
    let answer = post(&client(), &format!("http://{address}/")).await.expect("an answer");
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 1000));
}

#[tokio::test]
async fn the_time_out_covers_the_whole_exchange() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let started = Instant::now();
    let result = post(&client(), &format!("http://{address}/")).await;
    assert_eq!(result.err(), Some(TransportError::Timeout));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn nobody_listening_and_no_tls_have_their_names() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    assert_eq!(post(&client(), &format!("http://{address}/")).await.err(), Some(TransportError::Connect));
    let plain = raw(b"HTTP/1.1 200 OK\r\n\r\n").await;
    assert_eq!(post(&client(), &format!("https://{plain}/")).await.err(), Some(TransportError::Tls));
}

/// Answers a public address first, and loopback from then on.
struct Rebinding(Arc<AtomicUsize>);

impl Resolve for Rebinding {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        let first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
        let address: IpAddr = if first { [203, 0, 112, 1].into() } else { [127, 0, 0, 1].into() };
        Box::pin(async move { Ok(vec![address]) })
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_reaches_nothing_inside() {
    let asked = Arc::new(AtomicUsize::new(0));
    let policy = TargetPolicy::default().allow_http();
    let client = HttpClient::builder(policy).resolver(Rebinding(Arc::clone(&asked)));
    let client = client.timeout(Duration::from_millis(300)).build().expect("a client");
    let url = format!("http://rebinding.example.com:{}/", raw(b"HTTP/1.1 200 OK\r\n\r\n").await.port());
    // The address that was vetted is the one that is dialled; it leads nowhere here.
    assert!(matches!(post(&client, &url).await, Err(TransportError::Timeout | TransportError::Connect)));
    assert_eq!(post(&client, &url).await.err(), Some(TransportError::Host));
    assert_eq!(asked.load(Ordering::SeqCst), 2, "asked at each connection");
}

#[tokio::test]
async fn a_literal_inside_is_refused_by_the_connector_too() {
    let policy = TargetPolicy::default().allow_http();
    let client = HttpClient::builder(policy).build().expect("a client");
    for url in
        ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/"]
    {
        assert_eq!(post(&client, url).await.err(), Some(TransportError::Host), "{url}");
    }
}
