//! What a handler returns must mean something to the sender.
#![allow(unused_variables)]

use webhooks_receiver::on;

struct NoError;

#[on("a")]
async fn number(data: String) -> u8 {
    5
}

#[on("a")]
async fn no_error(data: String) -> Result<(), NoError> {
    Err(NoError)
}

fn main() {}
