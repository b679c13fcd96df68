//! An app whose routes aide describes gets webhooks: one type is the body of a route and the payload of a webhook.
//!
//! aide 0.15 takes its schemas from schemars 0.9 and webhooks take theirs from schemars 1. Both derives cannot stand on
//! one type, because they read the same attributes; the older trait is therefore given what the newer one says.
//!
//! `merge-aide FOLDER` writes `before.json`, what aide says, and `after.json`, what both say together.

use std::borrow::Cow;
use std::path::Path;

use aide::axum::ApiRouter;
use aide::axum::routing::post_with;
use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Tag;
use webhooks_core::{OpenApi, Webhooks, whpost};

/// Money that moved.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Payment {
    /// In euros.
    amount: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl schemars_09::JsonSchema for Payment {
    fn schema_name() -> Cow<'static, str> {
        <Self as JsonSchema>::schema_name()
    }

    fn json_schema(_: &mut schemars_09::SchemaGenerator) -> schemars_09::Schema {
        let mut schema = schemars::schema_for!(Payment).to_value();
        if let Some(members) = schema.as_object_mut() {
            members.retain(|keyword, _| keyword != "$schema" && keyword != "title");
        }
        schema
            .try_into()
            .expect("a schema of schemars 1 is one of schemars 0.9")
    }
}

async fn create_payment(Json(payment): Json<Payment>) -> Json<Payment> {
    Json(payment)
}

/// Sent as soon as the bank has confirmed a payment.
#[whpost("payment.created", tags = ["payments"])]
async fn payment_created(data: Payment);

fn main() -> anyhow::Result<()> {
    let mut routes = aide::openapi::OpenApi::default();
    let _: axum::Router = ApiRouter::new()
        .api_route(
            "/payments",
            post_with(create_payment, |operation| {
                operation.id("create_payment").tag("payments")
            }),
        )
        .finish_api(&mut routes);
    let document = OpenApi::new("Payments", "1.0.0")
        .tag(Tag::new("payments").description("Money that moves."))
        .merge(&routes)
        .webhooks(Webhooks::new().with(payment_created).build()?)
        .build()?;
    for warning in document.warnings() {
        println!("{warning}");
    }
    let folder = std::env::args()
        .nth(1)
        .ok_or_else(|| anyhow::anyhow!("usage: merge-aide FOLDER"))?;
    std::fs::write(
        Path::new(&folder).join("before.json"),
        serde_json::to_string_pretty(&routes)?,
    )?;
    std::fs::write(Path::new(&folder).join("after.json"), document.to_json())?;
    Ok(())
}
