//! The body of a response alone.

use webhooks_core::whpost;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[whpost("a")]
async fn created(data: String) -> Result<Payment, String>;

fn main() {}
