//! What every process says of the sender, and what customers read of it.

use std::time::Duration;

use utoipa::OpenApi as _;
use webhooks_core::openapi::{Contact, License, SecurityScheme, Server, Tag};
use webhooks_core::{
    BuildError, Catalogue, DeliveryOrder, DeliveryTerms, Document, Envelope, OpenApi, Security,
    Webhooks,
};
use webhooks_sender::SenderBuilder;
use webhooks_sender::database::Database;
use webhooks_sender::dialect::Dialect;
use webhooks_sender::notices::operational_webhooks;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::target::TargetPolicy;

use crate::accounts::OPERATOR;
use crate::events::{invoice_created, invoice_paid, invoice_voided};
use crate::routes::Routes;

/// The webhooks: the customers' own, and those of the sender, which its documents leave out.
///
/// # Errors
///
/// When two webhooks clash.
pub fn catalogue() -> Result<Catalogue, BuildError> {
    Webhooks::new()
        .with(invoice_created)
        .with(invoice_paid)
        .with(invoice_voided)
        .with(operational_webhooks())
        .envelope(Envelope::Standard)
        .signed(Dialect::standard_webhooks().security(Envelope::Standard))
        .build()
}

/// The settings of the sender, the same in every process: what one of them does not know it leaves to others.
pub fn configured<D: Database>(
    builder: SenderBuilder<D>,
    webhooks: Catalogue,
    targets: TargetPolicy,
    keys: impl IntoIterator<Item = SealingKey>,
) -> SenderBuilder<D> {
    let builder = builder
        .webhooks(webhooks)
        .targets(targets)
        .operational_events_to(OPERATOR);
    keys.into_iter().fold(builder, SenderBuilder::seal_with)
}

/// The document that customers read: routes, the webhooks' API, webhooks, and when they are delivered.
///
/// # Errors
///
/// When the parts clash.
pub fn documentation(terms: DeliveryTerms) -> Result<Document, BuildError> {
    OpenApi::new("Invoices", "1.0.0")
        .description("Writes invoices, and reports what becomes of them.")
        .contact(Contact {
            name: Some("Support".into()),
            ..Contact::default()
        })
        .license(License::spdx("MIT"))
        .server(Server::new("https://api.invoices.test"))
        .tag(Tag::new("invoices").description("What customers owe."))
        .tag(
            Tag::new("webhook tests")
                .description("What a customer asks for, to try a subscription."),
        )
        .security_scheme("token", SecurityScheme::http("bearer"))
        .security([Security::scheme("token")])
        .delivery(
            terms
                .order(DeliveryOrder::ByKey)
                .rotation_grace(Duration::from_hours(24)),
        )
        .merge(Routes::openapi())
        .merge_json(&webhooks_api::customer_document("/webhooks")?)
        .webhooks(catalogue()?)
        .build()
}
