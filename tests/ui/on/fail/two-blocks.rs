//! One block holds all handlers of a type.
#![allow(unused_variables)]

use webhooks_receiver::on;

struct Hooks;

#[on]
impl Hooks {
    #[on("a")]
    async fn a(&self) {}
}

#[on]
impl Hooks {
    #[on("b")]
    async fn b(&self) {}
}

fn main() {}
