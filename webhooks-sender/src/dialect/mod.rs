//! How a message becomes an HTTP request: signature scheme, event header, user agent. A dialect is plain data.
//!
//! The body is not the dialect's: it is bare or enveloped as the webhook was declared, and stored once per message.

mod authorize;
mod header;
mod render;
mod sign;
mod signing_keys;

use webhooks_core::{Envelope, RequestSecurity};
pub use webhooks_signature::Scheme;

pub use header::HeaderError;
pub(crate) use header::{check_custom, check_value, is_reserved};
pub(crate) use render::{Recipient, Wire, add_sequence_number};
pub use sign::RecipientError;
pub(crate) use signing_keys::SigningKeys;

/// How requests to a subscription look.
///
/// ```
/// use webhooks_sender::dialect::{Dialect, Scheme};
///
/// // Any signature scheme of `webhooks-signature`, with an event header of one's own:
/// let acme = Dialect::signed("acme", Scheme::hmac_sha256("x-acme-signature")).event_header("x-acme-event");
/// assert_eq!(acme.name(), "acme");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    name: String,
    schemes: Vec<Scheme>,
    event_header: Option<String>,
    id_header: Option<String>,
    user_agent: String,
}

impl Dialect {
    /// [Standard Webhooks](https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp`, `webhook-signature`
    /// with `v1` (a secret that begins with `whsec_`) or `v1a` (`whsk_`), one signature per secret. Bare payloads
    /// travel with a `webhook-event` header. Its name is `standard-webhooks`; it is the default.
    pub fn standard_webhooks() -> Self {
        Self {
            schemes: vec![Scheme::STANDARD_WEBHOOKS, Scheme::STANDARD_WEBHOOKS_ED25519],
            event_header: Some("webhook-event".to_owned()),
            ..Self::unsigned("standard-webhooks")
        }
    }

    /// [REST Hooks](https://resthooks.org) as Zapier and seedling integrations expect them: no signature, and the event
    /// is named nowhere but in the target. Its name is `rest-hooks`.
    ///
    /// The receiver tells events apart by their URLs, so a subscription in this dialect has one event, unless the
    /// webhooks are enveloped.
    pub fn rest_hooks() -> Self {
        Self::unsigned("rest-hooks")
    }

    /// [REST Hooks](https://resthooks.org) with `X-Hook-Signature`: HMAC-SHA256 of the body in hex. Its name is
    /// `rest-hooks-signed`.
    pub fn rest_hooks_signed() -> Self {
        Self::signed("rest-hooks-signed", Scheme::hmac_sha256("x-hook-signature"))
    }

    /// A dialect with this signature scheme and no event header.
    pub fn signed(name: impl Into<String>, scheme: Scheme) -> Self {
        Self {
            schemes: vec![scheme],
            ..Self::unsigned(name)
        }
    }

