//! Each says how it is written.

use webhooks_core::whpost;

#[whpost(
    "a",
    summary = 3,
    tags = "payments",
    operation_id = true,
    deprecated = "yes",
    security = [bearer, ("oauth", "read")],
    responses = [(410), "text"],
    status = created,
    external_docs = ["https://example.com"],
    examples = "text",
    extensions = [true],
    content_type = json,
    include_in_schema = 0,
    register = no,
    marker = "Marker",
    crate = "webhooks_core"
)]
async fn created(data: String);

fn main() {}
