//! The application: what it tells its customers, how it takes a payment, and the document that they read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{Sqlite, SqlitePool};
use webhooks_core::openapi::{Contact, License, Operation, SecurityScheme, Server, Tag};
use webhooks_core::{
    BuildError, Catalogue, DeliveryTerms, Document, Envelope, OpenApi, Security, WebhookGateway,
    Webhooks, whpost,
};
use webhooks_sender::Sender;
use webhooks_sender::dialect::Dialect;
use webhooks_sender::notices::operational_webhooks;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Payment {
    pub(crate) amount: u32,
}

/// Sent as soon as a payment is in the books.
#[whpost(
    "payment.created",
    tags = ["payments"],
    examples = [("card", Payment { amount: 50 })],
)]
pub(crate) async fn payment_created(data: Payment);

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Refund {
    pub(crate) amount: u32,
    pub(crate) reason: String,
}

/// Sent when a payment, or a part of it, goes back to the customer.
#[whpost(
    "payment.refunded",
    tags = ["payments"],
    examples = [("part", Refund { amount: 20, reason: "damaged".to_owned() })],
)]
pub(crate) async fn payment_refunded(data: Refund);

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Payout {
    /// In the smallest unit of the currency.
    pub(crate) amount: u64,
    pub(crate) currency: String,
    pub(crate) iban: String,
}

/// Sent when money has left for the merchant's bank.
#[whpost(
    "payout.paid",
    tags = ["payouts"],
    examples = [("monthly", Payout {
        amount: 125_000,
        currency: "EUR".to_owned(),
        iban: "DE02 1203 0000 0000 2020 51".to_owned(),
    })],
)]
pub(crate) async fn payout_paid(data: Payout);

/// Takes a payment and tells of it, in one transaction: either both happen or neither.
pub(crate) async fn pay(
    pool: &SqlitePool,
    sender: &Sender<Sqlite>,
    amount: u32,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("INSERT INTO payment (amount) VALUES (?)")
        .bind(amount)
        .execute(&mut *tx)
        .await?;
    sender
        .send_in(&mut tx, "acct_1", payment_created(Payment { amount }))
        .await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn pay_and_roll_back(
    pool: &SqlitePool,
    sender: &Sender<Sqlite>,
    amount: u32,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sender
        .send_in(&mut tx, "acct_1", payment_created(Payment { amount }))
        .await?;
    tx.rollback().await?;
    Ok(())
}

pub(crate) fn catalogue() -> Result<Catalogue, BuildError> {
    let signed = Dialect::standard_webhooks().security(Envelope::Standard);
    // Tests of subscriptions are webhooks too; customers need not read of them.
    let operational = WebhookGateway::new(operational_webhooks()).include_in_schema(false);
    Webhooks::new()
        .with(payment_created)
        .with(payment_refunded)
        .with(payout_paid)
        .with(operational)
        .envelope(Envelope::Standard)
        .signed(signed)
        .build()
}

/// What customers read: the terms are those of the sender's settings.
pub(crate) fn docs(terms: DeliveryTerms) -> Result<Document, BuildError> {
    OpenApi::new("Payments", "1.0.0")
        .delivery(terms)
        .description("Takes payments, and notifies the subscribers.")
        .contact(Contact {
            name: Some("Support".into()),
            ..Contact::default()
        })
        .license(License::spdx("MIT"))
        .server(Server::new("https://api.acme.test"))
        .tag(Tag::new("payments").description("Money that comes in."))
        .tag(Tag::new("payouts").description("Money that goes out."))
        .path(
            "/payments",
            Operation::post()
                .summary("Create a payment")
                .tag("payments")
                .security([])
                .body::<Payment>()
                .empty_response(201, "Booked, and every subscriber will be told."),
        )
        .security_scheme("token", SecurityScheme::http("bearer"))
        .security([Security::scheme("token")])
        .merge_json(&webhooks_api::customer_document("/webhooks")?)
        .webhooks(catalogue()?)
        .build()
}
