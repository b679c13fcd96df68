//! What is measured: a sender on a database, one declared webhook, a payload of 1 KiB.

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::Pool;
use webhooks_core::{Message, Webhooks, whpost};
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Sender, Subscription};
use webhooks_store::Database;

/// The event of all messages.
pub(crate) const EVENT: &str = "payment.created";
/// Who sends them.
pub(crate) const OWNER: &str = "acct_1";
const BODY: usize = 1024;

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Payment {
    note: String,
}

#[whpost("payment.created", register = false)]
pub(crate) async fn payment_created(data: Payment);

/// A payload as JSON, of exactly this length.
pub(crate) fn body() -> Vec<u8> {
    serde_json::to_vec(&payment()).expect("a text is always JSON")
}

/// A message that was serialised here and now, as in an application.
pub(crate) fn message() -> Message<payment_created> {
    payment_created(payment())
}

pub(crate) fn payment() -> Payment {
    // `{"note":""}` has eleven bytes.
    Payment {
        note: "x".repeat(BODY - 11),
    }
}

/// A sender that may post to the sink; without its engine it only accepts.
pub(crate) async fn sender<D: Database>(pool: &Pool<D>, engine: bool) -> Result<Sender<D>> {
    let policy = TargetPolicy::default()
        .allow_http()
        .allow_net("127.0.0.0/8".parse()?);
    let webhooks = Webhooks::new().with(payment_created).build()?;
    let builder = Sender::new(pool.clone()).webhooks(webhooks).targets(policy);
    let builder = if engine {
        builder
    } else {
        builder.without_engine()
    };
    builder.start().await.context("the sender did not start")
}

/// Subscribes a target of the usual owner to the event.
pub(crate) async fn subscribe<D: Database>(sender: &Sender<D>, target: String) -> Result<()> {
    subscribe_as(sender, OWNER, target).await
}

/// Subscribes a target of an owner to the event.
pub(crate) async fn subscribe_as<D: Database>(
    sender: &Sender<D>,
    owner: &str,
    target: String,
) -> Result<()> {
    sender
        .operator()
        .subscribe(Subscription::new(owner, target).event(EVENT))
        .await?;
    Ok(())
}
