//! A method is declared in a view.

use webhooks_core::whpost;

struct Payments;

impl Payments {
    #[whpost("a")]
    async fn created(&self, data: String);
}

fn main() {}
