//! A named lifetime is refused wherever it stands, and so is `&mut`.

use webhooks_core::whpost;

use std::borrow::Cow;

#[whpost("a")]
async fn created(data: Cow<'a, str>);

#[whpost("b")]
async fn changed(data: &mut String);

fn main() {}
