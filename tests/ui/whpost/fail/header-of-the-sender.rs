//! A header that the sender writes cannot be declared.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(
    data: String,
    #[header("webhook-signature")] a: String,
    #[header("Host")] b: String,
    #[header("Transfer-Encoding")] c: String,
    #[header] cookie: String,
);

fn main() {}
