//! The compiler says it once, at the type.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(data: Unknown);

fn main() {}
