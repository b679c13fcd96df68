//! A constant is checked when the program is compiled.

use webhooks_core::whpost;

const NAME: &str = "payment created";

#[whpost(NAME)]
async fn created(data: String);

fn main() {}
