//! Arguments are always there.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(data: String, #[cfg(debug_assertions)] #[query] trace: bool);

fn main() {}
