//! What is sent is the message that the declared function makes.

use webhooks_core::whpost;
use webhooks_sender::{Outbound, Sender};

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u64,
}

#[whpost("payment.created")]
async fn payment_created(data: Payment);

async fn sends<D: webhooks_sender::database::Database>(sender: &Sender<D>) {
    let _ = sender.send("acct_1", Payment { amount: 5 }).await;
    let _ = Outbound::new(Payment { amount: 5 });
    let _ = sender.send("acct_1", payment_created).await;
}

fn main() {}
