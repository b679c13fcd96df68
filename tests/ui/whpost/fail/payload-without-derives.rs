//! One error for each, at the type, which names the derives.

use webhooks_core::whpost;

struct NoSerde;

#[derive(serde::Serialize)]
struct NoSchema;

struct NoParameter;

#[whpost("a")]
async fn created(data: NoSerde);

#[whpost("b")]
async fn changed(data: &NoSchema);

#[whpost("c")]
async fn gone(#[header("X-A")] a: NoParameter, data: Option<Vec<NoSchema>>);

fn main() {}
