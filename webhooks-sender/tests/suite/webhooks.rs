//! The webhooks that the tests declare.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::{Catalogue, Envelope, RequestSecurity, Webhooks, whpost, whroute};
use webhooks_sender::SenderBuilder;
use webhooks_sender::database::Database;
use webhooks_sender::dialect::Dialect;
use webhooks_sender::notices::operational_webhooks;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Payment {
    pub(crate) id: u64,
    pub(crate) amount: u64,
}

/// Sent when a payment has been made.
#[whpost("payment.created")]
pub(crate) async fn payment_created(data: Payment);

/// Sent when a card was declined.
#[whpost("payment.card.declined")]
pub(crate) async fn card_declined(data: Payment);

/// Sent when a payment was synchronised.
#[whroute("payment.synced", methods = ["PUT", "POST"])]
pub(crate) async fn payment_synced(
    data: Payment,
    #[header("X-Tenant")] tenant: String,
    #[query] page: u32,
    #[cookie] session: String,
);

/// Sent to ask for a sign of life.
#[whpost("pinged")]
pub(crate) async fn pinged();

/// Sent when the rates have changed; those who are asked by GET fetch them.
#[whroute("rates.changed", methods = ["GET", "POST"])]
pub(crate) async fn rates_changed(data: Option<Payment>);

pub(crate) fn payment(id: u64) -> Payment {
    Payment {
        id,
        amount: 1000 + id,
    }
}

pub(crate) fn bare() -> Catalogue {
    all().build().expect("a catalogue")
}

pub(crate) fn enveloped() -> Catalogue {
    all()
        .envelope(Envelope::Standard)
        .build()
        .expect("a catalogue")
}

pub(crate) fn all() -> Webhooks {
    Webhooks::new()
        .with(payment_created)
        .with(card_declined)
        .with(payment_synced)
        .with(pinged)
        .with(rates_changed)
        .with(operational_webhooks())
}

pub(crate) fn signed(security: RequestSecurity, envelope: Envelope) -> Catalogue {
    all()
        .envelope(envelope)
        .signed(security)
        .build()
        .expect("a catalogue")
}

/// The dialects of a sender that also has the one that signs nothing, which must be named.
pub(crate) fn with_rest_hooks<D: Database>(builder: SenderBuilder<D>) -> SenderBuilder<D> {
    builder
        .dialect(Dialect::standard_webhooks())
        .dialect(Dialect::rest_hooks())
        .dialect(Dialect::rest_hooks_signed())
}
