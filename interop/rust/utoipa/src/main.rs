//! An app whose routes utoipa describes gets webhooks: one type is the body of a route and the payload of a webhook.
//!
//! Its two derives write the same type in their own ways, and the document has it once. What `#[serde(default)]` stands
//! on is another matter: utoipa says how it is read, where it may be missing, and webhooks say how it is written.
//!
//! `merge-utoipa FOLDER` writes `before.json`, what utoipa says, and `after.json`, what both say together.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi as _, ToSchema};
use webhooks_core::{OpenApi, Warning, Webhooks, whpost};

/// Money that moved.
#[derive(Serialize, Deserialize, JsonSchema, ToSchema)]
struct Payment {
    /// In euros.
    amount: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    parts: Vec<Part>,
    state: State,
    bank: Option<Part>,
}

#[derive(Serialize, Deserialize, JsonSchema, ToSchema)]
struct Part {
    name: String,
}

#[derive(Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum State {
    Open,
    /// The bank said yes.
    Confirmed {
        score: u8,
    },
    Refused(Part),
}

/// Money that went back.
#[derive(Serialize, Deserialize, JsonSchema, ToSchema)]
struct Refund {
    amount: f64,
    #[serde(default)]
    reason: String,
}

/// Create a payment
///
/// The bank is asked immediately.
#[utoipa::path(
    post,
    path = "/payments",
    tag = "payments",
    responses((status = 200, description = "Created", body = Payment), (status = 400, description = "Not a payment"))
)]
#[expect(dead_code, reason = "only its description matters here")]
async fn create_payment(_: Payment) {}

/// Give money back
#[utoipa::path(post, path = "/refunds", tag = "payments", responses((status = 200, description = "Given", body = Refund)))]
#[expect(dead_code, reason = "only its description matters here")]
async fn create_refund(_: Refund) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(create_payment, create_refund), tags((name = "payments", description = "Money that moves.")))]
struct ApiDoc;

/// Sent as soon as the bank has confirmed a payment.
#[whpost("payment.created", tags = ["payments"])]
async fn payment_created(data: Payment);

/// Sent when money went back.
#[whpost("refund.created", tags = ["payments"])]
async fn refund_created(data: Refund);

fn main() -> anyhow::Result<()> {
    let routes = ApiDoc::openapi();
    let document = OpenApi::new("Payments", "1.0.0")
        .merge(&routes)
        .webhooks(
            Webhooks::new()
                .with(payment_created)
                .with(refund_created)
                .build()?,
        )
        .build()?;
    for warning in document.warnings() {
        println!("{warning}");
    }
    let renamed = Warning::SchemaRenamed {
        from: "Refund".to_owned(),
        to: "merge_utoipa_Refund".to_owned(),
    };
    anyhow::ensure!(
        document.warnings() == [renamed],
        "only the refund is read and written differently"
    );
    let folder = std::env::args()
        .nth(1)
        .ok_or_else(|| anyhow::anyhow!("usage: merge-utoipa FOLDER"))?;
    std::fs::write(
        Path::new(&folder).join("before.json"),
        serde_json::to_string_pretty(&routes)?,
    )?;
    std::fs::write(Path::new(&folder).join("after.json"), document.to_json())?;
    Ok(())
}
