//! The functions that `fuzz/` gives to cargo-fuzz, with inputs from a seed: any compiler runs them, and `cargo xtask test
//! --long` runs a hundred times as many.

#![allow(
    unreachable_pub,
    reason = "the functions are public in the crate that they come from"
)]

#[path = "../../fuzz/src/body.rs"]
mod body;
#[path = "../../fuzz/src/forms.rs"]
mod forms;
#[path = "../../fuzz/src/headers.rs"]
mod headers;
#[path = "../../fuzz/src/page.rs"]
mod page;
#[path = "../../fuzz/src/run.rs"]
mod run;
#[path = "../../fuzz/src/scan.rs"]
mod scan;

use webhooks_tests::mode::is_long;
use webhooks_tests::rng::Rng;

/// Bodies to begin with: nested, escaped, with names that come again elsewhere, with numbers and blanks of all kinds.
const BODIES: &[&str] = &[
    r#"{"type":"a","data":{"object":{"type":"b","id":1}},"id":"evt_1"}"#,
    r#" { "data" : { "object" : [ 1 , { "type" : "x" } ] , "type":"n"} , "type" : "charge.succeeded" } "#,
    r#"{"id":7,"type":"\u0061\u002e\"b","data":{"object":"text &payload=%7B%7D&"}}"#,
    r#"{"data":{"object":null,"data":{"object":2}},"type":true,"id":null}"#,
    r#"[{"type":"a"},{"data":{"object":1}}]"#,
    r#"{"":{"":1},"type":{"type":"a"},"data":[{"object":1}]}"#,
    r#"{"type":"ünï ♥","id":"\ud83d\ude00","data":{"object":{"a":[[[[[[[[1]]]]]]]]}}}"#,
    r#"{"a":1e10,"b":-0,"c":[true,false,null],"type":12,"data":{"object":-1.5e-3},"id":"x"}"#,
    r#"{"object":"page","entry":[{"changes":[{"field":"messages","value":{}}]}]}"#,
    "payload=%7B%22type%22%3A%22block_actions%22%7D&command=%2Fdeploy",
];

const FORMS: &[&str] = &[
    "Body=Hello+World&From=%2B1555&To=%2B1666",
    "a=1&a=2&a=1&b=",
    "=&&a&b=%",
    "x=%C3%A9&y=%00&z=a%2Bb",
];

const HEADS: &[&str] = &[
    "POST /hook\nx-hub-signature-256: sha256=00\nx-github-event: push\n\n{}",
    "POST /hook\nx-slack-request-timestamp: 1767225600\nx-slack-signature: v0=00\ncontent-type: application/x-www-form-urlencoded\n\nssl_check=1",
    "GET /hook?hub.mode=subscribe&hub.verify_token=token&hub.challenge=1\n\n",
    "OPTIONS /hook\nwebhook-request-origin: origin\nwebhook-request-rate: 120\n\n",
    "POST /hook\nwebhook-id: msg_1\nwebhook-timestamp: 1767225600\nwebhook-signature: v1,AAAA v1a,AAAA\n\n{}",
    "POST /hook\nx-hook-secret: a secret of sixteen\n\n",
    "POST /hook\ncontent-type: application/x-www-form-urlencoded\n\nwebhook_id=1",
];

const DOCUMENTS: &[&str] = &[
    include_str!("../../webhooks-core/src/page/fixtures/every-shape.json"),
    include_str!("../../webhooks-core/src/page/fixtures/fastapi-security.openapi.json"),
    r##"{"openapi":"3.1.0","webhooks":{"a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}},"responses":{}}}},"components":{"schemas":{"A":{"properties":{"a":{"$ref":"#/components/schemas/A"},"b":{"$ref":"#/components/schemas/%41"}}}}}}"##,
];

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "null",
    "1",
    "-",
    "e9",
    "true",
    " ",
    "\n",
    "\"type\":\"z\",",
    "\"data\":{},",
    "\"id\":\"2\",",
    "\u{feff}",
    "\u{202e}",
    "&",
    "=",
    "%",
    "+",
    "<img src=x>",
    "$ref",
    "#/components/schemas/A",
];

/// One of the texts with some changes.
fn mutated(rng: &mut Rng, corpus: &[&str]) -> Vec<u8> {
    let mut data = rng.one_of(corpus).as_bytes().to_vec();
    for _ in 0..rng.below(4) {
        let at = below(rng, data.len() + 1);
        match rng.below(5) {
            0 => drop(data.splice(at..at, rng.one_of(PIECES).bytes())),
            1 if at < data.len() => drop(data.remove(at)),
            2 if at < data.len() => data[at] ^= 1 << rng.below(8),
            3 if rng.below(4) == 0 => data.truncate(at),
            _ => {
                let other = rng.one_of(corpus).as_bytes();
                let from = below(rng, other.len());
                let to = from + below(rng, (other.len() - from).min(200));
                drop(data.splice(at..at, other[from..to].iter().copied()));
            }
        }
    }
    data
}

fn below(rng: &mut Rng, limit: usize) -> usize {
    usize::try_from(rng.below(limit.max(1) as u64)).expect("it is below a usize")
}

/// Calls `check` with inputs from the corpus; returns for how many it said yes.
fn checked(corpus: &[&str], count: usize, check: impl Fn(&[u8]) -> bool) -> usize {
    let count = if is_long() { count * 100 } else { count };
    let mut rng = Rng::new(0x5eed);
    let inputs = (0..count).map(|_| mutated(&mut rng, corpus));
    inputs.filter(|data| check(data)).count()
}

/// For checks that have nothing to say but that they passed.
fn passes(check: fn(&[u8])) -> impl Fn(&[u8]) -> bool {
    move |data| {
        check(data);
        true
    }
}

#[test]
fn a_signed_body_is_read_or_refused() {
    assert!(checked(BODIES, 500, passes(body::check)) >= 500);
}

#[test]
fn a_request_without_a_signature_is_never_handled() {
    assert!(checked(HEADS, 500, passes(headers::check)) >= 500);
}

#[test]
fn a_form_that_was_signed_is_accepted_in_any_order_and_not_with_a_further_field() {
    assert!(checked(FORMS, 1_000, passes(forms::check)) >= 1_000);
}

#[test]
fn the_search_finds_what_a_parser_finds() {
    let read = checked(BODIES, 5_000, scan::check);
    assert!(read > 1_000, "{read} were read");
}

#[test]
fn the_page_of_any_document_is_made_and_bounded() {
    let documents = checked(DOCUMENTS, 200, page::check);
    assert!(documents > 20, "{documents} were documents");
}
