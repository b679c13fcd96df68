//! Letters, digits, `.`, `-` and `_`; each name is reported.

use webhooks_core::whpost;

#[whpost("payment created")]
async fn with_a_space(data: String);

#[whpost("payment/created")]
async fn with_a_slash(data: String);

#[whpost("zahlung.getätigt")]
async fn with_an_umlaut(data: String);

fn main() {}
