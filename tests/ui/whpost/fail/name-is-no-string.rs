//! A string or a constant, and only one, and first.

use webhooks_core::whpost;

#[whpost(42)]
async fn number(data: String);

#[whpost("a", "b")]
async fn two(data: String);

#[whpost(tags = ["x"], "a")]
async fn late(data: String);

#[whpost(payment.created)]
async fn no_quotes(data: String);

fn main() {}
