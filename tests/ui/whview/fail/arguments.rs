//! Those of a view and those of a method are different.

use webhooks_core::{whpost, whroute, whview};

struct Payments;

#[whview("payments", summary = "Payments", methods = ["POST"], prefx = "a", prefix = "a b", tags = ["x", "x"])]
impl Payments {
    #[whpost("a", register = false, marker = Created)]
    async fn created(&self, data: String);

    #[whpost]
    async fn without_a_name(&self, data: String);

    #[whroute("c")]
    async fn without_methods(&self, data: String);

    #[whpost = "d"]
    async fn with_an_equals_sign(&self, data: String);
}

fn main() {}
