//! An empty list is no list.

use webhooks_core::whroute;

#[whroute("payment.synced", methods = [])]
async fn synced(data: String);

fn main() {}
