//! A subscription as the database has it: with its id, its state, and what has become of it.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::Error as _;
use webhooks_core::EventPattern;

use super::json::{DateTime, maybe_time, time};
use super::{Settings, Subscription, SubscriptionId, SubscriptionState, Warning};

/// To change a part of it: what is not touched stays, and a change that another caller made in between is not undone, but
/// an error.
///
/// ```
/// use webhooks_sender::{Sender, Subscription};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// # let id = sender.operator().subscribe(Subscription::new("acct_1", "https://example.com/hook").event("*")).await?.id;
/// let mut stored = sender.operator().subscription(&id).await?;
/// stored.target = "https://example.com/hook/v2".to_owned();
/// stored.settings.labels.insert("plan".to_owned(), "pro".to_owned());
/// sender.operator().change(&id, stored.into()).await?;
/// # Ok::<(), webhooks_sender::Error>(())
/// # }).unwrap();
/// ```
impl From<StoredSubscription> for Subscription {
    fn from(stored: StoredSubscription) -> Self {
        let StoredSubscription {
            owner,
            target,
            settings,
            revision,
            ..
        } = stored;
        Self {
            owner,
            target,
            secrets: Vec::new(),
            settings,
            revision: Some(revision),
            request_key: None,
            own_key: None,
        }
    }
}

/// A subscription as it is stored, without its secrets.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StoredSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub owner: String,
    /// Where requests go.
    pub target: String,
    /// Everything else that was asked for. The values of its headers are often credentials: they are not in JSON.
    #[serde(flatten, serialize_with = "without_header_values")]
    #[schemars(with = "Settings")]
    pub settings: Settings,
    /// Whether it receives messages.
    pub state: SubscriptionState,
    /// The key in the configuration, for a static one.
    pub key: Option<String>,
    /// The key under which the application keeps it; see [`Account::keep`](crate::Account::keep).
    #[schemars(description = "The key under which the application keeps it.")]
    pub own_key: Option<String>,
    /// Until when older secrets sign as well, after a rotation; none when only the newest does.
    #[serde(serialize_with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub older_secrets_until: Option<SystemTime>,
    /// Failed attempts since the last success or activation.
    pub failures: u32,
    /// When the first of them was made.
    #[serde(serialize_with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub failing_since: Option<SystemTime>,
    /// How close it is to being switched off because it fails; none when it is not.
    pub warning: Option<Warning>,
    /// When it was made.
    #[serde(serialize_with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// When it was changed last.
    #[serde(serialize_with = "time")]
    #[schemars(with = "DateTime")]
    pub changed: SystemTime,
    /// Counts the changes of target, settings, secrets and state: a change that was made from an older one is refused.
    #[doc(alias = "etag")]
    pub revision: i64,
}

/// The settings, their headers as a list of names: values are often credentials.
fn without_header_values<S: serde::Serializer>(
    settings: &Settings,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut shown = serde_json::to_value(settings).map_err(S::Error::custom)?;
    if let Some(headers) = shown.get_mut("headers") {
        *headers = settings
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
    }
    shown.serialize(serializer)
}

impl StoredSubscription {
    /// Whether it wants an event of this name.
    pub fn wants(&self, event: &str) -> bool {
        self.settings
            .events
            .iter()
            .any(|pattern| EventPattern::of_provider(pattern).matches(event))
    }
}
