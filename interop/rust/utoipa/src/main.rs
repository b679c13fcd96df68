//! An app whose routes utoipa describes gets webhooks: one type is the body of a route and the payload of a webhook.
//!
//! `merge-utoipa FOLDER` writes `before.json`, what utoipa says, and `after.json`, what both say together.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi as _, ToSchema};
use webhooks_core::{OpenApi, Webhooks, whpost};

/// Money that moved.
#[derive(Serialize, Deserialize, JsonSchema, ToSchema)]
struct Payment {
    /// In euros.
    amount: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Serialize, Deserialize, JsonSchema, ToSchema)]
struct Part {
    name: String,
}

/// Create a payment
///
/// The bank is asked at once.
#[utoipa::path(
    post,
    path = "/payments",
    tag = "payments",
    responses((status = 200, description = "Created", body = Payment), (status = 400, description = "Not a payment"))
)]
#[expect(dead_code, reason = "only its description matters here")]
async fn create_payment(_: Payment) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(create_payment), tags((name = "payments", description = "Money that moves.")))]
struct ApiDoc;

/// Sent as soon as the bank has confirmed a payment.
#[whpost("payment.created", tags = ["payments"])]
async fn payment_created(data: Payment);

fn main() -> anyhow::Result<()> {
    let routes = ApiDoc::openapi();
    let document = OpenApi::new("Payments", "1.0.0")
        .merge(&routes)
        .webhooks(Webhooks::new().with(payment_created).build()?)
        .build()?;
    for warning in document.warnings() {
        println!("{warning}");
    }
    let folder = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: merge-utoipa FOLDER"))?;
    std::fs::write(Path::new(&folder).join("before.json"), serde_json::to_string_pretty(&routes)?)?;
    std::fs::write(Path::new(&folder).join("after.json"), document.to_json())?;
    Ok(())
}
