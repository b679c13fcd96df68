//! There is no default.

use webhooks_core::whroute;

#[whroute("payment.synced")]
async fn synced(data: String);

#[whroute]
async fn bare(data: String);

fn main() {}
