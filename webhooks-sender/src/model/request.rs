//! A subscription as a customer asks for it: what a customer may set, and no more.

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_store::{from_ms, to_ms};

use super::authentication::whole_authentication;
use super::json::DateTime;
use super::{Authentication, Owner, StoredSubscription, Subscription, Verification};
use crate::client::{ClientCertificate, whole_certificate};

/// The longest target, in bytes.
const MAX_TARGET: usize = 2048;
/// The most event patterns.
const MAX_EVENTS: usize = 100;
/// The longest description, in bytes.
const MAX_DESCRIPTION: usize = 1024;
/// The most labels and headers each.
const MAX_PAIRS: usize = 20;
/// The size of all labels, and of all headers, in bytes.
const MAX_PAIRS_SIZE: usize = 4096;

/// A subscription as a customer asks for it: events, target, description, labels and headers.
///
/// What decides how requests are signed and how many are made is not in it: that is the operator's, who makes a
/// [`Subscription`](crate::Subscription). It can be read with serde, so an API can take it as the body of a request.
/// Whose it is says the [account](crate::Account) that is asked for it.
///
/// Targets have at most 2,048 bytes, descriptions 1,024; there are at most 100 event patterns, 20 labels and 20 headers,
/// and labels and headers have at most 4,096 bytes each.
///
/// ```
/// use webhooks_sender::{Error, Sender, SubscriptionRequest};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let body = r#"{"target": "https://example.com/hook", "events": ["payment.*"]}"#;
/// let request: SubscriptionRequest = serde_json::from_str(body).expect("JSON");
/// let subscribed = sender.of("acct_1").subscribe(request).await?;
/// # let _ = subscribed;
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
///
/// In JSON its secrets are in the clear, since that is how a client sends it: never log it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "A subscription: where requests go, and which events are wanted. Targets have at most 2,048 bytes, \
                   descriptions 1,024; there are at most 100 events, 20 labels and 20 headers.",
    extend("examples" = [{ "target": "https://example.com/hooks", "events": ["*"] }])
)]
#[must_use = "it does nothing until it is subscribed"]
pub struct SubscriptionRequest {
    /// Where requests go: an absolute URL. Or `poll`: the messages wait to be fetched.
    pub(crate) target: String,
    /// The events, as exact names and patterns such as `payment.*`.
    pub(crate) events: Vec<String>,
    /// A text for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    /// Short texts to search by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) labels: BTreeMap<String, String>,
    /// Headers that each request carries. Their values are stored with the secrets and never shown again; when a
    /// subscription is changed without them, they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) headers: Option<BTreeMap<String, String>>,
    /// The revision that was read before the change; see [`StoredSubscription::revision`].
    #[schemars(description = "The revision that was read before a change.")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<i64>,
    /// When it ends by itself; to renew it, change it with a later time.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "super::json::maybe_time"
    )]
    #[schemars(with = "Option<DateTime>")]
    pub(crate) expires_at: Option<SystemTime>,
    /// How the target proves that it wants the messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verification: Option<Verification>,
    /// How the sender authenticates itself to the target, besides signing. It is stored with the secrets and never shown again;
    /// when a subscription is changed without it, it stays.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_authentication"
    )]
    pub(crate) authentication: Option<Authentication>,
    /// The certificate with which the sender proves to the target who it is. It stays like the authentication.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_certificate"
    )]
    pub(crate) client_certificate: Option<ClientCertificate>,
    #[serde(skip)]
    pub(crate) idempotency_key: Option<String>,
}

