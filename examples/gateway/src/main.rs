//! Webhooks behind a gateway: signed, in the Standard Webhooks envelope, tagged and under a prefix.
//!
//! `cargo run -p gateway`, then open `/docs`.

mod refunds;

use std::error::Error;

use axum::Router;
use axum::routing::post;
use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::openapi::{Contact, License, Operation, SecurityScheme, Server, Tag};
use webhooks_core::{
    BuildError, Document, Envelope, OpenApi, RequestSecurity, Security, WebhookGateway, Webhooks,
    whpost,
};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
    currency: Currency,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Currency {
    Eur,
    Usd,
}

/// Sent as soon as the bank has confirmed a payment.
#[whpost(
    "payment.created",
    tags = ["payments"],
    external_docs = ("https://example.com/guide", "How payments work"),
    responses = [(410, "Ends the subscription.")],
    examples = [("euro", "Twelve euros", Payment { amount: 12.0, currency: Currency::Eur })],
)]
async fn payment_created(data: Payment);

/// Pays something and gives it back: each step has its message. A sender would deliver them.
async fn pay_and_refund() {
    for currency in [Currency::Eur, Currency::Usd] {
        println!(
            "{:?}",
            payment_created(Payment {
                amount: 12.0,
                currency
            })
        );
    }
    refunds::refund_everything();
}

fn docs() -> Result<Document, BuildError> {
    let webhooks = Webhooks::new()
        .with(payment_created)
        .with(
            WebhookGateway::new(refunds::Refunds)
                .prefix("billing")
                .tag("refunds")
                .security([Security::scheme("bearer")]),
        )
        .envelope(Envelope::Standard)
        .signed(RequestSecurity::standard_webhooks())
        .build()?;
    OpenApi::new("Billing", "1.0.0")
        .description("Payments and refunds, each reported to its subscribers.")
        .contact(Contact {
            name: Some("Support".into()),
            ..Contact::default()
        })
        .license(License::spdx("MIT"))
        .server(Server::new("https://api.acme.test"))
        .tag(Tag::new("payments").description("Money that comes in."))
        .tag(Tag::new("refunds").description("Money that goes **back**."))
        .security_scheme(
            "bearer",
            SecurityScheme::http("bearer")
                .description("The token that you gave us for your endpoint."),
        )
        .path(
            "/refund",
            Operation::post()
                .summary("Refund everything")
                .tag("refunds")
                .security([]),
        )
        .webhooks(webhooks)
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().route("/refund", post(pay_and_refund));
    example_server::run(app, docs()?).await
}
