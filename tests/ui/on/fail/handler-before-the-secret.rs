//! Handlers come behind the secret.
#![allow(unused_variables)]

use webhooks_receiver::{Provider, Receiver, on};

#[on("push")]
async fn pushed() {}

fn main() {
    let attributed: Receiver = Receiver::new(Provider::GITHUB).on(pushed);
    let named: Receiver = Receiver::new(Provider::GITHUB).on_event("push", async || ());
}
