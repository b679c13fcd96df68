//! An event name cannot be empty.

use webhooks_core::whpost;

#[whpost("")]
async fn created(data: String);

fn main() {}
