//! All mistakes of one attribute are reported together, and add no others.
#![allow(unused_variables)]

use webhooks_receiver::{Provider, Receiver, on};

#[on("", "pay*", recever = "github")]
async fn created(data: String) {}

fn main() -> Result<(), webhooks_receiver::SetupError> {
    let receiver: Receiver = Receiver::new(Provider::GITHUB).secret("s")?.on(created);
    Ok(())
}
