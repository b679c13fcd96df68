//! The function survives what is being typed.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(data: String) {
    data.
}

fn main() {
    let _ = webhooks_core::Webhooks::new().with(created);
}
