//! Tokens of HTTP, and nothing that OpenAPI ignores.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(
    data: String,
    #[header("X Tenant")] a: String,
    #[header("authorization")] b: String,
    #[header("Content-Type")] c: String,
    #[header] accept: String,
    #[cookie("a;b")] e: String,
    #[query("")] f: String,
);

fn main() {}
