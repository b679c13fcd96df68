//! It would never run.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(data: String) {
    println!("{data}");
}

fn main() {}
