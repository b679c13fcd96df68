//! A path without quotes, generic arguments or calls.

use webhooks_core::whpost;

#[whpost("a", crate = "::webhooks_core")]
async fn quoted(data: String);

#[whpost("b", crate = webhooks_core::<u8>)]
async fn generic(data: String);

#[whpost("c", crate = 5)]
async fn number(data: String);

#[whpost("d", crate = ::not_there)]
async fn unknown(data: String);

fn main() {}
