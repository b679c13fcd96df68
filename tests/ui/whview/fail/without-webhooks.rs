//! A view declares something.

use webhooks_core::whview;

struct Payments;

#[whview]
impl Payments {
    fn amount(&self) -> u32 {
        1
    }
}

struct Nothing;

#[whview]
impl Nothing {}

fn main() {}
