//! Operational events: what happens to subscriptions and deliveries, sent as webhooks of the sender's own.
//!
//! They go to the subscriptions of one owner, the operator. There are none about the operator's own subscriptions, since
//! a failing operational webhook would otherwise report itself without end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::{Descriptor, Message, Webhooks};
use webhooks_store::Database;

use crate::context::Publishing;
use crate::error::Error;
use crate::model::{MessageId, Owner, SubscriptionId, SubscriptionState};
use crate::publish::{Outbound, Sent, prepare_typed, publish, publish_to};
use crate::tables::{DeliveryLane, Tx};

/// The payload of the operational events about a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscriptionNotice {
    /// The id of the subscription.
    pub subscription: String,
    /// Whose it is.
    pub owner: String,
    /// Why it gets no messages any more: the name of its [state](crate::subscription::SubscriptionState), such as `gone` or
    /// `failing`.
    #[schemars(
        description = "Why it gets no messages any more: the name of its state, such as `gone` or `failing`."
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The payload of the operational event about a subscription that will be switched off if it goes on failing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailingNotice {
    /// The id of the subscription.
    pub subscription: String,
    /// Whose it is.
    pub owner: String,
    /// How much of the rule is fulfilled by which it is switched off: 50 or 80 percent.
    pub percent: u8,
    /// The failed attempts since the last success.
    pub failures: u32,
    /// When it will be switched off at the earliest, in RFC 3339.
    pub earliest_end: String,
}

