//! Handlers in a crate that denies every warning: the expansion raises none of its own.
#![deny(
    warnings,
    missing_docs,
    clippy::pedantic,
    unreachable_pub,
    missing_debug_implementations
)]
#![deny(unnameable_types, unused_qualifications, rust_2018_idioms)]

use axum::extract::State;
use webhooks_receiver::{Provider, Received, Receiver, SetupError, on};

/// A payment.
#[derive(Debug, serde::Deserialize)]
struct Payment {
    amount: u64,
}

/// Books a payment.
#[on("payment.created")]
async fn created(payment: Payment, State(number): State<u8>) -> Result<(), String> {
    if payment.amount > u64::from(number) {
        Ok(())
    } else {
        Err("too little".to_owned())
    }
}

#[on("*")]
async fn any(_: Received) {}

#[on("collected", receiver = "key", state = u8)]
async fn collected() {}

/// Handlers.
#[derive(Debug)]
struct Hooks;

#[on]
impl Hooks {
    /// Says nothing.
    #[on("payment.failed")]
    async fn failed(&self, _: Payment, State(_): State<u8>) {}
}

#[test]
fn handlers_raise_no_warning_and_are_found() -> Result<(), SetupError> {
    let receiver: Receiver<u8> = Receiver::new(Provider::STRIPE)
        .secret("s")?
        .on(created)
        .on(any)
        .on(Hooks);
    receiver.collect("key").map(|_| ())
}
