//! A subscription as the database has it: with its id, its state, and what has become of it.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, Error as _, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value};
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StoredSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub owner: String,
    /// Where requests go.
    pub target: String,
    /// Everything else that was asked for. The values of its headers are often credentials: they are not in JSON, and what
    /// was read from JSON has headers without values.
    #[serde(
        flatten,
        serialize_with = "without_header_values",
        deserialize_with = "with_empty_header_values"
    )]
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
    #[serde(with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub older_secrets_until: Option<SystemTime>,
    /// Failed attempts since the last success or activation.
    pub failures: u32,
    /// When the first of them was made.
    #[serde(with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub failing_since: Option<SystemTime>,
    /// How close it is to being switched off because it fails; none when it is not.
    pub warning: Option<Warning>,
    /// When it was made.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// When it was changed last.
    #[serde(with = "time")]
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

/// The settings as they are shown. Members that a later version has added are left out.
fn with_empty_header_values<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Settings, D::Error> {
    let mut shown: Map<String, Value> = Map::deserialize(deserializer)?;
    if let Some(Value::Array(names)) = shown.get_mut("headers") {
        for name in names {
            *name = Value::Array(vec![name.take(), Value::String(String::new())]);
        }
    }
    Settings::deserialize(OwnMembers(shown)).map_err(D::Error::custom)
}

/// A map of which a struct reads its own members.
struct OwnMembers(Map<String, Value>);

impl<'de> Deserializer<'de> for OwnMembers {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_map(MapDeserializer::new(self.0.into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.retain(|name, _| members.contains(&name.as_str()));
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl StoredSubscription {
    /// Whether its messages are [fetched](crate::Account::poll) instead of sent.
    pub fn is_polled(&self) -> bool {
        self.id.is_polled()
    }

    /// Whether it wants an event of this name.
    pub fn wants(&self, event: &str) -> bool {
        self.settings
            .events
            .iter()
            .any(|pattern| EventPattern::of_provider(pattern).matches(event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_without_secrets_and_without_what_is_not_known_yet() {
        let shown = serde_json::json!({
            "id": "sub_0000000001zzzzzzzzzzzzzzzz",
            "owner": "acct_1",
            "target": "https://example.com/hook",
            "events": ["payment.*"],
            "headers": ["x-tenant"],
            "authentication": "basic",
            "client_certificate": true,
            "labels": { "plan": "pro" },
            "metadata": { "a": 1 },
            "expires_at": "2026-11-28T12:00:00.000Z",
            "state": "active",
            "key": null,
            "older_secrets_until": null,
            "failures": 0,
            "failing_since": null,
            "warning": null,
            "created": "2026-11-28T12:00:00.000Z",
            "changed": "2026-11-28T12:00:00.000Z",
            "revision": 3,
            "of_a_later_version": true,
        });
        let read: StoredSubscription = serde_json::from_value(shown.clone()).expect("read");
        assert_eq!(
            read.settings.headers,
            [("x-tenant".to_owned(), String::new())]
        );
        assert_eq!(read.settings.authentication, None);
        let again = serde_json::to_value(&read).expect("JSON");
        for member in [
            "id",
            "events",
            "headers",
            "labels",
            "expires_at",
            "state",
            "revision",
        ] {
            assert_eq!(again[member], shown[member], "{member}");
        }
        for (member, odd) in [
            ("events", "*"),
            ("headers", "x-a"),
            ("state", "asleep"),
            ("id", "msg_1"),
        ] {
            let mut bad = shown.clone();
            bad[member] = odd.into();
            assert!(
                serde_json::from_value::<StoredSubscription>(bad).is_err(),
                "{member}"
            );
        }
    }
}
