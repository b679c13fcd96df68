//! Lists take functions of eight.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(
    data: String,
    #[query] a: u8,
    #[query] b: u8,
    #[query] c: u8,
    #[query] d: u8,
    #[query] e: u8,
    #[query] f: u8,
    #[query] g: u8,
    #[query] h: u8,
);

fn main() {}
