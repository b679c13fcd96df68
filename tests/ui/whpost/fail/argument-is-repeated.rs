//! Both places are shown.

use webhooks_core::whpost;

#[whpost("a", tags = ["x"], summary = "One.", tags = ["y"], deprecated, deprecated)]
async fn created(data: String);

fn main() {}
