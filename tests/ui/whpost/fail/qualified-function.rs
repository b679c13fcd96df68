//! A plain function or `async fn`.

use webhooks_core::whpost;

#[whpost("a")]
const fn constant(data: String);

#[whpost("b")]
unsafe fn not_safe(data: String);

#[whpost("c")]
extern "C" fn foreign(data: String);

fn main() {}
