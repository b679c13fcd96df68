//! A handler is an `async fn` with a body, and owns what it gets.
#![allow(unused_variables)]

use webhooks_receiver::on;

#[on("a")]
async fn declared(data: String);

#[on("a")]
fn blocking(data: String) {}

#[on("a")]
async fn generic<T>(data: T) {}

#[on("a")]
async fn reference(data: &String) {}

#[on("a")]
async fn borrows(data: std::borrow::Cow<'_, str>) {}

#[on("a")]
async fn opaque(data: impl Send) {}

#[on("a")]
async fn returns_something() -> impl Send {}

#[on("a")]
async unsafe fn dangerous(data: String) {}

#[on("a")]
async fn conditional(#[cfg(unix)] data: String) {}

#[on("a")]
async fn ten(_: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) {}

#[on("a")]
struct Thing;

fn main() {}
