//! Functions only.

use webhooks_core::whpost;

#[whpost("a")]
struct Created;

#[whpost("b")]
impl Created {}

#[whpost("c")]
const NAME: &str = "c";

fn main() {}
