//! What is said says something.

use webhooks_core::whpost;

#[whpost(
    "a",
    summary = "",
    description = " ",
    tags = ["", "x", "x"],
    operation_id = "",
    security = [""],
    responses = [(410, "")],
    external_docs = "",
    examples = [("", String::new())],
    extensions = [("internal", true), ("x-", 1), ("x-a", 1), ("x-a", 2)]
)]
async fn created(data: String);

fn main() {}
