//! What a customer must know of how messages are delivered: time limit, retries, when a subscription is switched off.
//!
//! A plain value of this crate's own, so that the document knows nothing of the sender; the sender makes one from its
//! settings, so the documentation page promises what happens.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How messages are delivered, for the documentation page and for programs: it is the member `x-webhook-delivery` of the
/// document.
///
/// What is not set is not on the page. The [success of a delivery](https://www.standardwebhooks.com) is always a status
/// from 200 to 299; redirects are not followed.
///
/// ```
/// use std::time::Duration;
/// use webhooks_core::{DeliveryTerms, OpenApi};
///
/// let terms = DeliveryTerms::new()
///     .timeout(Duration::from_secs(20))
///     .retries([5, 300, 1800].map(Duration::from_secs))
///     .deactivation(20, Duration::from_secs(5 * 24 * 3600));
/// let document = OpenApi::new("Payments", "1.0.0").delivery(terms).build()?;
/// assert_eq!(document.to_value()["x-webhook-delivery"]["timeoutSeconds"], 20);
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeliveryTerms {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeout_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_seconds: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jitter_percent: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deactivation: Option<Deactivation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<DeliveryOrder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rotation_grace_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_limit_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) source_addresses: Vec<String>,
}

/// When a subscription that only fails is switched off: both must be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deactivation {
    pub(crate) failures: u32,
    pub(crate) seconds: u64,
}

/// In which order the messages of one subscription arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryOrder {
    /// In any order.
    None,
    /// In the order in which they were sent, among the messages that have one ordering key.
    ByKey,
    /// In the order in which they were sent.
    BySubscription,
}

impl DeliveryTerms {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a receiver has for its answer, in whole seconds, rounded up.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_seconds = Some(whole_seconds(timeout));
        self
    }

    /// The waits before the second try, the third, and so on; none at all if a message is tried once.
    pub fn retries(mut self, waits: impl IntoIterator<Item = Duration>) -> Self {
        self.retry_after_seconds = Some(waits.into_iter().map(whole_seconds).collect());
        self
    }

    /// How much longer a wait may be by chance, in percent.
    pub fn jitter(mut self, percent: u8) -> Self {
        self.jitter_percent = Some(percent);
        self
    }

    /// A subscription is switched off after this many failures in a row over at least this time.
    pub fn deactivation(mut self, failures: u32, time: Duration) -> Self {
        self.deactivation = Some(Deactivation {
            failures,
            seconds: whole_seconds(time),
        });
        self
    }

    /// In which order the messages of one subscription arrive; the last call counts, so that an application promises more than
    /// the terms of its sender do.
    pub fn order(mut self, order: DeliveryOrder) -> Self {
        self.order = Some(order);
        self
    }

    /// How long requests are signed with the old secret too, after a subscription got a new one.
    pub fn rotation_grace(mut self, grace: Duration) -> Self {
        self.rotation_grace_seconds = Some(whole_seconds(grace));
        self
    }

    /// The largest body that is sent, in bytes.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit_bytes = Some(bytes);
        self
    }

    /// The addresses that requests come from, for the firewalls of customers: `203.0.113.7`, `2001:db8::/48`.
    pub fn source_addresses(
        mut self,
        addresses: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.source_addresses
            .extend(addresses.into_iter().map(Into::into));
        self
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_said_is_not_written() {
        let value = serde_json::to_value(DeliveryTerms::new()).expect("terms are JSON");
        assert_eq!(value, json!({}));
    }

    #[test]
    fn terms_are_read_as_they_were_written() {
        let terms = DeliveryTerms::new()
            .timeout(Duration::from_millis(1_500))
            .retries([Duration::from_secs(5)])
            .jitter(10)
            .deactivation(20, Duration::from_secs(60))
            .order(DeliveryOrder::ByKey)
            .rotation_grace(Duration::from_secs(3600))
            .body_limit(1024)
            .source_addresses(["203.0.113.7"]);
        let value = serde_json::to_value(&terms).expect("terms are JSON");
        assert_eq!(value["timeoutSeconds"], 2);
        assert_eq!(value["order"], "by-key");
        assert_eq!(
            serde_json::from_value::<DeliveryTerms>(value).expect("terms"),
            terms
        );
    }
}
