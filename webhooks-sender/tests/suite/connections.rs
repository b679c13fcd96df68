//! Connections that end, fall silent or grow old: what is sent again, and what is dialled anew.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::Response;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::transport::{HttpClient, HttpClientBuilder, TransportError};

use crate::raw::{OK, post, read_request, serve};
use crate::tls::{Authority, HOST, Here, client, secure};

/// An HTTP/2 server over TLS that hands each connection to the test.
async fn http_2<F>(
    authority: &Authority,
    behave: impl Fn(TlsStream<TcpStream>) -> F + Send + Sync + 'static,
) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let acceptor = TlsAcceptor::from(Arc::new(authority.server(HOST, &["h2"], |_| {})));
    let behave = Arc::new(behave);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, behave) = (acceptor.clone(), Arc::clone(&behave));
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    behave(stream).await;
                }
            });
        }
    });
    format!("https://{HOST}:{port}/hook")
}

/// Resets the first stream of the test with this reason, and answers the others.
async fn resetting(reason: h2::Reason) -> (Result<(), TransportError>, usize) {
    let authority = Authority::new();
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let url = http_2(&authority, move |stream| {
        let count = Arc::clone(&count);
        async move {
            let mut connection = h2::server::handshake(stream).await.expect("a handshake");
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                if count.fetch_add(1, Ordering::SeqCst) == 0 {
                    respond.send_reset(reason);
                } else {
                    let _ = respond.send_response(Response::new(()), true);
                }
            }
        }
    })
    .await;
    let answer = post(&client(Some(authority.root())), &url)
        .await
        .map(|_| ());
    (answer, seen.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_stream_that_was_refused_is_sent_again_and_one_that_failed_is_not() {
    assert_eq!(resetting(h2::Reason::REFUSED_STREAM).await, (Ok(()), 2));
    let failed = (Err(TransportError::Exchange), 1);
    assert_eq!(resetting(h2::Reason::INTERNAL_ERROR).await, failed);
}

fn patient(authority: &Authority) -> HttpClientBuilder {
    let policy = TargetPolicy::default().allow_net("127.0.0.0/8".parse().expect("a net"));
    let client = HttpClient::builder(policy).resolver(Here);
    client
        .root_certificate(authority.root())
        .timeout(Duration::from_mins(1))
}

/// What a NAT does that has forgotten a connection: what comes on it is swallowed, new ones work.
#[tokio::test]
async fn an_http_2_connection_that_swallows_everything_is_given_up_long_before_the_time_out() {
    let authority = Authority::new();
    let (server, _) = secure(authority.server(HOST, &["h2"], |_| {})).await;
    let silent = Arc::new(AtomicBool::new(false));
    let relay = {
        let silent = Arc::clone(&silent);
        serve(move |stream, number| {
            relay(stream, server, (number == 0).then(|| Arc::clone(&silent)))
        })
        .await
    };
    let url = format!("https://{HOST}:{}/hook", relay.port());
    let ping = Duration::from_millis(200);
    let client = patient(&authority)
        .http2_ping(ping, ping)
        .build()
        .expect("a client");
    post(&client, &url).await.expect("an answer");
    silent.store(true, Ordering::SeqCst);
    let start = Instant::now();
    post(&client, &url)
        .await
        .expect_err("the connection is dead");
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
    post(&client, &url)
        .await
        .expect("an answer over another connection");
}

/// Carries bytes between a client and the server until it falls silent.
async fn relay(client: TcpStream, server: SocketAddr, silent: Option<Arc<AtomicBool>>) {
    let server = TcpStream::connect(server).await.expect("the server");
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
        if !silent
            .as_ref()
            .is_some_and(|silent| silent.load(Ordering::SeqCst))
        {
            let _ = to_server.write_all(&bytes[..count]).await;
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_too_old_is_not_used_for_new_requests() {
    let authority = Authority::new();
    for (age, expected) in [(Duration::ZERO, 3), (Duration::from_mins(5), 1)] {
        let (address, connections) = secure(authority.server(HOST, &["h2"], |_| {})).await;
        let client = patient(&authority)
            .max_connection_age(age)
            .build()
            .expect("a client");
        for _ in 0..3 {
            let url = format!("https://{HOST}:{}/hook", address.port());
            post(&client, &url).await.expect("an answer");
        }
        assert_eq!(connections.load(Ordering::SeqCst), expected, "{age:?}");
    }
}

/// Nothing of the request was sent, so nothing can be sent twice.
#[tokio::test]
async fn an_idle_http_1_connection_that_was_closed_fails_no_request() {
    let address = serve(|mut stream, _| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(OK).await;
    })
    .await;
    let client = crate::raw::client();
    for _ in 0..20 {
        post(&client, &format!("http://{address}/"))
            .await
            .expect("an answer");
    }
}