impl SubscriptionRequest {
    /// A subscription to this target; without events it is refused, so name at least one.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            events: Vec::new(),
            description: String::new(),
            labels: BTreeMap::new(),
            headers: None,
            revision: None,
            expires_at: None,
            verification: None,
            authentication: None,
            client_certificate: None,
            idempotency_key: None,
        }
    }

    /// A subscription whose messages are not sent anywhere but [fetched](crate::Account::poll): for a customer behind a
    /// firewall. It stays one.
    #[doc(alias = "pull")]
    pub fn poll() -> Self {
        Self::new(super::POLL)
    }

    /// Adds an event: an exact name, a pattern such as `payment.*`, or `*` for all.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.events.push(event.into());
        self
    }

    /// Sets a text for people.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a short text to search by.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Adds a header that each request carries: the place for credentials of the receiver.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let headers = self.headers.get_or_insert_default();
        headers.insert(name.into(), value.into());
        self
    }

    /// Refuses a change, with [`StateError::Changed`](crate::StateError::Changed), if the subscription has another
    /// [revision](StoredSubscription::revision) by then.
    #[doc(alias = "if-match")]
    pub fn revision(mut self, revision: i64) -> Self {
        self.revision = Some(revision);
        self
    }

    /// Ends the subscription by itself at this time. A change without it removes the end.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Asks the target for a proof that it wants the messages. Without it, the
    /// [sender's own choice](crate::SenderBuilder::verification) counts.
    pub fn verification(mut self, verification: Verification) -> Self {
        self.verification = Some(verification);
        self
    }

    /// Authenticates the sender to the target, besides signing. [`Authentication::None`] removes what there was.
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = Some(authentication);
        self
    }

    /// Proves to the target who the sender is, with a certificate (mutual TLS).
    #[doc(alias = "mtls")]
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.client_certificate = Some(certificate);
        self
    }

    /// Makes the request repeatable: one with the same key and the same owner makes no second subscription, and is answered
    /// with the first one. From 1 to 256 bytes.
    #[doc(alias = "retry")]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Writes what was asked for into a subscription; what the request does not have stays.
    pub(crate) fn fill(self, subscription: &mut Subscription) {
        let settings = &mut subscription.settings;
        subscription.target = self.target;
        settings.events = self.events;
        settings.description = self.description;
        settings.labels = self.labels;
        settings.expires_at = self.expires_at.map(|time| from_ms(to_ms(time)));
        settings.verification = self.verification;
        subscription.request_key = self.idempotency_key;
        if let Some(authentication) = self.authentication {
            settings.authentication =
                Some(authentication).filter(|one| *one != Authentication::None);
        }
        if let Some(certificate) = self.client_certificate {
            settings.client_certificate = Some(certificate);
        }
        if let Some(headers) = self.headers {
            settings.headers = headers.into_iter().collect();
        }
    }

    /// What is beyond the limits, as text for a person.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.target.len() > MAX_TARGET {
            return Some(format!("its target has more than {MAX_TARGET} bytes"));
        }
        if self.events.len() > MAX_EVENTS {
            return Some(format!("it has more than {MAX_EVENTS} events"));
        }
        if self.description.len() > MAX_DESCRIPTION {
            return Some(format!(
                "its description has more than {MAX_DESCRIPTION} bytes"
            ));
        }
        let key = self.idempotency_key.as_ref();
        if key.is_some_and(|key| !Owner::is_valid(key)) {
            return Some("its key has 1 to 256 bytes and no control characters".to_owned());
        }
        let headers = self.headers.as_ref();
        for (name, pairs) in [("labels", Some(&self.labels)), ("headers", headers)] {
            let Some(pairs) = pairs else {
                continue;
            };
            let size = pairs.iter().map(|(name, value)| name.len() + value.len());
            if pairs.len() > MAX_PAIRS || size.sum::<usize>() > MAX_PAIRS_SIZE {
                return Some(format!(
                    "it has more than {MAX_PAIRS} {name}, or more than {MAX_PAIRS_SIZE} bytes of them"
                ));
            }
        }
        None
    }
}

/// To change a part of it: what is not touched stays, and a change that was made by another in between is not undone,
/// but an error.
///
/// ```
/// use webhooks_sender::{Sender, SubscriptionRequest};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let account = sender.of("acct_1");
/// let id = account.subscribe(SubscriptionRequest::new("https://example.com/hook").event("*")).await?.id;
///
/// let stored = account.subscription(&id).await?;
/// account.change(&id, SubscriptionRequest::from(&stored).label("plan", "pro")).await?;
/// # Ok::<(), webhooks_sender::Error>(())
/// # }).unwrap();
/// ```
impl From<&StoredSubscription> for SubscriptionRequest {
    fn from(stored: &StoredSubscription) -> Self {
        Self {
            target: stored.target.clone(),
            events: stored.settings.events.clone(),
            description: stored.settings.description.clone(),
            labels: stored.settings.labels.clone(),
            headers: None,
            revision: Some(stored.revision),
            expires_at: stored.settings.expires_at,
            verification: stored.settings.verification,
            authentication: None,
            client_certificate: None,
            idempotency_key: None,
        }
    }
}

/// Without the headers' values, which are often credentials.
impl fmt::Debug for SubscriptionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.headers.as_ref().map(|headers| headers.keys());
        f.debug_struct("SubscriptionRequest")
            .field("target", &self.target)
            .field("events", &self.events)
            .field("description", &self.description)
            .field("labels", &self.labels)
            .field("headers", &names)
            .field("revision", &self.revision)
            .field("expires_at", &self.expires_at)
            .field("verification", &self.verification)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_cannot_set_what_is_the_operators() {
        for field in [
            "owner",
            "dialect",
            "secret",
            "secrets",
            "method",
            "rate_limit",
            "concurrency",
            "first_in_first_out",
            "stop_when_given_up",
            "sequence_numbers",
            "metadata",
        ] {
            let text =
                format!(r#"{{"target": "https://a.example", "events": ["*"], "{field}": 1}}"#);
            let refused = serde_json::from_str::<SubscriptionRequest>(&text);
            let error = refused.expect_err(field).to_string();
            assert!(error.contains("unknown field"), "{error}");
        }
    }

    #[test]
    fn what_is_beyond_the_limits_is_named() {
        let request = || SubscriptionRequest::new("https://a.example").event("*");
        assert_eq!(request().problem(), None);
        let many = (0..21).fold(request(), |request, n| {
            request.header(format!("x-{n}"), "1")
        });
        let large = request().label("a", "x".repeat(5000));
        let events = (0..101).fold(request(), |request, _| request.event("a"));
        for (request, text) in [
            (many, "20 headers"),
            (large, "20 labels"),
            (events, "100 events"),
            (request().description("x".repeat(2000)), "description"),
            (SubscriptionRequest::new("x".repeat(3000)), "target"),
        ] {
            let problem = request.problem().expect(text);
            assert!(problem.contains(text), "{problem}");
        }
    }

    #[test]
    fn a_debug_text_holds_no_value_of_a_header() {
        let request =
            SubscriptionRequest::new("https://a.example").header("authorization", "hunter2");
        let text = format!("{request:?}");
        assert!(
            text.contains("authorization") && !text.contains("hunter2"),
            "{text}"
        );
    }
}
