//! Where the state is said, what an extractor wants of it is seen immediately.
#![allow(unused_variables)]

use axum::extract::State;
use webhooks_receiver::on;

#[derive(Clone)]
struct App;

#[on("push", receiver = "github", state = App)]
async fn pushed(data: String, State(number): State<u8>, name: String) {}

fn main() {}
