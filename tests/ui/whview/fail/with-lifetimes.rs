//! A view is listed without a value.

use webhooks_core::{whpost, whview};

struct Payments<'a>(&'a str);

#[whview]
impl<'a> Payments<'a> {
    #[whpost("a")]
    async fn created(&self, data: String);
}

struct Refunds<'a>(&'a str);

#[whview]
impl Refunds<'_> {
    #[whpost("a")]
    async fn created(&self, data: String);
}

fn main() {}
