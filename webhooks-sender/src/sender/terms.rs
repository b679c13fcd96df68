//! What customers must know of how this sender delivers, for the documentation.

use webhooks_core::{DeliveryOrder, DeliveryTerms};
use webhooks_store::Database;

use super::Sender;

impl<D: Database> Sender<D> {
    /// How messages are delivered, as far as customers must know: time limit, retries, when a subscription is switched off,
    /// order, size. They are made from the settings, so the documentation cannot promise anything else.
    ///
    /// What only the application knows is added to it: the addresses that requests come from, for how long an old secret
    /// stays in use, and the order. By itself a sender promises none, because a message has an order only where it is given
    /// one: say [`ByKey`](DeliveryOrder::ByKey) where messages have an [order key](crate::Outbound::order_key), and
    /// [`BySubscription`](DeliveryOrder::BySubscription) where all subscriptions are
    /// [first in, first out](crate::Subscription::first_in_first_out).
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_core::{DeliveryOrder, OpenApi};
    /// use webhooks_sender::Sender;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let sender = Sender::testing().start().await?;
    /// let terms = sender.delivery_terms().rotation_grace(Duration::from_secs(24 * 3600));
    /// let document = OpenApi::new("Payments", "1.0.0").delivery(terms).build().expect("a document");
    /// assert_eq!(document.to_value()["x-webhook-delivery"]["order"], "none");
    ///
    /// let ordered = sender.delivery_terms().order(DeliveryOrder::ByKey);
    /// let document = OpenApi::new("Payments", "1.0.0").delivery(ordered).build().expect("a document");
    /// assert_eq!(document.to_value()["x-webhook-delivery"]["order"], "by-key");
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn delivery_terms(&self) -> DeliveryTerms {
        let rules = &self.context.delivering.rules;
        DeliveryTerms::new()
            .timeout(self.context.delivering.transport.timeout())
            .retries(rules.retries.waits().iter().copied())
            .jitter(rules.retries.jitter_percent())
            .deactivation(rules.deactivation.failures, rules.deactivation.period)
            .order(DeliveryOrder::None)
            .body_limit(rules.body_limit)
    }
}
