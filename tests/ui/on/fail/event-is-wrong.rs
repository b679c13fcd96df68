//! A name is the provider's text; what can only be a slip is refused.
#![allow(unused_variables)]

use webhooks_receiver::on;

#[on("", " ")]
async fn empty(data: String) {}

#[on("payment*", "*.created", "payment.*.created")]
async fn stars(data: String) {}

#[on("payment.created", "payment.failed", "payment.created")]
async fn twice(data: String) {}

#[on(5)]
async fn number(data: String) {}

fn main() {}
