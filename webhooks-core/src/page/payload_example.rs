//! An example of an event's payload, as the documentation page shows it.

use serde_json::Value;

use super::example;
use super::resolver::Resolver;
use crate::catalogue::CatalogueEntry;

impl CatalogueEntry {
    /// An example of the payload: the first that is declared, otherwise one that is made from its schema. Without its
    /// envelope. None where the event has no payload, or one that is not JSON.
    ///
    /// ```
    /// use webhooks_core::{Webhooks, whpost};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Payment {
    ///     amount: u32,
    /// }
    ///
    /// /// Sent as soon as the bank has confirmed a payment.
    /// #[whpost("payment.created")]
    /// async fn payment_created(data: Payment);
    ///
    /// let catalogue = Webhooks::new().with(payment_created).build()?;
    /// let entry = catalogue.get("payment.created").expect("it was added");
    /// assert!(entry.example().expect("it has a payload")["amount"].is_u64());
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    pub fn example(&self) -> Option<Value> {
        let payload = self.descriptor().payload_info()?;
        if let Some(declared) = self.descriptor().examples.first() {
            return Some((declared.value)());
        }
        let schema = payload.json_schema().filter(|_| payload.is_json())?;
        let (value, _) = example::example(Resolver::new(&schema), &schema);
        Some(value)
    }
}
