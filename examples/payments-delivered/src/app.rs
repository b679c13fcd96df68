//! The application: a route that takes payments, and the webhook that tells of them.

use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{Sqlite, SqlitePool};
use webhooks_api::{Ability, Access, Api};
use webhooks_core::openapi::{Contact, License, Operation, SecurityScheme, Server, Tag};
use webhooks_core::{
    BuildError, Catalogue, DeliveryTerms, Document, Envelope, OpenApi, Security, WebhookGateway,
    Webhooks, whpost,
};
use webhooks_portal::{Brand, Portal};
use webhooks_sender::Sender;
use webhooks_sender::dialect::Dialect;
use webhooks_sender::notices::operational_webhooks;

use crate::demo;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Payment {
    pub(crate) amount: u32,
}

/// Sent as soon as a payment is in the books.
#[whpost("payment.created", tags = ["payments"])]
pub(crate) async fn payment_created(data: Payment);

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

pub(crate) fn routes(pool: SqlitePool, sender: Sender<Sqlite>) -> Router {
    let api = Api::new(&sender, access);
    let brand = Brand::new("Acme Payments");
    let portal = Portal::new(&sender, customer).brand(brand.clone());
    let dashboard = Portal::new(&sender, operator).brand(brand);
    Router::new()
        .route("/payments", post(create_payment))
        .nest("/webhooks", api.router())
        .nest("/portal", portal.documentation("/docs").router())
        .nest("/operator", dashboard.documentation("/docs").router())
        .with_state((pool, sender))
}

/// Who asks. A real application takes its session as an argument and looks up whose it is; here there is one customer
/// with one token, who may do all that customers may.
async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let token = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    if token != Some(b"Bearer acct_1") {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Access::owner("acct_1").allow(Ability::CUSTOMER))
}

/// Who looks at the portal: here the one customer, without a login. A real application takes its session, as above.
async fn customer() -> Result<Access, StatusCode> {
    Ok(Access::owner("acct_1").allow(Ability::CUSTOMER))
}

/// Who looks at the dashboard. This example listens on this machine alone.
async fn operator() -> Result<Access, StatusCode> {
    Ok(Access::operator().allow(Ability::CUSTOMER))
}

async fn create_payment(
    State((pool, sender)): State<(SqlitePool, Sender<Sqlite>)>,
    Json(payment): Json<Payment>,
) -> StatusCode {
    match pay(&pool, &sender, payment.amount).await {
        Ok(()) => StatusCode::CREATED,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(crate) fn catalogue() -> Result<Catalogue, BuildError> {
    let signed = Dialect::standard_webhooks().security(Envelope::Standard);
    // Tests of subscriptions are webhooks too; customers need not read of them.
    let operational = WebhookGateway::new(operational_webhooks()).include_in_schema(false);
    Webhooks::new()
        .with(payment_created)
        .with(demo::payment_refunded)
        .with(demo::payout_paid)
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
        .merge_json(&webhooks_api::document("/webhooks")?)
        .webhooks(catalogue()?)
        .build()
}
