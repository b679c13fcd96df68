//! An event name, and another one.

use webhooks_core::whpost;

#[whpost("a", replaced_by = "a b")]
async fn created(data: String);

#[whpost("b", replaced_by = "b")]
async fn changed(data: String);

fn main() {}
