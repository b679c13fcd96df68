//! The rules of functions hold for methods.

use webhooks_core::{whpost, whview};

struct Payments;

struct NoSerde;

#[whview]
impl Payments {
    #[whpost("a")]
    async fn generic<T>(&self, data: T);

    #[whpost("b")]
    async fn mutable(&mut self, data: String);

    #[whpost("c")]
    async fn by_value(self, data: String);

    #[whpost("d")]
    async fn with_a_body(&self, data: String) {
        drop(data)
    }

    #[whpost("e")]
    #[whpost("f")]
    async fn twice(&self, data: String);

    #[cfg_attr(all(), whpost("g"))]
    async fn hidden(&self, data: String) {}
}

#[whview]
impl NoSerde {
    #[whpost("h")]
    async fn without_derives(&self, data: NoSerde);
}

fn main() {}
