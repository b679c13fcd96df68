//! What happens to subscriptions and deliveries, told as webhooks of the sender's own.
//!
//! They go to the subscriptions of one owner, the operator. Nothing is told about that owner's own subscriptions:
//! a failing operational webhook would otherwise tell of itself without end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::{Descriptor, Message, Webhooks};
use webhooks_store::Database;

use crate::error::Error;
use crate::model::{MessageId, Owner, SubscriptionId, SubscriptionState};
use crate::publish::{Outbound, Sent, prepare_typed, publish, publish_to};
use crate::shared::Shared;

/// What is told about a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscriptionNotice {
    /// The id of the subscription.
    pub subscription: String,
    /// Whose it is.
    pub owner: String,
    /// Why it gets no messages any more: `paused`, `gone`, `failing` or `unconfigured`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is told about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryNotice {
    /// The id of the message.
    pub message: String,
    /// Its event.
    pub event: String,
    /// The id of the subscription.
    pub subscription: String,
    /// Whose it is.
    pub owner: String,
    /// How many attempts have been made.
    pub attempts: u32,
}

static SUBSCRIPTION_CREATED: Descriptor = Descriptor::post("webhooks.subscription.created")
    .docs("Sent when a subscription has been made.")
    .tags(&["operations"])
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_CHANGED: Descriptor = Descriptor::post("webhooks.subscription.changed")
    .docs("Sent when a subscription's target, settings or secrets have been changed.")
    .tags(&["operations"])
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_ACTIVATED: Descriptor = Descriptor::post("webhooks.subscription.activated")
    .docs("Sent when a subscription gets messages again.")
    .tags(&["operations"])
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_DEACTIVATED: Descriptor = Descriptor::post("webhooks.subscription.deactivated")
    .docs("Sent when a subscription gets no more messages, with the reason.")
    .tags(&["operations"])
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_DELETED: Descriptor = Descriptor::post("webhooks.subscription.deleted")
    .docs("Sent when a subscription has been removed.")
    .tags(&["operations"])
    .payload::<SubscriptionNotice>();
static DELIVERY_FAILING: Descriptor = Descriptor::post("webhooks.delivery.failing")
    .docs("Sent when the fourth attempt of a delivery has failed.")
    .tags(&["operations"])
    .payload::<DeliveryNotice>();
static DELIVERY_EXHAUSTED: Descriptor = Descriptor::post("webhooks.delivery.exhausted")
    .docs("Sent when the last attempt of a delivery has failed.")
    .tags(&["operations"])
    .payload::<DeliveryNotice>();
static DELIVERY_RECOVERED: Descriptor = Descriptor::post("webhooks.delivery.recovered")
    .docs("Sent when a delivery has succeeded of which `webhooks.delivery.failing` had told.")
    .tags(&["operations"])
    .payload::<DeliveryNotice>();

static TEST: Descriptor = Descriptor::post("webhooks.test")
    .docs("Sent on request, to try a subscription.")
    .tags(&["operations"])
    .payload::<SubscriptionNotice>();

/// The failed attempt of a delivery that is told of.
pub(crate) const FAILING_AT: u32 = 4;

static ALL: [&Descriptor; 9] = [
    &SUBSCRIPTION_CREATED,
    &SUBSCRIPTION_CHANGED,
    &SUBSCRIPTION_ACTIVATED,
    &SUBSCRIPTION_DEACTIVATED,
    &SUBSCRIPTION_DELETED,
    &DELIVERY_FAILING,
    &DELIVERY_EXHAUSTED,
    &DELIVERY_RECOVERED,
    &TEST,
];

/// The operational webhooks, to be listed in the catalogue of a sender that [tells](crate::SenderBuilder::operations)
/// of them.
///
/// ```
/// use webhooks_core::Webhooks;
///
/// let catalogue = Webhooks::new().with(webhooks_sender::operational_webhooks()).build()?;
/// assert!(catalogue.get("webhooks.delivery.exhausted").is_some());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
pub fn operational_webhooks() -> Webhooks {
    ALL.into_iter().fold(Webhooks::new(), Webhooks::with)
}

/// Whether the catalogue has all of them.
pub(crate) fn are_listed<D: Database>(shared: &Shared<D>) -> bool {
    ALL.into_iter()
        .all(|descriptor| shared.entry(descriptor, None).is_ok())
}

/// What happened to a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Created,
    Changed,
    Activated,
    Deactivated(SubscriptionState),
    Deleted,
}

/// What happened to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryOperation {
    Failing,
    Exhausted,
    Recovered,
}

/// Tells of a subscription, in the transaction that changes it.
pub(crate) async fn tell<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    owner: &str,
    id: &SubscriptionId,
    operation: Operation,
) -> Result<(), Error> {
    let (descriptor, reason) = match operation {
        Operation::Created => (&SUBSCRIPTION_CREATED, None),
        Operation::Changed => (&SUBSCRIPTION_CHANGED, None),
        Operation::Activated => (&SUBSCRIPTION_ACTIVATED, None),
        Operation::Deactivated(state) => {
            (&SUBSCRIPTION_DEACTIVATED, Some(state.as_str().to_owned()))
        }
        Operation::Deleted => (&SUBSCRIPTION_DELETED, None),
    };
    let notice = SubscriptionNotice {
        subscription: id.to_string(),
        owner: owner.to_owned(),
        reason,
    };
    send(shared, connection, owner, descriptor, &notice).await
}

/// Tells of a delivery, in the transaction that records its attempt.
pub(crate) async fn tell_delivery<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    owner: &str,
    (message, event): (&MessageId, &str),
    subscription: &SubscriptionId,
    (operation, attempts): (DeliveryOperation, u32),
) -> Result<(), Error> {
    let descriptor = match operation {
        DeliveryOperation::Failing => &DELIVERY_FAILING,
        DeliveryOperation::Exhausted => &DELIVERY_EXHAUSTED,
        DeliveryOperation::Recovered => &DELIVERY_RECOVERED,
    };
    let notice = DeliveryNotice {
        message: message.to_string(),
        event: event.to_owned(),
        subscription: subscription.to_string(),
        owner: owner.to_owned(),
        attempts,
    };
    send(shared, connection, owner, descriptor, &notice).await
}

/// Sends the test event to one subscription, whatever events it wants.
pub(crate) async fn test<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    owner: &str,
    id: &SubscriptionId,
) -> Result<Sent, Error> {
    let notice = SubscriptionNotice {
        subscription: id.to_string(),
        owner: owner.to_owned(),
        reason: None,
    };
    let outbound = Outbound::new(Message::untyped(&TEST, &notice));
    let prepared = prepare_typed(shared, &Owner::of(owner), &outbound)?;
    publish_to(shared, connection, &prepared, id.key()).await
}

async fn send<D: Database, T: Serialize>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    about: &str,
    descriptor: &'static Descriptor,
    notice: &T,
) -> Result<(), Error> {
    let Some(operator) = shared
        .rules
        .operations
        .as_deref()
        .filter(|operator| *operator != about)
    else {
        return Ok(());
    };
    let outbound = Outbound::new(Message::untyped(descriptor, notice));
    let prepared = prepare_typed(shared, &Owner::of(operator), &outbound)?;
    publish(shared, connection, &[&prepared]).await?;
    Ok(())
}
