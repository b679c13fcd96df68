//! No dot at the beginning, at the end, or behind a dot.

use webhooks_core::whpost;

#[whpost(".created")]
async fn leading(data: String);

#[whpost("created.")]
async fn trailing(data: String);

#[whpost("payment..created")]
async fn double(data: String);

fn main() {}
