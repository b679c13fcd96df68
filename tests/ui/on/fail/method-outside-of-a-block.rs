//! The methods of a block are handlers through the `#[on]` of the block.
#![allow(unused_variables)]

use webhooks_receiver::on;

struct Hooks;

impl Hooks {
    #[on("a")]
    async fn created(&self, data: String) {}
}

fn main() {}
