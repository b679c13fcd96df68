//! Declarations, alone and as a view, and a document that was there before.

mod manage;
mod pages;
mod receive;
mod run;
mod send;
mod test;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::{BuildError, OpenApi, Webhooks, whpost, whroute, whview};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Payment {
    amount: f64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Ack {
    accepted: bool,
}

// README
/// Sent as soon as the bank has confirmed a payment.
#[whpost("payment.created", tags = ["payments"])]
async fn payment_created(data: Payment);
// end

// README
struct PaymentWebhook;

#[whview(tags = ["payments"])]
impl PaymentWebhook {
    #[whpost("new-event")]
    async fn new_event(&self, data: Payment);

    #[whroute("payment.synced", methods = ["PUT", "POST"])]
    async fn synced(&self, data: Payment, #[header("X-Tenant")] tenant: String) -> Ack;
}
// end

/// What utoipa derives.
struct ApiDoc;

impl ApiDoc {
    fn openapi() -> serde_json::Value {
        serde_json::json!({ "openapi": "3.1.0", "paths": {} })
    }
}

fn merged() -> Result<OpenApi, BuildError> {
    // README
    let docs = OpenApi::new("Payments", "1.0.0")
        .merge(ApiDoc::openapi())
        .webhooks(Webhooks::collect()?);
    // end
    Ok(docs)
}
