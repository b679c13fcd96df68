//! The smallest sender: `cargo run -p hello-sender -- http://127.0.0.1:9000/hook`.
//!
//! It sends one signed message to the address and prints what came of it. The message is in the file `hello.db` before
//! the request is made; an application runs the engine, which would try again.

use std::error::Error;

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{Webhooks, whpost};
use webhooks_sender::query::DeliveryFilter;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Sender, Subscription};

#[derive(Serialize, JsonSchema)]
struct Greeting {
    text: &'static str,
}

/// Sent when the program starts.
#[whpost("greeting.sent")]
async fn greeting_sent(data: Greeting);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args()
        .nth(1)
        .ok_or("give the address of a receiver")?;
    let sender = Sender::open("hello.db")
        .webhooks(Webhooks::collect()?)
        .targets(TargetPolicy::development())
        .without_engine()
        .start()
        .await?;
    let subscription = Subscription::new("acct_1", target).event("greeting.*");
    let subscribed = sender.operator().subscribe(subscription).await?;

    let sent = sender
        .send("acct_1", greeting_sent(Greeting { text: "hello" }))
        .await?;
    sender.deliver().await?;

    for delivery in sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await?
        .items
    {
        println!("{} is {}", sent.id, delivery.state);
    }
    sender.operator().unsubscribe(&subscribed.id).await?;
    sender.shut_down().await;
    Ok(())
}
