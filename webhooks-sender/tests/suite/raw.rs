//! Receivers that speak for themselves: each connection is handed to the test, byte by byte.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use webhooks_sender::transport::{Answer, HttpClient, Transport as _, TransportError};

use crate::sink::loopback;

/// An answer without a body, after which the connection stays open.
pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Serves on loopback until the test ends: `behave` gets each connection with its number, from 0.
pub(crate) async fn serve<F>(behave: impl Fn(TcpStream, usize) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(behave(stream, number));
            number += 1;
        }
    });
    address
}

/// Serves these bytes to every request and closes the connection behind them.
pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> SocketAddr {
    let answer = Bytes::from(answer.into());
    serve(move |mut stream, _| {
        let answer = answer.clone();
        async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(&answer).await;
        }
    })
    .await
}

/// Reads one request, head and body; empty when there is none.
pub(crate) async fn read_request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().expect("a length")) {
                return text;
            }
        }
        match stream.read_buf(&mut read).await {
            Ok(0) | Err(_) => return String::new(),
            Ok(_) => {}
        }
    }
}

/// Closes the connection with a reset instead of an end.
pub(crate) fn reset(stream: TcpStream) {
    stream.set_zero_linger().expect("the option is set");
    drop(stream);
}

/// Waits until the other side has closed.
pub(crate) async fn closed(mut stream: TcpStream) {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
}

/// A client that may dial loopback and keeps 1,000 bytes of a body. It is patient, for machines with much to do.
pub(crate) fn client() -> HttpClient {
    hasty_client(Duration::from_secs(20))
}

/// The same with a time-out that a test waits for.
pub(crate) fn hasty_client(timeout: Duration) -> HttpClient {
    HttpClient::builder(loopback())
        .timeout(timeout)
        .body_cap(1000)
        .build()
        .expect("a client")
}

pub(crate) async fn post(client: &HttpClient, url: &str) -> Result<Answer, TransportError> {
    let request = Request::post(url)
        .body(Bytes::from_static(b"{}"))
        .expect("a request");
    client.send(request).await
}

/// One request of a new client to this address.
pub(crate) async fn ask(address: SocketAddr) -> Result<Answer, TransportError> {
    post(&client(), &format!("http://{address}/hook")).await
}
