//! Only impl blocks.

use webhooks_core::whview;

#[whview]
struct Payments;

#[whview]
mod payments {}

#[whview]
fn payment() {}

fn main() {}
