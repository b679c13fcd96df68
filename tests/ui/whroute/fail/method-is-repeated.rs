//! Each method once; both places are shown.

use webhooks_core::whroute;

#[whroute("payment.synced", methods = ["PUT", "POST", "PUT"])]
async fn synced(data: String);

fn main() {}
