//! GET, HEAD, OPTIONS and TRACE carry no payload.

use webhooks_core::{whead, whget, whhead, whoptions, whtrace};

#[whget("a")]
async fn get(data: String);

#[whead("b")]
async fn head(data: Option<String>);

#[whhead("b2")]
async fn head_too(data: String);

#[whoptions("c")]
async fn options(data: String);

#[whtrace("d")]
async fn trace(data: String);

fn main() {}
