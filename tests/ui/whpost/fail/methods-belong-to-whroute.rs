//! The other attributes have the method in their name.

use webhooks_core::whpost;

#[whpost("payment.synced", methods = ["PUT"])]
async fn synced(data: String);

fn main() {}
