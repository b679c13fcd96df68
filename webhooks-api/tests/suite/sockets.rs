//! What only a socket shows: requests that no server takes, and clients that hang up wherever they are.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{Caller, Service};

/// A server of the API, and where it listens.
async fn serve(service: &Service) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = axum::serve(listener, service.router());
    tokio::spawn(server.into_future());
    address
}

fn head(method: &str, path: &str, further: &str) -> String {
    let who = Service::headers(&Caller::owner("acct_1")).into_iter();
    let who = who.map(|(name, value)| [name, ": ", &value, "\r\n"].concat());
    let who = who.collect::<Vec<_>>().concat();
    format!("{method} /api/webhooks{path} HTTP/1.1\r\nhost: a\r\n{further}{who}\r\n")
}

/// A URI has at most 64 KiB in hyper: it refuses what is longer before the API is asked.
#[tokio::test]
async fn ten_thousand_filters_are_refused_by_the_server() {
    let service = Service::start().await;
    let address = serve(&service).await;
    let filters = "&state=pending".repeat(10_000);
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let request = head("GET", &format!("/deliveries?limit=1{filters}"), "");
    // It may have answered, and closed, before everything was sent.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 414");
}

/// In the head, in the body, before the answer, in a stream: nothing is half done, and others are answered.
#[tokio::test]
async fn a_client_that_hangs_up_anywhere_disturbs_nothing() {
    let service = Service::start().await;
    let address = serve(&service).await;
    let body = r#"{"target": "https://example.com/hook", "events": ["*"]}"#;
    let post = head(
        "POST",
        "/subscriptions",
        &format!("content-length: {}\r\n", body.len()),
    );
    let whole = format!("{post}{body}");
    for cut in [
        1,
        post.len() / 2,
        post.len(),
        post.len() + 1,
        whole.len() - 1,
    ] {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(address).await.expect("connected");
            let sent = stream.write_all(&whole.as_bytes()[..cut]).await;
            sent.expect("it is taken");
        }
    }
    for _ in 0..20 {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let request = head("GET", "/live", "");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
    let listed = service
        .get(&Caller::owner("acct_1"), "/subscriptions")
        .await;
    assert_eq!(listed.body["data"], serde_json::json!([]), "{listed:?}");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(whole.as_bytes()).await.expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 201");
}
