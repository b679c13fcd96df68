//! One payload; the others say what they are.

use webhooks_core::whpost;

#[whpost("payment.created")]
async fn created(data: String, tenant: String, third: String);

fn main() {}
