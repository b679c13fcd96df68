//! The HTTP client against receivers that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use webhooks_sender::target::ResolveFuture;
use webhooks_sender::transport::{HttpClient, TransportError};

use crate::raw::{
    OK, answering, ask, client, closed, hasty_client, post, read_request, reset, serve,
};
use crate::sink::loopback;

#[tokio::test]
async fn answers_that_are_no_http_are_failures() {
    let long = format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n\r\n", "a".repeat(1 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: 1\r\n".repeat(5000));
    for answer in [
        &b""[..],
        b"\0",
        b"garbage\r\n\r\n",
        b"<html>it works</html>",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 -1 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx\0y: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx-null: a\0b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx-half: ",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let result = ask(answering(answer).await).await;
        let shown = answer[..answer.len().min(60)].escape_ascii();
        assert_eq!(result.err(), Some(TransportError::Exchange), "{shown}");
    }
}

#[tokio::test]
async fn odd_but_valid_answers_are_taken() {
    for (answer, status) in [
        (&b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..], 200),
        (b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 202 A\r\n\r\n", 202),
        (b"HTTP/1.1 204 No Content\r\n\r\nunexpected", 204),
        (b"HTTP/1.1 204 No Content\r\ncontent-length: 10\r\n\r\nunexpected", 204),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200),
        (b"HTTP/1.1 200\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\nx-odd: \xff\xfe\r\ncontent-length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 418 \xe2\x98\x95\r\ncontent-length: 0\r\n\r\n", 418),
        (b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", 101),
        (b"HTTP/1.1 599 Whatever\r\ncontent-length: 0\r\n\r\n", 599),
        (b"HTTP/1.1 200 OK\r\ncontent-type: \r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n", 200),
    ] {
        let found = ask(answering(answer).await).await.expect("an answer");
        assert_eq!(found.status, status, "{}", answer.escape_ascii());
    }
}

/// The receiver has said what it thinks of the message before the body begins.
#[tokio::test]
async fn a_status_counts_whatever_becomes_of_the_body_behind_it() {
    for (answer, body) in [
        (
            &b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nbreaks off"[..],
            &b"breaks off"[..],
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
            b"hello",
        ),
        (
            b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
            b"hello",
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
            b"",
        ),
    ] {
        let found = ask(answering(answer).await).await.expect("an answer");
        assert_eq!(&found.body[..], body, "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_fails_until_there_is_a_status() {
    // What is written before the reset; nothing at all, not even read, for the first.
    for (index, (written, status)) in [
        (None, None),
        (Some(&b""[..]), None),
        (Some(b"HTTP/1.1 200 O"), None),
        (
            Some(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"),
            Some(200),
        ),
        (
            Some(b"HTTP/1.1 503 No\r\ncontent-length: 9\r\n\r\nhalf"),
            Some(503),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let address = serve(move |mut stream, _| async move {
            if let Some(written) = written {
                read_request(&mut stream).await;
                let _ = stream.write_all(written).await;
            }
            reset(stream);
        });
        let found = ask(address.await).await;
        let expected = status.ok_or(TransportError::Exchange);
        assert_eq!(
            found.map(|answer| answer.status.as_u16()),
            expected,
            "stage {index}"
        );
    }
}

#[tokio::test]
async fn a_compressed_body_is_not_asked_for_and_never_unpacked() {
    let (heard, mut requests) = mpsc::unbounded_channel();
    // The head of a gzip file that would unpack to gigabytes.
    let bomb = [
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff".as_slice(),
        &[0; 490],
    ]
    .concat();
    let answer = [
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 500\r\n\r\n",
        &bomb[..],
    ]
    .concat();
    let address = serve(move |mut stream, _| {
        let (heard, answer) = (heard.clone(), answer.clone());
        async move {
            let _ = heard.send(read_request(&mut stream).await);
            let _ = stream.write_all(&answer).await;
        }
    });
    assert_eq!(
        &ask(address.await).await.expect("an answer").body[..],
        &bomb[..]
    );
    let request = requests.recv().await.expect("a request");
    assert!(
        !request.contains("accept-encoding") && !request.contains("expect:"),
        "{request}"
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let second = serve(move |stream, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move { drop(stream) }
    });
    let second = second.await.to_string();
    for status in [301, 302, 303, 307, 308] {
        for host in [second.as_str(), "169.254.169.254", "[::1]"] {
            let answer = format!(
                "HTTP/1.1 {status} T\r\nlocation: http://{host}/latest\r\ncontent-length: 0\r\n\r\n"
            );
            assert_eq!(
                ask(answering(answer).await)
                    .await
                    .expect("an answer")
                    .status,
                status
            );
        }
    }
    let refresh =
        "HTTP/1.1 200 OK\r\nrefresh: 0; url=http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(
        ask(answering(refresh).await)
            .await
            .expect("an answer")
            .status,
        200
    );
    assert_eq!(asked.load(Ordering::SeqCst), 0, "no request went there");
}

#[tokio::test]
async fn endless_and_huge_bodies_are_read_to_the_cap_and_the_connection_is_closed() {
    for head in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"[..],
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n",
    ] {
        let (stopped, mut has_stopped) = mpsc::unbounded_channel();
        let address = serve(move |mut stream, _| {
            let stopped = stopped.clone();
            async move {
                read_request(&mut stream).await;
                let _ = stream.write_all(head).await;
                let mut written = 0_usize;
                while stream.write_all(&[b'x'; 8192]).await.is_ok() {
                    written += 8192;
                }
                let _ = stopped.send(written);
            }
        });
        let answer = ask(address.await).await.expect("an answer");
        assert_eq!(answer.body.len(), 1000, "{}", head.escape_ascii());
        // What the buffers of both ends hold has been taken from the receiver, and nothing more.
        let written = has_stopped.recv().await.expect("the receiver was stopped");
        assert!(written < 64 * 1024 * 1024, "{written}");
    }
}

/// Every step of an exchange at which a receiver can hang: accepting, the head, between interim answers, the body.
#[tokio::test]
async fn the_time_out_covers_the_whole_exchange() {
    let timeout = Duration::from_millis(1500);
    let cases: [(&[u8], &[u8], Option<u16>); 5] = [
        (b"", b"", None),
        (b"HTTP/1.1 200 OK\r\nx-drip: ", b"a", None),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", None),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n",
            b"a",
            Some(200),
        ),
        (
            b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n",
            b"1\r\na\r\n",
            Some(500),
        ),
    ];
    let mut asked = JoinSet::new();
    for (begin, drip, expected) in cases {
        let address = serve(move |mut stream, _| async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(begin).await;
            // A byte now and then, so that only a limit on the whole helps.
            let mut beat = tokio::time::interval(Duration::from_millis(25));
            while !drip.is_empty() && stream.write_all(drip).await.is_ok() {
                beat.tick().await;
            }
            closed(stream).await;
        });
        let url = format!("http://{}/hook", address.await);
        asked.spawn(async move {
            let (client, started) = (hasty_client(timeout), Instant::now());
            let result = post(&client, &url).await;
            assert!(
                started.elapsed() >= timeout,
                "it waited as long as it could: {}",
                begin.escape_ascii()
            );
            let expected = expected.ok_or(TransportError::Timeout);
            assert_eq!(
                result.map(|answer| answer.status.as_u16()),
                expected,
                "{}",
                begin.escape_ascii()
            );
        });
    }
    asked.join_all().await;
}

