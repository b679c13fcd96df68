//! An example has the type of the payload; the error is at the example.

use webhooks_core::whpost;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[whpost("a", examples = [("good", Payment { amount: 1 }), ("bad", "text")])]
async fn created(data: Payment);

fn main() {}
