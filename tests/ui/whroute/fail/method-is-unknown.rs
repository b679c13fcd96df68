//! CONNECT is not in OpenAPI; methods are upper case.

use webhooks_core::whroute;

#[whroute("payment.synced", methods = ["CONNECT", "post", "PUT"])]
async fn synced(data: String);

fn main() {}
