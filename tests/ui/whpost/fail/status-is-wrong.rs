//! Numbers and ranges, each once.

use webhooks_core::whpost;

#[whpost("a", status = 404)]
async fn failure(data: String);

#[whpost("b", status = 202, responses = [(99, "Low."), ("4xx", "Small."), (410, "Gone."), (410, "Gone."), (202, "Success.")])]
async fn responses(data: String);

fn main() {}
