//! Headers are compared without regard to case.

use webhooks_core::whpost;

#[whpost("a")]
async fn created(data: String, #[header("X-Tenant")] a: String, #[header("x-tenant")] b: String);

#[whpost("b")]
async fn changed(data: String, #[query] n: u8, #[query("n")] m: u8, #[cookie] n2: u8);

fn main() {}