#[tokio::test]
async fn the_time_out_covers_resolving() {
    struct Silent;
    impl webhooks_sender::target::Resolve for Silent {
        fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
            Box::pin(std::future::pending())
        }
    }
    let client = HttpClient::builder(loopback())
        .resolver(Silent)
        .timeout(Duration::from_millis(50));
    let result = post(
        &client.build().expect("a client"),
        "http://silent.example.com/",
    )
    .await;
    assert_eq!(result.err(), Some(TransportError::Timeout));
}

#[tokio::test]
async fn nobody_listening_and_no_tls_have_their_names() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    assert_eq!(ask(address).await.err(), Some(TransportError::Connect));
    let plain = serve(|mut stream, _| async move {
        let _ = stream.write_all(OK).await;
        closed(stream).await;
    });
    let plain = plain.await;
    assert_eq!(
        post(&client(), &format!("https://{plain}/")).await.err(),
        Some(TransportError::Tls)
    );
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let (connections, counted) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, requests) = (Arc::clone(&connections), Arc::clone(&counted));
    let address = serve(move |mut stream, _| {
        count.fetch_add(1, Ordering::SeqCst);
        let requests = Arc::clone(&requests);
        async move {
            while !read_request(&mut stream).await.is_empty() {
                requests.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(OK).await;
            }
        }
    });
    let (client, url) = (client(), format!("http://{}/", address.await));
    for _ in 0..20 {
        post(&client, &url).await.expect("an answer");
    }
    assert_eq!(
        (
            connections.load(Ordering::SeqCst),
            counted.load(Ordering::SeqCst)
        ),
        (1, 20)
    );
}

/// A receiver closes idle connections when it likes. Where nothing of a request has been sent, it goes out over another
/// connection, and no attempt fails.
#[tokio::test]
async fn a_connection_that_was_closed_while_idle_fails_no_request() {
    for with_reset in [false, true] {
        let closed = Arc::new(Notify::new());
        let has_closed = Arc::clone(&closed);
        let address = serve(move |mut stream, _| {
            let has_closed = Arc::clone(&has_closed);
            async move {
                read_request(&mut stream).await;
                let _ = stream.write_all(OK).await;
                if with_reset {
                    reset(stream);
                } else {
                    drop(stream);
                }
                has_closed.notify_one();
            }
        });
        let (client, url) = (client(), format!("http://{}/", address.await));
        for number in 0..50 {
            let answer = post(&client, &url).await;
            assert_eq!(
                answer.map(|answer| answer.status.as_u16()),
                Ok(200),
                "request {number}"
            );
            // The client has not looked at the connection since; it may still believe in it.
            closed.notified().await;
        }
    }
}

/// A receiver that can put bytes behind one answer must not be able to answer the next request with them.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one() {
    let address = serve(|mut stream, number| async move {
        read_request(&mut stream).await;
        let forged =
            b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
        let _ = stream
            .write_all(if number == 0 { forged } else { OK })
            .await;
        closed(stream).await;
    });
    let (client, url) = (client(), format!("http://{}/", address.await));
    assert_eq!(post(&client, &url).await.expect("an answer").status, 204);
    let second = post(&client, &url).await.expect("an answer");
    assert_eq!((second.status.as_u16(), &second.body[..]), (200, &b""[..]));
}
