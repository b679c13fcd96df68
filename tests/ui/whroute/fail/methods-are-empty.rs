//! An empty list names no method.

use webhooks_core::whroute;

#[whroute("payment.synced", methods = [])]
async fn synced(data: String);

fn main() {}
