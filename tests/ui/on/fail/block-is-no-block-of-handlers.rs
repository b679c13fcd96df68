//! What a block with handlers may be.
#![allow(unused_variables)]

use webhooks_receiver::on;

struct Empty;

#[on]
impl Empty {
    async fn created(&self, data: String) {}
}

struct Named;

#[on("a")]
impl Named {
    #[on("b")]
    async fn created(&self, data: String) {}
}

struct Borrowing<'a>(&'a str);

#[on]
impl Borrowing<'_> {
    #[on("b")]
    async fn created(&self, data: String) {}
}

struct OfATrait;

#[on]
impl Default for OfATrait {
    #[on("b")]
    async fn default() -> Self {
        Self
    }
}

struct Methods;

#[on]
impl Methods {
    #[on("a")]
    async fn changes(&mut self, data: String) {}

    #[on("a")]
    async fn consumes(self, data: String) {}

    #[on]
    async fn without_event(&self, data: String) {}

    #[on("a")]
    #[on("b")]
    async fn twice(&self, data: String) {}

    #[on("a", receiver = "github")]
    async fn collected(&self, data: String) {}

    #[on("a")]
    #[cfg(unix)]
    async fn conditional(&self, data: String) {}

    #[on("a")]
    async fn payload(&self, data: &str) {}
}

fn main() {}
