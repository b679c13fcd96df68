//! The code with which the documentation page shows how to verify a request in Rust, compiled and run as it is.

mod page {
    include!("../../webhooks-core/src/page/assets/verify.rs.txt");

    /// The recipe is private, as a function in a user's program is.
    pub(super) fn verified(secret: &str, headers: [&str; 3], body: &[u8], now: u64) -> bool {
        verify(secret, headers[0], headers[1], headers[2], body, now)
    }
}

use std::time::{Duration, UNIX_EPOCH};

use page::verified;
use webhooks_signature::{Outgoing, Scheme, Secret};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY: &[u8] = br#"{"type":"user.created"}"#;
const NOW: u64 = 1_900_000_000;

/// The signature of a message with the id `msg_1` that is sent now.
fn signature() -> String {
    let secret = Secret::new(SECRET).expect("a secret");
    let signer = Scheme::STANDARD_WEBHOOKS
        .signer([secret])
        .expect("a signer");
    let message = Outgoing::new(BODY, UNIX_EPOCH + Duration::from_secs(NOW)).id("msg_1");
    let headers = signer.sign(&message).expect("headers");
    let signature = headers
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("webhook-signature"));
    signature.expect("a signature").1
}

#[test]
fn a_request_is_accepted_as_it_was_sent_and_with_a_signature_among_others() {
    let (signature, time) = (signature(), NOW.to_string());
    assert!(verified(
        SECRET,
        ["msg_1", &time, &signature],
        BODY,
        NOW + 299
    ));
    let several = format!("v1a,x {signature} v1,eHg=");
    assert!(verified(SECRET, ["msg_1", &time, &several], BODY, NOW));
}

#[test]
fn a_request_is_refused_with_anything_else() {
    let (signature, time) = (signature(), NOW.to_string());
    let headers = ["msg_1", time.as_str(), signature.as_str()];
    assert!(!verified(SECRET, headers, b"{}", NOW));
    assert!(!verified(OTHER, headers, BODY, NOW));
    assert!(!verified("whsec_!", headers, BODY, NOW));
    assert!(!verified(SECRET, ["msg_2", &time, &signature], BODY, NOW));
    assert!(!verified(SECRET, ["msg_1", "now", &signature], BODY, NOW));
    assert!(!verified(SECRET, ["msg_1", &time, ""], BODY, NOW));
    for now in [NOW + 301, NOW - 301] {
        assert!(!verified(SECRET, headers, BODY, now));
    }
}
