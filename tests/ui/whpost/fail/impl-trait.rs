//! A document describes one type.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(data: impl serde::Serialize);

#[whpost("b")]
async fn answered(data: String) -> impl serde::Serialize;

fn main() {}
