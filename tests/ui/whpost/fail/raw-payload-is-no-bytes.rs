//! What is neither JSON nor a form is sent as it is.

use webhooks_core::whpost;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[whpost("report.ready", content_type = "text/csv")]
async fn ready(data: Payment);

fn main() {}
