//! The first parameter is the payload, and is read by serde.
#![allow(unused_variables)]

use axum::extract::State;
use webhooks_receiver::{Received, on};

struct NotRead;

#[on("a")]
async fn without_derive(data: NotRead) {}

#[on("a")]
async fn without_derive_inside(data: Received<NotRead>) {}

#[on("a")]
async fn extractor_first(State(number): State<u8>) {}

fn main() {}
