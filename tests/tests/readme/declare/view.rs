//! Several webhooks on one type.

use super::Payment;

// README
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::{whpost, whroute, whview};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Ack {
    accepted: bool,
}

struct PaymentWebhook;

#[whview(tags = ["payments"])]
impl PaymentWebhook {
    #[whpost("new-event")]
    async fn new_event(&self, data: Payment);

    #[whroute("payment.synced", methods = ["PUT", "POST"])]
    async fn synced(&self, data: Payment, #[header("X-Tenant")] tenant: String) -> Ack;
}
// end
