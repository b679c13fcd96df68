//! A function declares one webhook.

use webhooks_core::whpost;

#[whpost("a")]
#[webhooks_core::whput("a")]
async fn created(data: String);

fn main() {}
