//! Webhooks as methods of one type, a class-based view: `cargo run -p payment-view`, then open `/docs`.

use std::error::Error;

use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::{Contact, License, Operation, Server, Tag};
use webhooks_core::{BuildError, Document, OpenApi, Webhooks, whpost, whview};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Payment {
    is_paid: bool,
    amount: f64,
    paid_at: Timestamp,
}

struct PaymentWebhook;

#[whview(tags = ["payments"])]
impl PaymentWebhook {
    #[whpost("new-event")]
    async fn new_event(&self, data: Payment);

    /// Sent when a payment has arrived, whatever became of it before.
    #[whpost("payments")]
    async fn new_payment(&self, data: Payment);
}

async fn create_payment(Json(payment): Json<Payment>) {
    println!("{:?}", PaymentWebhook.new_payment(payment));
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
                .empty_response(200, "Created."),
        )
        .webhooks(Webhooks::new().with(PaymentWebhook).build()?)
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().route("/create", post(create_payment));
    example_server::run(app, docs()?).await
}
