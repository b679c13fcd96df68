//! A handler without an event would never be called.
#![allow(unused_variables)]

use webhooks_receiver::on;

#[on]
async fn created(data: String) {}

#[on(receiver = "github")]
async fn collected(data: String) {}

fn main() {}
