//! Building a message sends nothing.

#![deny(unused_must_use)]

use webhooks_core::whpost;

#[whpost("payment.created")]
async fn created(data: String);

fn main() {
    created(String::new());
}
