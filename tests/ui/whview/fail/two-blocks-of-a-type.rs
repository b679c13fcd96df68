//! The second says `more`.

use webhooks_core::{whpost, whview};

struct Payments;

#[whview]
impl Payments {
    #[whpost("a")]
    async fn created(&self, data: String);
}

#[whview]
impl Payments {
    #[whpost("b")]
    async fn changed(&self, data: String);
}

fn main() {}
