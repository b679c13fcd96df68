//! Arguments are distinguished from events by their `=`.
#![allow(unused_variables)]

use webhooks_receiver::on;

#[on("a", recever = "github")]
async fn misspelt(data: String) {}

#[on("a", tags = ["b"])]
async fn of_another(data: String) {}

#[on("a", receiver = github, state = ())]
async fn unquoted(data: String) {}

#[on("a", receiver = "github", receiver = "gitlab")]
async fn twice(data: String) {}

#[on("a", state = u8)]
async fn state_alone(data: String) {}

#[on("a", receiver = "")]
async fn empty(data: String) {}

#[on("a" "b")]
async fn comma(data: String) {}

fn main() {}
