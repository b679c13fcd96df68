//! Documents from a running app.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::program::{run, sound};

/// Answers one connection in the given way; the address of it.
fn serve(answer: impl FnOnce(&mut TcpStream, &str) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = [0; 2048];
        let length = stream.read(&mut request).expect("a request");
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        answer(&mut stream, &request);
    });
    address
}

fn respond(stream: &mut TcpStream, head: &str, body: &[u8]) {
    // A client that has seen enough hangs up.
    let _ = write!(
        stream,
        "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(body);
}

#[test]
fn the_address_of_an_app_stands_for_its_document() {
    let address = serve(|stream, request| {
        assert!(
            request.starts_with("GET /openapi.json HTTP/1.1\r\n"),
            "{request}"
        );
        respond(stream, "200 OK", sound().to_string().as_bytes());
    });
    let answer = run(&["events", &address]);
    assert_eq!(answer.code, Some(0), "{}", answer.error);
    assert!(answer.output.contains("payment.created"));
}

#[test]
fn another_status_is_told_without_what_may_be_secret() {
    let address = serve(|stream, _| respond(stream, "404 Not Found", b"no"));
    let address = format!(
        "{}/spec?key=secret",
        address.replace("http://", "http://me:secret@")
    );
    let answer = run(&["lint", &address]);
    assert_eq!(answer.code, Some(2));
    assert!(
        answer
            .error
            .contains("GET /spec was answered 404 Not Found"),
        "{}",
        answer.error
    );
    assert!(!answer.error.contains("secret"), "{}", answer.error);
}

#[test]
fn a_document_behind_a_login_is_read_with_a_header() {
    let address = serve(|stream, request| {
        let request = request.to_lowercase();
        assert!(
            request.contains("authorization: bearer t0ken\r\n"),
            "{request}"
        );
        assert!(request.contains("x-tenant: acme\r\n"), "{request}");
        respond(stream, "200 OK", sound().to_string().as_bytes());
    });
    let headers = [
        "--header",
        "Authorization: Bearer t0ken",
        "-H",
        "x-tenant: acme",
    ];
    let answer = run(&[&["events", &address], &headers[..]].concat());
    assert_eq!(answer.code, Some(0), "{}", answer.error);
}

#[test]
fn a_login_that_is_asked_for_is_explained() {
    let unauthorized = || serve(|stream, _| respond(stream, "401 Unauthorized", b""));
    let answer = run(&["lint", &unauthorized()]);
    assert_eq!(answer.code, Some(2));
    assert!(
        answer
            .error
            .contains("--header 'authorization: Bearer TOKEN'"),
        "{}",
        answer.error
    );
    let answer = run(&["lint", &unauthorized(), "-H", "authorization: secret"]);
    assert!(
        answer.error.contains("does not accept the header") && !answer.error.contains("secret"),
        "{}",
        answer.error
    );
}

#[test]
fn a_header_is_not_sent_where_a_redirect_leads() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let head = format!(
        "302 Found\r\nlocation: http://{}/openapi.json",
        elsewhere.local_addr().expect("an address")
    );
    let address = serve(move |stream, _| respond(stream, &head, b""));
    let answer = run(&["lint", &address, "-H", "x-key: secret"]);
    assert!(
        answer.code == Some(2) && answer.error.contains("give the final address"),
        "{}",
        answer.error
    );
    elsewhere.set_nonblocking(true).expect("a socket");
    assert!(elsewhere.accept().is_err(), "the other host was asked");
}

#[test]
fn an_app_that_is_not_there_is_told_so() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let answer = run(&["lint", &address]);
    assert!(
        answer.code == Some(2) && answer.error.contains("is the app running?"),
        "{}",
        answer.error
    );
}

#[test]
fn an_app_that_never_answers_is_given_up() {
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let address = serve(move |_, _| wait.recv().unwrap_or_default());
    let answer = run(&["lint", "--timeout", "1", &address]);
    drop(done);
    assert!(
        answer.code == Some(2) && answer.error.contains("no answer within 1 s"),
        "{}",
        answer.error
    );
    assert!(answer.took < Duration::from_secs(20), "{:?}", answer.took);
}

#[test]
fn an_answer_without_end_is_cut() {
    let address = serve(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
        let block = vec![b' '; 1 << 20];
        while stream.write_all(&block).is_ok() {}
    });
    let answer = run(&["lint", &address]);
    assert!(
        answer.code == Some(2) && answer.error.contains("larger than 64 MiB"),
        "{}",
        answer.error
    );
}

#[test]
fn what_is_no_http_is_refused() {
    let address = serve(|stream, _| drop(stream.write_all(b"SSH-2.0-OpenSSH\r\n")));
    let answer = run(&["lint", &address]);
    assert!(
        answer.code == Some(2) && answer.error.starts_with("error: http://127.0.0.1:"),
        "{}",
        answer.error
    );
}
