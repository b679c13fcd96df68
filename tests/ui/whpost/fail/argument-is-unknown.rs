//! With the nearest, or all that there are.

use webhooks_core::whpost;

#[whpost("a", tag = ["payments"])]
async fn near(data: String);

#[whpost("b", sumary = "text")]
async fn misspelt(data: String);

#[whpost("c", background = true)]
async fn far(data: String);

#[whpost("d", prefix = "payment")]
async fn of_a_view(data: String);

fn main() {}
