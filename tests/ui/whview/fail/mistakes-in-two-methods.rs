//! All are reported, and the view still exists.

use webhooks_core::{whget, whpost, whview};

struct Payments;

#[whview(prefix = "payment")]
impl Payments {
    #[whpost("a b")]
    async fn created(&self, data: String);

    #[whget("c")]
    async fn read(&self, data: String);

    #[whpost("d")]
    async fn good(&self, data: String);
}

fn main() {
    let _ = webhooks_core::Webhooks::new().with(Payments).with(Payments::created).with(Payments::good);
}
