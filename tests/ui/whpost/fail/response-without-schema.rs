//! The types of responses are described.

use webhooks_core::whpost;

struct Ack;

#[whpost("a")]
async fn with_a_body(data: String) -> Ack;

#[whpost("b", responses = [(409, "Seen before.", Ack)])]
async fn with_another(data: String);

fn main() {}
