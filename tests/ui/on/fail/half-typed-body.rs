//! The function survives what is being typed.
#![allow(unused_variables)]

use webhooks_receiver::{Provider, Receiver, on};

#[on("a")]
async fn created(data: String) {
    data.
}

fn main() -> Result<(), webhooks_receiver::SetupError> {
    let receiver: Receiver = Receiver::new(Provider::GITHUB).secret("s")?.on(created);
    Ok(())
}
