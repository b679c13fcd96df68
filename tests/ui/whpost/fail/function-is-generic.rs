//! A payload is one type.

use webhooks_core::whpost;

#[whpost("a")]
async fn created<T: serde::Serialize>(data: T);

#[whpost("b")]
async fn with_a_clause(data: String)
where
    String: Clone;

#[whpost("c")]
async fn with_a_lifetime<'a>(data: &'a str);

fn main() {}
