//! A subscription: who wants which events, and where they go.

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::Method;
use webhooks_signature::Secret;
use webhooks_store::{from_ms, to_ms};

use super::Verification;
use super::authentication::{Authentication, kind_alone, presence_alone};
use super::json::DateTime;
use crate::client::ClientCertificate;

/// A subscription as an operator makes it: everything can be set. Checked when it is
/// [subscribed](crate::Operator::subscribe). What a customer may set is a [`SubscriptionRequest`](crate::SubscriptionRequest).
///
/// ```
/// use webhooks_sender::Subscription;
///
/// let subscription = Subscription::new("acct_1", "https://example.com/hook")
///     .event("payment.*")
///     .header("x-tenant", "eu")
///     .label("plan", "pro");
/// # let _ = subscription;
/// ```
///
/// It can be read with serde, with the builder's names as fields. Do not read it from a customer: with the `dialect` a
/// customer could switch signatures off. A configuration file holds
/// [`StaticSubscriptions`](crate::subscription::StaticSubscriptions).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "super::SubscriptionConfig<Secret>")]
#[must_use = "it does nothing until it is subscribed"]
pub struct Subscription {
    pub(crate) owner: String,
    pub(crate) target: String,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) settings: Settings,
    /// Which state of it was read before it was changed.
    pub(crate) revision: Option<i64>,
    /// What makes the request repeatable.
    pub(crate) request_key: Option<String>,
    /// The key under which the application keeps it.
    pub(crate) own_key: Option<String>,
}

