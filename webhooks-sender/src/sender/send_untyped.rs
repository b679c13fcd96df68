//! Sending by the event's name, for events that are known at run time only.

use serde_json::Value;
use webhooks_core::Message;
use webhooks_store::Database;

use super::Sender;
use crate::error::Error;
use crate::model::Owner;
use crate::publish::{Outbound, Sent};

impl<D: Database> Sender<D> {
    /// Sends a payload that has no type. For events that are known at run time only; a declared function is checked by
    /// the compiler instead.
    ///
    /// With the feature `validation` the payload must fit the webhook's JSON Schema. Without it the payload is sent as it
    /// is. The same holds for a [`Message::untyped`], however it is sent.
    ///
    /// # Errors
    ///
    /// When there is no such event, or the payload does not fit; otherwise as [`send`](Self::send).
    ///
    /// ```
    /// use serde_json::json;
    /// use webhooks_core::{Webhooks, whpost};
    /// use webhooks_sender::{Error, Sender};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Payment { amount: u32 }
    ///
    /// /// Sent as soon as the bank has confirmed a payment.
    /// #[whpost("payment.created")]
    /// async fn payment_created(data: Payment);
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let webhooks = Webhooks::new().with(payment_created).build().unwrap();
    /// let sender = Sender::testing().webhooks(webhooks).start().await?;
    /// sender.send_untyped("acct_1", "payment.created", &json!({ "amount": 10 })).await?;
    ///
    /// # #[cfg(feature = "validation")] {
    /// let refused = sender.send_untyped("acct_1", "payment.created", &json!({ "amount": "ten" })).await;
    /// assert!(matches!(refused, Err(Error::Schema { .. })));
    /// # }
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn send_untyped(
        &self,
        owner: impl Into<Owner>,
        event: &str,
        payload: &Value,
    ) -> Result<Sent, Error> {
        let entry = self
            .catalogue()
            .get(event)
            .ok_or_else(|| Error::UnknownEvent(event.to_owned()))?;
        let message = Message::untyped(entry.descriptor(), payload);
        self.send(owner, Outbound::new(message).as_event(event))
            .await
    }
}
