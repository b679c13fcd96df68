//! A webhook and the route that causes it: `cargo run -p payments`, then open `/docs`.

use std::error::Error;

use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::{Contact, License, Operation, Server, Tag};
use webhooks_core::{BuildError, Document, OpenApi, Webhooks, whpost};

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Payment {
    is_paid: bool,
    amount: f64,
    paid_at: Timestamp,
}

#[whpost("new-event", tags = ["payments"])]
async fn new_event(data: Payment);

async fn create_payment(Json(payment): Json<Payment>) -> Json<Payment> {
    // A sender would take this message; building it sends nothing.
    let message = new_event(payment.clone());
    println!("{message:?}");
    Json(payment)
}

fn docs() -> Result<Document, BuildError> {
    OpenApi::new("Payments", "1.0.0")
        .description("Creates payments, and reports them to the subscribers.")
        .contact(Contact {
            name: Some("Support".into()),
            ..Contact::default()
        })
        .license(License::spdx("MIT"))
        .server(Server::new("https://api.acme.test"))
        .tag(Tag::new("payments").description("Money that comes in."))
        .path(
            "/create",
            Operation::post()
                .summary("Create a payment")
                .tag("payments")
                .security([])
                .body::<Payment>()
                .response::<Payment>(200, "The payment."),
        )
        // Explicit lists need no registry; `Webhooks::collect()` finds the same.
        .webhooks(Webhooks::new().with(new_event).build()?)
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().route("/create", post(create_payment));
    example_server::run(app, docs()?).await
}
