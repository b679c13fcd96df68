use webhooks_core::openapi::Operation;
use webhooks_core::whpost;

#[whpost(
    "a",
    extra = [("tags", 1), ("x-a", 2), ("servers", 3), ("servers", 4)],
    callbacks = [("a", "", Operation::post()), ("b", Operation::post())],
    optional_headers = [("Content-Type", "No."), ("no space", "No."), ("webhook-id", ""), "webhook-signature"]
)]
async fn a();

#[whpost(" a*", any_name)]
async fn b();

#[whpost("a\n", any_name)]
async fn c();

#[whpost("a", callbacks = [("a", "https://example.com", 1)])]
async fn d();

fn main() {}
