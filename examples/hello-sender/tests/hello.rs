//! The program sends its message, signed, to the address that it is given.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

#[test]
fn the_message_arrives_signed_and_the_program_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let receiver = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        let mut bytes = [0; 1024];
        while !String::from_utf8_lossy(&request).ends_with('}') {
            let count = stream.read(&mut bytes).expect("a request");
            assert!(count > 0, "the request has a body");
            request.extend_from_slice(&bytes[..count]);
        }
        let answer = "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).expect("an answer");
        String::from_utf8(request).expect("a request of text")
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_hello-sender"))
        .arg(format!("http://{address}/hook"))
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(printed.ends_with("is delivered\n"), "{printed}");
    let request = receiver.join().expect("the receiver got a request");
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nwebhook-signature: v1,"), "{request}");
    assert!(request.ends_with("{\"text\":\"hello\"}"), "{request}");
}
