//! The first example, a whole program.

// README
use axum::{Json, Router, routing::post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::{OpenApi, Webhooks, openapi::Operation, whpost};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Payment {
    amount: f64,
}

/// Sent as soon as the bank has confirmed a payment.
#[whpost("payment.created", tags = ["payments"])]
async fn payment_created(data: Payment);

async fn create_payment(Json(payment): Json<Payment>) {
    let message = payment_created(payment); // typed: another payload does not compile
    println!("{message:?}");
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docs = OpenApi::new("Payments", "1.0.0")
        .path(
            "/create",
            Operation::post()
                .body::<Payment>()
                .summary("Create a payment"),
        )
        .webhooks(Webhooks::collect()?); // everything that was declared, in this crate and in others
    let app = Router::new()
        .route("/create", post(create_payment))
        .merge(docs.router()?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?; // GET /docs, GET /openapi.json
    Ok(())
}
// end
