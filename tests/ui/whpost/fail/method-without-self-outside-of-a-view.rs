//! The attribute cannot see the impl block, so the compiler refuses what it makes.

use webhooks_core::whpost;

struct Payments;

impl Payments {
    #[whpost("a")]
    async fn created(data: String);
}

fn main() {}
