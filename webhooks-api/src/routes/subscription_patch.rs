//! A change of a subscription, as a client writes it down and as the document shows it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::subscription::{Authentication, ClientCertificate, Verification};

/// A change: a merge patch (RFC 7396). What is not said stays.
///
/// ```
/// use webhooks_api::answer::SubscriptionPatch;
///
/// let patch = SubscriptionPatch::new().description("the new one").label("plan", "pro").without_label("trial");
/// assert_eq!(
///     serde_json::to_value(&patch)?,
///     serde_json::json!({ "description": "the new one", "labels": { "plan": "pro", "trial": null } })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "A change: a merge patch (RFC 7396).")]
#[must_use = "nothing is changed before it is sent"]
pub struct SubscriptionPatch {
    /// Where requests go.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    /// The events, all of them anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<String>>,
    /// A text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Short texts to search by; a label that is `null` is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeMap<String, Option<String>>>,
    /// When it ends by itself; `null` removes the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    expires_at: Option<Value>,
    /// How the target proves that it wants the messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
    /// Headers that each request carries, all of them anew; without this member they stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, String>>,
    /// How the sender authenticates itself to the target; without this member it stays, and the type `none` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Authentication>")]
    authentication: Option<Value>,
    /// The certificate with which the sender proves to the target who it is; without this member it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<ClientCertificate>")]
    client_certificate: Option<Value>,
}

impl SubscriptionPatch {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends requests to another target.
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Wants these events, and no others.
    pub fn events<T: Into<String>>(mut self, events: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(events.into_iter().map(Into::into).collect());
        self
    }

    /// Has another text for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Has this label, whatever it was before.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let labels = self.labels.get_or_insert_default();
        labels.insert(name.into(), Some(value.into()));
        self
    }

    /// Loses a label.
    pub fn without_label(mut self, name: impl Into<String>) -> Self {
        self.labels
            .get_or_insert_default()
            .insert(name.into(), None);
        self
    }

    /// Ends by itself at this time. A time that RFC 3339 cannot say removes the end.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        let text = Timestamp::try_from(time).map(|time| time.to_string());
        self.expires_at = Some(text.map_or(Value::Null, Value::String));
        self
    }

    /// Does not end by itself any more.
    pub fn without_end(mut self) -> Self {
        self.expires_at = Some(Value::Null);
        self
    }

    /// Has its target prove in this way that it wants the messages.
    pub fn verification(mut self, verification: Verification) -> Self {
        self.verification = Some(verification);
        self
    }

    /// Sends this header with each request; all headers that there were are replaced.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let headers = self.headers.get_or_insert_default();
        headers.insert(name.into(), value.into());
        self
    }

    /// Authenticates the sender to the target in this way. [`Authentication::None`] removes what there was.
    ///
    /// ```
    /// use webhooks_api::answer::SubscriptionPatch;
    /// use webhooks_sender::subscription::Authentication;
    ///
    /// let patch = SubscriptionPatch::new().authentication(Authentication::bearer("hunter2"));
    /// assert_eq!(
    ///     serde_json::to_value(&patch)?,
    ///     serde_json::json!({ "authentication": { "type": "bearer", "token": "hunter2" } })
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        let request = SubscriptionRequest::new("").authentication(authentication);
        self.authentication = member(&request, "authentication");
        self
    }

    /// Proves to the target who the sender is, with this certificate (mutual TLS).
    #[doc(alias = "mtls")]
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        let request = SubscriptionRequest::new("").client_certificate(certificate);
        self.client_certificate = member(&request, "client_certificate");
        self
    }
}

/// A member as a request has it, which alone writes its secrets down.
fn member(request: &SubscriptionRequest, name: &str) -> Option<Value> {
    let mut whole = serde_json::to_value(request).ok()?;
    whole.get_mut(name).map(Value::take)
}

/// Without credentials: of headers their names, of the authentication its kind.
impl fmt::Debug for SubscriptionPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.headers.as_ref().map(|headers| headers.keys());
        let authentication = self.authentication.as_ref().map(|one| &one["type"]);
        f.debug_struct("SubscriptionPatch")
            .field("target", &self.target)
            .field("events", &self.events)
            .field("description", &self.description)
            .field("labels", &self.labels)
            .field("expires_at", &self.expires_at)
            .field("verification", &self.verification)
            .field("headers", &names)
            .field("authentication", &authentication)
            .field("client_certificate", &self.client_certificate.is_some())
            .finish()
    }
}
