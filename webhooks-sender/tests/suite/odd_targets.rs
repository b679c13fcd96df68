//! Targets as people have them: what is stored is what goes over the wire, byte for byte except for what the URL standard
//! changes. And receivers that answer before they have read.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use webhooks_sender::transport::{HttpClient, Transport as _, TransportError};
use webhooks_sender::{Sender, Subscription};

use crate::raw::{OK, closed, reset, serve};
use crate::sink::loopback;
use crate::webhooks::{bare, payment, payment_created};

/// The path and query that a customer names, and those of the request.
const TARGETS: [(&str, &str); 16] = [
    ("/a%2Fb", "/a%2Fb"),
    ("/a%2fb", "/a%2fb"),
    ("/a+b?c=d+e", "/a+b?c=d+e"),
    ("/h?ids[]=1&ids[]=2", "/h?ids[]=1&ids[]=2"),
    ("/[a]", "/[a]"),
    ("/{id}", "/%7Bid%7D"),
    ("/h?a={b}", "/h?a={b}"),
    ("/it's?a=it's", "/it's?a=it%27s"),
    ("//a//b/", "//a//b/"),
    ("/a|b?c|d", "/a|b?c|d"),
    ("/a%zz", "/a%zz"),
    ("/a/./b/../c", "/a/c"),
    ("/a\\b", "/a/b"),
    ("/größe?ä=ö", "/gr%C3%B6%C3%9Fe?%C3%A4=%C3%B6"),
    (
        "/api/hook?sp=%2Ftriggers&sv=1.0&sig=a-B_c%2Bd%3D%3D",
        "/api/hook?sp=%2Ftriggers&sv=1.0&sig=a-B_c%2Bd%3D%3D",
    ),
    ("?a=&b&&c", "/?a=&b&&c"),
];

#[tokio::test]
async fn odd_targets_are_requested_as_they_are_stored() {
    let (heard, mut lines) = mpsc::unbounded_channel();
    let address = serve(move |mut stream, _| {
        let heard = heard.clone();
        async move {
            let mut read = Vec::new();
            while !read.ends_with(b"}") {
                match stream.read_buf(&mut read).await {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                }
            }
            let line = read.split(|byte| *byte == b'\r').next();
            let line = String::from_utf8(line.expect("a line").to_vec()).expect("ASCII");
            let _ = heard.send(line);
            let _ = stream.write_all(OK).await;
        }
    })
    .await;
    let folder = tempfile::tempdir().expect("a folder");
    let sender = Sender::open(folder.path().join("webhooks.db"))
        .webhooks(bare())
        .targets(loopback())
        .without_engine()
        .start()
        .await
        .expect("a sender");
    for (index, (named, sent)) in TARGETS.into_iter().enumerate() {
        let owner = format!("acct_{index}");
        let wanted = Subscription::new(&*owner, format!("http://{address}{named}")).event("*");
        let id = sender.operator().subscribe(wanted).await;
        let id = id.unwrap_or_else(|error| panic!("{named}: {error}")).id;
        let stored = sender.operator().subscription(&id).await.expect("there");
        assert_eq!(stored.target, format!("http://{address}{sent}"), "{named}");
        sender
            .send(&*owner, payment_created(payment(1)))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
        let line = lines
            .try_recv()
            .unwrap_or_else(|_| panic!("{named} was not requested"));
        assert_eq!(line, format!("POST {sent} HTTP/1.1"), "{named}");
    }
}

#[tokio::test]
async fn a_name_in_another_script_is_stored_as_the_dns_has_it() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for (named, stored) in [
        (
            "https://bücher.example/h",
            "https://xn--bcher-kva.example/h",
        ),
        (
            "https://BÜCHER.example/h",
            "https://xn--bcher-kva.example/h",
        ),
        ("https://例え.テスト/h", "https://xn--r8jz45g.xn--zckzah/h"),
        ("https://a_b.example.com/h", "https://a_b.example.com/h"),
    ] {
        let wanted = Subscription::new("acct_1", named).event("*");
        let id = sender.operator().subscribe(wanted).await.expect("made").id;
        let there = sender.operator().subscription(&id).await.expect("there");
        assert_eq!(there.target, stored);
        sender.operator().unsubscribe(&id).await.expect("gone");
    }
}

/// Receivers and what stands before them refuse a large body, or an unknown caller, by its head alone.
#[tokio::test]
async fn an_answer_before_a_large_body_was_read_counts() {
    for (status, is_reset) in [(200, false), (413, false), (401, false), (413, true)] {
        let answer =
            format!("HTTP/1.1 {status} Early\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let address = serve(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                let mut head = Vec::new();
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read_buf(&mut head).await {
                        Ok(0) | Err(_) => return,
                        Ok(_) => {}
                    }
                }
                let _ = stream.write_all(answer.as_bytes()).await;
                if is_reset {
                    reset(stream);
                } else {
                    closed(stream).await;
                }
            }
        })
        .await;
        let client = HttpClient::builder(loopback())
            .timeout(Duration::from_secs(20))
            .build()
            .expect("a client");
        let request = Request::post(format!("http://{address}/hook"))
            .body(Bytes::from(vec![b'a'; 8 << 20]))
            .expect("a request");
        match client.send(request).await {
            Ok(answer) => assert_eq!(answer.status, status),
            // A reset may overtake the answer: then it is a broken exchange, which is tried again, and no success.
            Err(error) => assert!(
                is_reset && error == TransportError::Exchange,
                "{status}: {error}"
            ),
        }
    }
}
