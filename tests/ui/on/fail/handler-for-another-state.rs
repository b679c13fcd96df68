//! A receiver calls functions that know their event and take what its state can give.
#![allow(unused_variables)]

use axum::Router;
use axum::extract::State;
use webhooks_receiver::{Provider, Receiver, on};

#[on("a")]
async fn with_state(data: String, State(number): State<u8>) {}

async fn plain(data: String) {}

async fn wrong(data: String, name: String) {}

struct Hooks;

fn main() -> Result<(), webhooks_receiver::SetupError> {
    let receiver: Receiver<()> = Receiver::new(Provider::GITHUB).secret("s")?.on(with_state);
    let receiver: Receiver<()> = Receiver::new(Provider::GITHUB).secret("s")?.on(plain);
    let receiver: Receiver<()> = Receiver::new(Provider::GITHUB).secret("s")?.on(Hooks);
    let receiver: Receiver<()> = Receiver::new(Provider::GITHUB).secret("s")?.on_event("a", wrong);
    Ok(())
}
