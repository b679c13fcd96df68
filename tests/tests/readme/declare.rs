//! The declaration, and the pieces that go on from it.

mod manage;
mod merge;
mod pages;
mod provider;
mod receive;
mod run;
mod send;
mod test;
mod view;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::whpost;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Payment {
    amount: f64,
}

// README
/// Sent as soon as the bank has confirmed a payment.
#[whpost("payment.created", tags = ["payments"])]
async fn payment_created(data: Payment);
// end
