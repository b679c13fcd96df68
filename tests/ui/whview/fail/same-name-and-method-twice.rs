//! Both places are shown; another method is fine.

use webhooks_core::{whpost, whput, whroute, whview};

struct Payments;

#[whview]
impl Payments {
    #[whpost("payment.created")]
    async fn created(&self, data: String);

    #[whput("payment.created")]
    async fn with_put(&self, data: String);

    #[whroute("payment.created", methods = ["DELETE", "POST"])]
    async fn again(&self, data: String);
}

fn main() {}