    /// A dialect without a signature and without an event header.
    pub fn unsigned(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            schemes: Vec::new(),
            event_header: None,
            id_header: None,
            user_agent: concat!("webhooks-sender/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Names the event of bare payloads in this header. The webhook's envelope names it without one.
    ///
    /// A scheme that signs neither this header nor the message id leaves the name open: an attacker who captures a request can
    /// send it again as another event. Standard Webhooks signs the id, to which the name is
    /// [bound](crate::id::MessageId::bound_to); in other schemes put the webhooks into an
    /// [`Envelope`].
    pub fn event_header(mut self, header: impl Into<String>) -> Self {
        self.event_header = Some(header.into());
        self
    }

    /// Sends the message id in this header, for schemes that do not sign one.
    pub fn id_header(mut self, header: impl Into<String>) -> Self {
        self.id_header = Some(header.into());
        self
    }

    /// What the requests call their sender; `webhooks-sender` with its version by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// The name by which subscriptions choose it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether requests are signed.
    pub fn is_signed(&self) -> bool {
        !self.schemes.is_empty()
    }

    /// Whether it signs with key pairs, whose public halves can be published.
    pub(crate) fn signs_with_key_pairs(&self) -> bool {
        self.schemes.contains(&Scheme::STANDARD_WEBHOOKS_ED25519)
    }

    /// Whether a bare payload's event is named anywhere but in the target.
    pub fn names_the_event(&self) -> bool {
        self.event_header.is_some()
    }

    /// What a document says about the requests' headers, for [`Webhooks::signed`](webhooks_core::Webhooks::signed).
    /// Bare payloads have the event header in addition to those of the signature. None where nothing is signed.
    ///
    /// ```
    /// use webhooks_core::{Envelope, RequestSecurity};
    /// use webhooks_sender::dialect::Dialect;
    ///
    /// let dialect = Dialect::standard_webhooks();
    /// assert_eq!(dialect.security(Envelope::Standard), Some(RequestSecurity::standard_webhooks()));
    /// assert_eq!(Dialect::rest_hooks().security(Envelope::Bare), None);
    /// ```
    pub fn security(&self, envelope: Envelope) -> Option<RequestSecurity> {
        let security = self.signature()?;
        Some(
            match self
                .event_header
                .as_deref()
                .filter(|_| envelope == Envelope::Bare)
            {
                Some(header) => security
                    .header(header, "The name of the event.")
                    .example("payment.created"),
                None => security,
            },
        )
    }

    fn signature(&self) -> Option<RequestSecurity> {
        let scheme = self.schemes.first()?;
        if *scheme == Scheme::STANDARD_WEBHOOKS {
            return Some(RequestSecurity::standard_webhooks());
        }
        let mut security =
            RequestSecurity::new("webhookSignature", scheme.signature_headers().next()?);
        for header in scheme.id_headers().take(1) {
            security = security.header(header, "The id of the message, the same over all retries.");
        }
        for header in scheme.timestamp_headers().take(1) {
            security = security.header(header, "When this attempt was made.");
        }
        for header in scheme.signature_headers().take(1) {
            security = security.header(header, "The signature of the request.");
        }
        Some(security)
    }

    /// What cannot work.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.name.is_empty() {
            return Err("it has no name".to_owned());
        }
        for header in self.event_header.iter().chain(&self.id_header) {
            let name: http::HeaderName = header
                .parse()
                .map_err(|_| format!("`{header}` is not a header name"))?;
            if is_reserved(&name)
                || self
                    .signature_headers()
                    .any(|other| name.as_str().eq_ignore_ascii_case(other))
            {
                return Err(format!(
                    "the header `{header}` is written by the sender itself; choose another name"
                ));
            }
        }
        if let (Some(event), Some(id)) = (&self.event_header, &self.id_header)
            && event.eq_ignore_ascii_case(id)
        {
            return Err("event and message id have one header; choose two names".to_owned());
        }
        if check_value(&self.user_agent).is_none() {
            return Err("its user agent must be visible ASCII".to_owned());
        }
        self.schemes
            .iter()
            .try_for_each(|scheme| scheme.check().map_err(|error| error.to_string()))
    }

    /// Whether the dialect writes this header itself.
    pub(crate) fn writes(&self, header: &str) -> bool {
        self.reserved()
            .any(|reserved| reserved.eq_ignore_ascii_case(header))
    }

    /// The headers that the dialect writes itself.
    pub(crate) fn reserved(&self) -> impl Iterator<Item = &str> {
        let own = [self.event_header.as_deref(), self.id_header.as_deref()]
            .into_iter()
            .flatten();
        own.chain(self.signature_headers())
    }

    /// The headers in which the secret itself travels.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = &str> {
        let schemes = self.schemes.iter();
        let bearers = schemes.filter(|scheme| scheme.algorithm().is_bearer());
        bearers.flat_map(Scheme::signature_headers)
    }

    fn signature_headers(&self) -> impl Iterator<Item = &str> {
        self.schemes.iter().flat_map(|scheme| {
            scheme
                .signature_headers()
                .chain(scheme.timestamp_headers())
                .chain(scheme.id_headers())
        })
    }
}