/// The payload of the operational events about a delivery.
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
    .include_in_schema(false)
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_CHANGED: Descriptor = Descriptor::post("webhooks.subscription.changed")
    .docs("Sent when a subscription's target, settings or secrets have been changed.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_ACTIVATED: Descriptor = Descriptor::post("webhooks.subscription.activated")
    .docs("Sent when a subscription gets messages again.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_DEACTIVATED: Descriptor = Descriptor::post("webhooks.subscription.deactivated")
    .docs("Sent when a subscription gets no more messages, with the reason.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<SubscriptionNotice>();
static SUBSCRIPTION_FAILING: Descriptor = Descriptor::post("webhooks.subscription.failing")
    .docs(
        "Sent when half, and again when four fifths of the rule are fulfilled by which a failing subscription is switched off.",
    )
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<FailingNotice>();
static SUBSCRIPTION_DELETED: Descriptor = Descriptor::post("webhooks.subscription.deleted")
    .docs("Sent when a subscription has been removed.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<SubscriptionNotice>();
static DELIVERY_FAILING: Descriptor = Descriptor::post("webhooks.delivery.failing")
    .docs("Sent when the fourth attempt of a delivery has failed.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<DeliveryNotice>();
static DELIVERY_EXHAUSTED: Descriptor = Descriptor::post("webhooks.delivery.exhausted")
    .docs("Sent when the last attempt of a delivery has failed.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<DeliveryNotice>();
static DELIVERY_RECOVERED: Descriptor = Descriptor::post("webhooks.delivery.recovered")
    .docs("Sent when a delivery succeeds after a `webhooks.delivery.failing` event.")
    .tags(&["operations"])
    .include_in_schema(false)
    .payload::<DeliveryNotice>();

static TEST: Descriptor = Descriptor::post("webhooks.test")
    .docs("Sent on request, to try a subscription.")
    .tags(&["webhook tests"])
    .payload::<SubscriptionNotice>();

/// The failed attempt of a delivery after which `webhooks.delivery.failing` is sent.
pub(crate) const FAILING_AT: u32 = 4;

static ALL: [&Descriptor; 10] = [
    &SUBSCRIPTION_CREATED,
    &SUBSCRIPTION_CHANGED,
    &SUBSCRIPTION_ACTIVATED,
    &SUBSCRIPTION_FAILING,
    &SUBSCRIPTION_DEACTIVATED,
    &SUBSCRIPTION_DELETED,
    &DELIVERY_FAILING,
    &DELIVERY_EXHAUSTED,
    &DELIVERY_RECOVERED,
    &TEST,
];

/// The operational events, to be listed in the catalogue of a sender that
/// [sends](crate::SenderBuilder::operational_events_to) them.
///
/// The documents that customers read leave them out, all but `webhooks.test`, which customers can ask for. A
/// [gateway](webhooks_core::WebhookGateway::include_in_schema) leaves that out too, and
/// [`OpenApi::with_hidden`](webhooks_core::OpenApi::with_hidden) shows all of them, for a document of your own people.
///
/// | event | payload | sent when |
/// |---|---|---|
/// | `webhooks.subscription.created` | [`SubscriptionNotice`] | a subscription was made |
/// | `webhooks.subscription.changed` | [`SubscriptionNotice`] | its target, settings or secrets were changed |
/// | `webhooks.subscription.activated` | [`SubscriptionNotice`] | it receives messages again |
/// | `webhooks.subscription.failing` | [`FailingNotice`] | half, and again four fifths of the [rule](crate::settings::DeactivationRule) are fulfilled by which it is switched off |
/// | `webhooks.subscription.deactivated` | [`SubscriptionNotice`] | it receives no messages any more, with the reason |
/// | `webhooks.subscription.deleted` | [`SubscriptionNotice`] | it was removed |
/// | `webhooks.delivery.failing` | [`DeliveryNotice`] | the fourth attempt failed |
/// | `webhooks.delivery.exhausted` | [`DeliveryNotice`] | the last attempt failed |
/// | `webhooks.delivery.recovered` | [`DeliveryNotice`] | a delivery succeeded after `webhooks.delivery.failing` |
/// | `webhooks.test` | [`SubscriptionNotice`] | a test was [requested](crate::Account::send_test) |
///
/// ```
/// use webhooks_core::Webhooks;
/// use webhooks_sender::notices::operational_webhooks;
///
/// let catalogue = Webhooks::new().with(operational_webhooks()).build()?;
/// assert!(catalogue.get("webhooks.delivery.exhausted").is_some());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
pub fn operational_webhooks() -> Webhooks {
    ALL.into_iter().fold(Webhooks::new(), Webhooks::with)
}

/// Whether an owner can receive an event: operational events go to the operator alone, all others to those who may see
/// them.
pub(crate) fn may_receive(
    publishing: &Publishing,
    owner: &str,
    event: &str,
) -> Result<bool, Error> {
    let is_operational = event != TEST.name() && ALL.iter().any(|one| one.name() == event);
    let is_operator = publishing.operator.as_deref() == Some(owner);
    if is_operational && !is_operator {
        return Ok(false);
    }
    publishing.may_see(Some(owner), event)
}

/// Whether the catalogue has all of them.
pub(crate) fn are_listed(publishing: &Publishing) -> bool {
    ALL.into_iter()
        .all(|descriptor| publishing.entry(descriptor, None).is_ok())
}

/// What happened to a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubscriptionEvent {
    Created,
    Changed,
    Activated,
    Deactivated(SubscriptionState),
    Deleted,
}

/// What happened to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryEvent {
    Failing,
    Exhausted,
    Recovered,
}

/// Sends the event about a subscription, in the transaction that changes it.
pub(crate) async fn notify<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    owner: &str,
    id: &SubscriptionId,
    event: SubscriptionEvent,
) -> Result<(), Error> {
    let (descriptor, reason) = match event {
        SubscriptionEvent::Created => (&SUBSCRIPTION_CREATED, None),
        SubscriptionEvent::Changed => (&SUBSCRIPTION_CHANGED, None),
        SubscriptionEvent::Activated => (&SUBSCRIPTION_ACTIVATED, None),
        SubscriptionEvent::Deactivated(state) => {
            (&SUBSCRIPTION_DEACTIVATED, Some(state.as_str().to_owned()))
        }
        SubscriptionEvent::Deleted => (&SUBSCRIPTION_DELETED, None),
    };
    let notice = SubscriptionNotice {
        subscription: id.to_string(),
        owner: owner.to_owned(),
        reason,
    };
    send(publishing, tx, owner, descriptor, &notice).await
}

/// Sends the event about a subscription that will be switched off if it goes on failing.
pub(crate) async fn notify_failing<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    notice: &FailingNotice,
) -> Result<(), Error> {
    send(publishing, tx, &notice.owner, &SUBSCRIPTION_FAILING, notice).await
}

/// Sends the event about a delivery, in the transaction that records its attempt.
pub(crate) async fn notify_delivery<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    owner: &str,
    (message, event): (&MessageId, &str),
    subscription: &SubscriptionId,
    (delivery_event, attempts): (DeliveryEvent, u32),
) -> Result<(), Error> {
    let descriptor = match delivery_event {
        DeliveryEvent::Failing => &DELIVERY_FAILING,
        DeliveryEvent::Exhausted => &DELIVERY_EXHAUSTED,
        DeliveryEvent::Recovered => &DELIVERY_RECOVERED,
    };
    let notice = DeliveryNotice {
        message: message.to_string(),
        event: event.to_owned(),
        subscription: subscription.to_string(),
        owner: owner.to_owned(),
        attempts,
    };
    send(publishing, tx, owner, descriptor, &notice).await
}

/// Sends the test event to one subscription, whichever events it wants.
pub(crate) async fn test<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    owner: &str,
    id: &SubscriptionId,
) -> Result<Sent, Error> {
    let notice = SubscriptionNotice {
        subscription: id.to_string(),
        owner: owner.to_owned(),
        reason: None,
    };
    let outbound = Outbound::new(Message::untyped(&TEST, &notice));
    let message = prepare_typed(publishing, tx.now(), &Owner::of(owner), &outbound)?;
    publish_to(tx, &message, DeliveryLane::new(id.key(), owner)).await
}

async fn send<D: Database, T: Serialize>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    about: &str,
    descriptor: &'static Descriptor,
    notice: &T,
) -> Result<(), Error> {
    let operator = publishing.operator.as_deref();
    let Some(operator) = operator.filter(|operator| *operator != about) else {
        return Ok(());
    };
    let outbound = Outbound::new(Message::untyped(descriptor, notice));
    let message = match prepare_typed(publishing, tx.now(), &Owner::of(operator), &outbound) {
        Ok(message) => message,
        // What happened is recorded all the same: a rule of the application must not undo it.
        Err(error @ Error::VisibilityPanic) => {
            tracing::error!(%error, event = descriptor.name(), "an operational event was not sent");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    publish(publishing, tx, &[&message]).await?;
    Ok(())
}
