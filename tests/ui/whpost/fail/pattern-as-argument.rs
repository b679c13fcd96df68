//! A plain name.

use webhooks_core::whpost;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[whpost("a")]
async fn created(Payment { amount }: Payment);

#[whpost("b")]
async fn changed(mut data: String);

#[whpost("c")]
async fn gone(_: String);

fn main() {}
