//! A type and a subtype, of a payload.

use webhooks_core::whpost;

#[whpost("a", content_type = "json")]
async fn created(data: String);

#[whpost("b", content_type = "text/csv", examples = [("x", "y")])]
async fn without_payload();

fn main() {}
