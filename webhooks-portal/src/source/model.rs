//! What the API answers, as far as pages show it. Members that are not known are ignored: a newer API may have more.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::foreign::Foreign;

/// A time of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At(pub(crate) Timestamp);

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<T>,
    #[serde(default)]
    pub(crate) next: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: Foreign,
    pub(crate) owner: Foreign,
    pub(crate) target: Foreign,
    pub(crate) events: Vec<Foreign>,
    #[serde(default)]
    pub(crate) description: Foreign,
    #[serde(default)]
    pub(crate) labels: BTreeMap<Foreign, Foreign>,
    /// Names alone: the API shows no values.
    #[serde(default)]
    pub(crate) headers: Vec<Foreign>,
    #[serde(default)]
    pub(crate) dialect: Option<Foreign>,
    #[serde(default)]
    pub(crate) rate_limit: Option<u32>,
    #[serde(default)]
    pub(crate) concurrency: Option<u16>,
    /// When it ends by itself.
    #[serde(default)]
    pub(crate) expires_at: Option<At>,
    /// How its target proves that it wants the messages.
    #[serde(default)]
    pub(crate) verification: Option<Foreign>,
    /// The kind of it alone: the API shows no credentials.
    #[serde(default)]
    pub(crate) authentication: Option<Foreign>,
    /// Whether requests are made with one.
    #[serde(default)]
    pub(crate) client_certificate: bool,
    pub(crate) state: SubscriptionState,
    /// Of a static one: its key in the configuration.
    #[serde(default)]
    pub(crate) key: Option<Foreign>,
    #[serde(default)]
    pub(crate) failures: u32,
    #[serde(default)]
    pub(crate) failing_since: Option<At>,
    pub(crate) created: At,
    pub(crate) changed: At,
    pub(crate) revision: i64,
}

/// The target of a subscription whose messages are fetched.
pub(crate) const POLL: &str = "poll";

/// Whether messages with this target are fetched instead of sent.
pub(crate) fn is_fetched(target: &Foreign) -> bool {
    target.as_str() == POLL
}

impl Subscription {
    /// Whether its messages are fetched instead of sent.
    pub(crate) fn is_fetched(&self) -> bool {
        is_fetched(&self.target)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubscriptionState {
    Active,
    Paused,
    Unverified,
    Refused,
    Gone,
    Disabled,
    Failing,
    Expired,
    Retired,
    /// One of a newer API.
    #[serde(other)]
    Unknown,
}

impl SubscriptionState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Unverified => "unverified",
            Self::Refused => "refused",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Retired => "retired",
            Self::Unknown => "unknown",
        }
    }
}

/// A subscription that was made; the secret is shown now and never again.
#[derive(Deserialize)]
pub(crate) struct NewSubscription {
    pub(crate) id: Foreign,
    pub(crate) secret: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct NewSecret {
    pub(crate) secret: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TestSent {
    pub(crate) message: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Foreign,
    pub(crate) event: Foreign,
    pub(crate) owner: Option<Foreign>,
    #[serde(default)]
    pub(crate) body: Option<Body>,
    pub(crate) created: At,
    #[serde(default)]
    pub(crate) expires: Option<At>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<Foreign, Foreign>,
}

/// Bytes as the API writes them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Body {
    Text(String),
    Base64(String),
}

impl Body {
    /// The bytes as they are stored.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Base64(text) => BASE64_STANDARD.decode(text).unwrap_or_default(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: Foreign,
    pub(crate) message: Foreign,
    pub(crate) event: Option<Foreign>,
    pub(crate) subscription: Foreign,
    pub(crate) target: Option<Foreign>,
    pub(crate) owner: Option<Foreign>,
    pub(crate) state: DeliveryState,
    pub(crate) attempts: u32,
    pub(crate) last_attempt: Option<LastAttempt>,
    pub(crate) due: Option<At>,
    pub(crate) created: At,
    pub(crate) finished: Option<At>,
}

impl Delivery {
    /// Whether its message is fetched instead of sent.
    pub(crate) fn is_fetched(&self) -> bool {
        self.target.as_ref().is_some_and(is_fetched)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    Pending,
    Sending,
    Delivered,
    Failed,
    Cancelled,
    /// One of a newer API.
    #[serde(other)]
    Unknown,
}

impl DeliveryState {
    pub(crate) const ALL: [Self; 5] = [
        Self::Delivered,
        Self::Failed,
        Self::Pending,
        Self::Sending,
        Self::Cancelled,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled)
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LastAttempt {
    pub(crate) duration_ms: u64,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<Foreign>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) id: Foreign,
    pub(crate) number: u32,
    pub(crate) delivery: Foreign,
    pub(crate) subscription: Foreign,
    pub(crate) at: At,
    pub(crate) duration_ms: u64,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<Foreign>,
    #[serde(default)]
    pub(crate) response: Option<Body>,
}

impl Attempt {
    pub(crate) fn succeeded(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Event {
    pub(crate) name: Foreign,
    #[serde(default)]
    pub(crate) description: Foreign,
    #[serde(default)]
    pub(crate) tags: Vec<Foreign>,
    #[serde(default)]
    pub(crate) deprecated: bool,
    #[serde(default)]
    pub(crate) replaced_by: Option<Foreign>,
    #[serde(default)]
    pub(crate) schema: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) example: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Queue {
    pub(crate) ready: u32,
    pub(crate) held: u32,
    pub(crate) scheduled: u32,
    pub(crate) sending: u32,
    pub(crate) oldest_ready_ms: Option<u64>,
}
