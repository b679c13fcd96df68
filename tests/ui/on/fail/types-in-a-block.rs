//! The types of methods are checked like those of functions.
#![allow(unused_variables)]

use webhooks_receiver::on;

struct NotRead;

struct Hooks;

#[on]
impl Hooks {
    #[on("a")]
    async fn payload(&self, data: NotRead) {}

    #[on("a")]
    async fn outcome(&self) -> u8 {
        5
    }
}

fn main() {}
