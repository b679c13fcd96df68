//! How requests are signed, as far as a document needs to know: the signature's headers and their meaning.
//!
//! A plain value of this crate's own, so that the catalogue knows nothing of signature code; a sender or receiver
//! makes one from its scheme.

/// The headers with which each webhook is signed, and the security scheme that stands for them in a document.
///
/// ```
/// use webhooks_core::{OpenApi, RequestSecurity, Webhooks, whpost};
///
/// /// Sent when a thing has a new name.
/// #[whpost("thing.renamed")]
/// async fn thing_renamed(name: String);
///
/// let webhooks = Webhooks::new().with(thing_renamed).signed(RequestSecurity::standard_webhooks()).build()?;
/// let json = OpenApi::new("Things", "1.0.0").webhooks(webhooks).to_json()?;
/// assert!(json.contains("webhook-signature"));
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSecurity {
    pub(crate) scheme: String,
    pub(crate) signature_header: String,
    pub(crate) description: String,
    pub(crate) headers: Vec<SignatureHeader>,
}

/// A header that belongs to a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignatureHeader {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) example: Option<String>,
}

impl RequestSecurity {
    /// Requests are signed, and the signature is in this header. `scheme` names it in the document.
    pub fn new(scheme: impl Into<String>, signature_header: impl Into<String>) -> Self {
        Self {
            scheme: scheme.into(),
            signature_header: signature_header.into(),
            description: String::new(),
            headers: Vec::new(),
        }
    }

    /// How to verify a request, in Markdown; it becomes the description of the security scheme.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a header that every signed request carries, with what it says.
    pub fn header(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.headers.push(SignatureHeader {
            name: name.into(),
            description: description.into(),
            example: None,
        });
        self
    }

    /// An example value for the header that was added last.
    pub fn example(mut self, example: impl Into<String>) -> Self {
        if let Some(header) = self.headers.last_mut() {
            header.example = Some(example.into());
        }
        self
    }

    /// Signatures after the
    /// [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
    /// specification: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    pub fn standard_webhooks() -> Self {
        Self::new("webhookSignature", "webhook-signature")
            .description(STANDARD_WEBHOOKS)
            .header(
                "webhook-id",
                "The id of the message. It stays the same when the message is sent again, so use it to recognise repeats.",
            )
            .example("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W")
            .header("webhook-timestamp", "When this attempt was made, in seconds since 1970-01-01T00:00:00Z.")
            .example("1674087231")
            .header(
                "webhook-signature",
                "One or more signatures of `{webhook-id}.{webhook-timestamp}.{body}`, separated by spaces.",
            )
            .example("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=")
    }
}

const STANDARD_WEBHOOKS: &str = "\
Every request is signed as the [Standard Webhooks](https://www.standardwebhooks.com) specification says. To verify one:

1. Join the `webhook-id` header, the `webhook-timestamp` header and the raw body with dots.
2. Compute the HMAC-SHA256 of that with your secret (the part after `whsec_`, decoded from base64), and encode it in base64.
3. Compare it in constant time with each signature of the `webhook-signature` header that begins with `v1,`.
4. Refuse requests whose timestamp is more than five minutes away from your clock.";
