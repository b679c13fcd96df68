//! A path stands for a declared webhook and nothing else.
#![allow(unused_variables)]

use webhooks_receiver::on;

const NAME: &str = "payment.created";

fn plain(data: String) {}

#[on(NAME)]
async fn constant(data: String) {}

#[on(plain)]
async fn function(data: String) {}

#[on(missing)]
async fn unknown(data: String) {}

fn main() {}
