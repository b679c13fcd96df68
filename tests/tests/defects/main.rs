//! One test for each defect that other frameworks' webhooks have (D1 to D23), named by its number.
//!
//! What a compile error makes impossible here has its cases in `tests/ui`; the tests below say which.

mod described;
mod listed;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use webhooks_core::openapi::SecurityScheme;
use webhooks_core::{BuildError, OpenApi, Webhooks, whpost, whroute, whview};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
}

#[derive(Serialize, JsonSchema)]
struct Ack {
    seen: bool,
}

/// A payment was synchronised.
#[whroute("payment.synced", methods = ["PUT", "POST", "PATCH", "GET"], register = false)]
async fn synced(data: Option<Payment>);

/// A payment was made.
#[whpost("payment.made", register = false)]
async fn made(data: Payment) -> Ack;

/// A payment was secured.
#[whpost("payment.secured", security = ["bearer"], register = false)]
async fn secured(data: Payment);

struct First;
struct Second;
struct Third;

#[whview(register = false)]
impl First {
    /// First.
    #[whpost("v1")]
    async fn v1(&self, data: Payment);

    fn helper() -> u8 {
        1
    }
}

#[whview(more)]
impl First {
    /// More.
    #[whpost("v1.more")]
    async fn more(&self, data: Payment);
}

#[whview(register = false)]
impl Second {
    /// Second.
    #[whpost("v2")]
    async fn v2(&self, data: Payment);
}

#[whview(register = false)]
impl Third {
    /// Third.
    #[whpost("v3")]
    async fn v3(&self, data: Payment);
}

fn document(webhooks: Webhooks) -> Value {
    try_document(webhooks).expect("a document")
}

fn try_document(webhooks: Webhooks) -> Result<Value, BuildError> {
    let openapi =
        OpenApi::new("Payments", "1.0.0").security_scheme("bearer", SecurityScheme::http("bearer"));
    Ok(openapi.webhooks(webhooks.build()?).build()?.to_value())
}

fn names(document: &Value) -> Vec<&String> {
    document["webhooks"]
        .as_object()
        .expect("webhooks")
        .keys()
        .collect()
}
