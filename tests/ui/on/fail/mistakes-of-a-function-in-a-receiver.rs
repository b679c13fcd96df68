//! A mistake in a function is one error, where it is made, and none where the function is put into a receiver.

use axum::extract::State;
use axum::Json;
use webhooks_receiver::{Provider, Receiver, on};

#[derive(Clone)]
struct Db;

struct NotRead;

struct NotAnError;

#[on("a")]
async fn extractor_as_payload(State(_): State<Db>) {}

#[on("a")]
async fn json(_: Json<String>) {}

#[on("a")]
async fn without_deserialize(_: NotRead) {}

#[on("a")]
async fn error_that_is_none(_: String) -> Result<(), NotAnError> {
    Ok(())
}

#[on("a")]
async fn outcome(_: String) -> u8 {
    5
}

#[on("a")]
fn blocking(_: String) {}

#[on("a")]
async fn on_a_condition(#[cfg(unix)] _: String) {}

fn main() -> Result<(), webhooks_receiver::SetupError> {
    let _: Receiver<Db> = Receiver::new(Provider::GITHUB)
        .secret("s3cret")?
        .on(extractor_as_payload)
        .on(json)
        .on(without_deserialize)
        .on(error_that_is_none)
        .on(outcome)
        .on(blocking)
        .on(on_a_condition);
    Ok(())
}
