//! Some of the methods carry no payload.

use webhooks_core::whroute;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[whroute("probe", methods = ["GET", "POST"])]
async fn probe(data: Payment);

#[whroute("list", methods = ["POST", "HEAD"])]
async fn list(data: Vec<Payment>);

fn main() {}
