//! A webhook is sent, not served.

use webhooks_core::whpost;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[whpost("payment.created")]
async fn created(data: Payment);

fn main() {
    let _: axum::Router = axum::Router::new().route("/created", axum::routing::post(created));
}
