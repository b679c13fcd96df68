//! What is measured: a sender with ten declared webhooks, its API and its portal, served by axum.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::Pool;
use tokio::net::TcpListener;
use webhooks_api::{Ability, Access, Api};
use webhooks_core::{Message, Webhooks, whpost};
use webhooks_portal::Portal;
use webhooks_sender::Sender;
use webhooks_sender::target::TargetPolicy;
use webhooks_store::Database;

/// The header that says whose customer asks; without it, it is the operator.
pub(crate) const OWNER_HEADER: &str = "x-owner";

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Occurrence {
    /// To what.
    id: u64,
    /// A text for people.
    note: String,
}

macro_rules! webhooks {
    ($($name:literal $function:ident;)*) => {
        /// The names of all events.
        pub(crate) const EVENTS: &[&str] = &[$($name),*];

        $(
            #[doc = concat!("`", $name, "`")]
            #[whpost($name, register = false)]
            pub(crate) async fn $function(data: Occurrence);
        )*

        fn declared() -> Webhooks {
            Webhooks::new()$(.with($function))*
        }
    };
}

webhooks! {
    "payment.created" payment_created;
    "payment.failed" payment_failed;
    "payment.refunded" payment_refunded;
    "invoice.created" invoice_created;
    "invoice.paid" invoice_paid;
    "invoice.overdue" invoice_overdue;
    "customer.created" customer_created;
    "customer.changed" customer_changed;
    "order.shipped" order_shipped;
    "account.closed" account_closed;
}

/// A message of 1 KiB.
pub(crate) fn message(id: u64) -> Message<payment_created> {
    payment_created(Occurrence {
        id,
        note: "x".repeat(1000),
    })
}

/// A sender that may post to this machine; without its engine it only accepts and shows.
pub(crate) async fn sender<D: Database>(pool: &Pool<D>, engine: bool) -> Result<Sender<D>> {
    let policy = TargetPolicy::default()
        .allow_http()
        .allow_net("127.0.0.0/8".parse()?);
    let webhooks = declared().build()?;
    let builder = Sender::new(pool.clone()).webhooks(webhooks).targets(policy);
    let builder = if engine {
        builder
    } else {
        builder.without_engine()
    };
    builder.start().await.context("the sender did not start")
}

async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let access = match headers.get(OWNER_HEADER) {
        Some(owner) => Access::owner(owner.to_str().map_err(|_| StatusCode::BAD_REQUEST)?),
        None => Access::operator(),
    };
    Ok(access.allow(Ability::CUSTOMER))
}

/// Serves the API at `/api` and the portal at `/portal`, until the program ends.
pub(crate) async fn serve<D: Database>(sender: &Sender<D>) -> Result<SocketAddr> {
    let router = Router::new()
        .nest("/api", Api::new(sender, access).router())
        .merge(Portal::new(sender, access).show_payloads().at("/portal"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
