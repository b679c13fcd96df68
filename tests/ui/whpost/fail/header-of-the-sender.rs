//! What whoever sends the request writes is no webhook's own header.

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
