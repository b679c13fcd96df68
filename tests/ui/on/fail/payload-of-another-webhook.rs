//! A handler of a declared webhook takes the payload that was declared.
#![allow(unused_variables)]

use webhooks_core::{whpost, whview};
use webhooks_receiver::{Received, on};

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Payment;

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Refund;

#[whpost("payment.created")]
async fn payment_created(data: Payment);

struct View;

#[whview]
impl View {
    #[whpost("payment.booked")]
    async fn booked(&self, data: Payment);
}

#[on(payment_created)]
async fn bare(data: Refund) {}

#[on(payment_created)]
async fn whole(data: Received<Refund>) {}

#[on(View::booked)]
async fn of_a_method(data: Refund) {}

fn main() {}