/// Everything of a subscription but owner, target, secrets and state.
///
/// `Debug` leaves the headers' values out: they are often credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default, JsonSchema)]
// Without a setting that a later version has added, the subscription would be another one: it is left to that version.
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The events, as exact names and patterns.
    pub events: Vec<String>,
    /// The name of the dialect; the sender's first one where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// Headers that each request carries in addition to those of the dialect and the webhook. Their values are sealed with the
    /// secrets when the sender has a [key](crate::SenderBuilder::seal_with); what is missing here cannot be opened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        with = "Vec<String>",
        description = "The names of the headers that each request carries in addition to its own; their values are \
                       never shown."
    )]
    pub headers: Vec<(String, String)>,
    /// The method, for webhooks with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// At most this many requests in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<u32>,
    /// At most this many concurrent requests; the sender's own limit where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u16>,
    /// Whether messages are delivered one after the other, in their order, whatever their
    /// [order keys](crate::Outbound::order_key) are.
    #[serde(skip_serializing_if = "is_false")]
    #[schemars(
        description = "Whether messages are delivered one after the other, in their order, whatever their order keys are."
    )]
    pub first_in_first_out: bool,
    /// Whether a delivery that is given up stops what stands behind it in its order, until a person retries or cancels it.
    #[serde(skip_serializing_if = "is_false")]
    pub stop_when_given_up: bool,
    /// Whether each request says which of the subscription's deliveries it makes, in the header `webhook-sequence`.
    #[serde(skip_serializing_if = "is_false")]
    pub sequence_numbers: bool,
    /// A text for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Short texts to search by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Anything that the application wants to keep with it.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub metadata: serde_json::Value,
    /// When it ends by itself.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "super::json::maybe_time"
    )]
    #[schemars(with = "Option<DateTime>")]
    pub expires_at: Option<SystemTime>,
    /// How its target proves that it wants the messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// How the sender authenticates itself to the target, besides signing. Its kind alone is in JSON.
    #[serde(
        skip_deserializing,
        skip_serializing_if = "Option::is_none",
        serialize_with = "kind_alone"
    )]
    #[schemars(
        with = "Option<String>",
        description = "The kind of authentication with which requests are made: `basic`, `bearer` or `oauth2`."
    )]
    pub authentication: Option<Authentication>,
    /// The certificate with which the sender proves to the target who it is. That there is one is all that is in JSON.
    #[serde(
        skip_deserializing,
        skip_serializing_if = "Option::is_none",
        serialize_with = "presence_alone"
    )]
    #[schemars(
        with = "Option<bool>",
        description = "Whether requests are made with a client certificate."
    )]
    pub client_certificate: Option<ClientCertificate>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, _)| (name.as_str(), ".."))
            .collect();
        f.debug_struct("Settings")
            .field("events", &self.events)
            .field("dialect", &self.dialect)
            .field("headers", &headers)
            .field("method", &self.method)
            .field("rate_limit", &self.rate_limit)
            .field("concurrency", &self.concurrency)
            .field("first_in_first_out", &self.first_in_first_out)
            .field("stop_when_given_up", &self.stop_when_given_up)
            .field("sequence_numbers", &self.sequence_numbers)
            .field("description", &self.description)
            .field("labels", &self.labels)
            .field("metadata", &self.metadata)
            .field("expires_at", &self.expires_at)
            .field("verification", &self.verification)
            .field("authentication", &self.authentication)
            .field("client_certificate", &self.client_certificate)
            .finish()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Subscription {
    /// A subscription of this owner to this target; without events it gets nothing, so say at least one.
    pub fn new(owner: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            target: target.into(),
            secrets: Vec::new(),
            settings: Settings::default(),
            revision: None,
            request_key: None,
            own_key: None,
        }
    }

    /// Says whose it is, whatever was said before: for an API, which knows its caller and does not believe the body.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = owner.into();
        self
    }

    /// Adds an event: an exact name, `*`, or everything below a name as in `payment.*`.
    pub fn event(mut self, pattern: impl Into<String>) -> Self {
        self.settings.events.push(pattern.into());
        self
    }

    /// Takes another dialect than the sender's first one.
    pub fn dialect(mut self, name: impl Into<String>) -> Self {
        self.settings.dialect = Some(name.into());
        self
    }

    /// Signs with this secret. Without one, the sender makes one and returns it once.
    ///
    /// With several, each request carries a signature of each, where the dialect has room for that.
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Adds a header to each request: the place for credentials. Its value is sealed with the secrets when the sender has
    /// a [key](crate::SenderBuilder::seal_with); a target, with its query, never is.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.headers.push((name.into(), value.into()));
        self
    }

    /// Chooses the method, for webhooks with several. Webhooks without this method keep their own.
    pub fn method(mut self, method: Method) -> Self {
        self.settings.method = Some(method.as_str().to_owned());
        self
    }

    /// At most this many requests in a second, evenly spread.
    #[doc(alias = "rate limit")]
    #[doc(alias = "throttle")]
    pub fn rate_limit(mut self, per_second: u32) -> Self {
        self.settings.rate_limit = Some(per_second);
        self
    }

    /// At most this many concurrent requests.
    pub fn concurrency(mut self, requests: u16) -> Self {
        self.settings.concurrency = Some(requests);
        self
    }

    /// Delivers messages one after the other, in the order in which they were sent: each when the one before it has arrived or
    /// was given up. A retry delays everything behind it, so the receiver must answer fast. Without this, messages with
    /// an [order key](crate::Outbound::order_key) keep their order, and all others are delivered as they come.
    #[doc(alias = "fifo")]
    #[doc(alias = "ordered")]
    pub fn first_in_first_out(mut self) -> Self {
        self.settings.first_in_first_out = true;
        self
    }

    /// Stops an order when one of its deliveries is given up: what stands behind that waits until it is
    /// [retried](crate::Account::retry) or [cancelled](crate::Account::cancel). Without this, the next one follows.
    pub fn stop_when_given_up(mut self) -> Self {
        self.settings.stop_when_given_up = true;
        self
    }

    /// Numbers the deliveries: each request has a header `webhook-sequence`, from 1 and without gaps, so that the receiver
    /// sees what it misses. A delivery keeps its number when it is retried, and as long as it is kept, when it is sent
    /// again.
    ///
    /// Numbers are given in the order in which deliveries are first made ready to be sent. With
    /// [`first_in_first_out`](Self::first_in_first_out) they arrive in that order; without it, one that is retried comes after
    /// later ones. A number that never comes is a delivery that was given up or cancelled. The signature does not cover the
    /// header.
    ///
    /// It costs a transaction for each batch of new deliveries, which on SQLite waits for the disk.
    #[doc(alias = "sequence")]
    #[doc(alias = "gap detection")]
    pub fn sequence_numbers(mut self) -> Self {
        self.settings.sequence_numbers = true;
        self
    }

    /// A text for people.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.settings.description = description.into();
        self
    }

    /// A short text to search by.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.labels.insert(name.into(), value.into());
        self
    }

    /// Ends it by itself at this time, to the millisecond. To renew it, change it with a later one.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.settings.expires_at = Some(from_ms(to_ms(time)));
        self
    }

    /// Asks the target for a proof that it wants the messages, before the first delivery and after each change of the
    /// target.
    pub fn verification(mut self, verification: Verification) -> Self {
        self.settings.verification = Some(verification);
        self
    }

    /// Authenticates the sender to the target, besides signing: HTTP Basic, a bearer token, or OAuth 2.0.
    #[doc(alias = "oauth")]
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.settings.authentication = Some(authentication);
        self
    }

    /// Proves to the target who the sender is, with a certificate (mutual TLS). It is the
    /// [`HttpClient`](crate::transport::HttpClient) that does so; another transport finds the certificate among the
    /// extensions of the request.
    #[doc(alias = "mtls")]
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.settings.client_certificate = Some(certificate);
        self
    }

    /// Anything that the application wants to keep with the subscription.
    pub fn metadata(mut self, metadata: serde_json::Value) -> Self {
        self.settings.metadata = metadata;
        self
    }
}
