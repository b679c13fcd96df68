//! `header`, `query` and `cookie`.

use webhooks_core::whpost;

#[whpost("a")]
async fn near(data: String, #[heder("X-Tenant")] tenant: String);

#[whpost("b")]
async fn far(data: String, #[body] body: String);

#[whpost("c")]
async fn wrong(data: String, #[header = "X-Tenant"] tenant: String, #[query(5)] n: u8);

#[whpost("d")]
async fn both(data: String, #[header] #[query] tenant: String);

fn main() {}
