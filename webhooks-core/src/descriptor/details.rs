//! The smaller things a webhook's documentation can say: responses, examples, security, links.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::rules;
use crate::schemas::{AddSchema, Schemas};

/// That a webhook is deprecated, and what Rust's own `#[deprecated]` says about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deprecation {
    pub(crate) since: Option<&'static str>,
    pub(crate) note: Option<&'static str>,
}

impl Deprecation {
    /// Deprecated, without more words.
    pub const fn new() -> Self {
        Self {
            since: None,
            note: None,
        }
    }

    /// Since which version.
    pub const fn since(mut self, since: &'static str) -> Self {
        self.since = Some(since);
        self
    }

    /// Why, or what to use instead.
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }
}

/// One way to satisfy a webhook's security: a scheme of the document, with the scopes it needs.
///
/// ```
/// use webhooks_core::{Descriptor, Security};
///
/// static CREATED: Descriptor = Descriptor::post("payment.created")
///     .security(&[Security::scheme("bearer"), Security::scheme("oauth").scopes(&["read", "write"])]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Security {
    pub(crate) scheme: &'static str,
    pub(crate) scopes: &'static [&'static str],
}

impl Security {
    /// The security scheme of this name, which the document must declare.
    pub const fn scheme(scheme: &'static str) -> Self {
        Self {
            scheme,
            scopes: &[],
        }
    }

    /// The scopes or roles that are needed.
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }
}

/// A type that can be the body of a response: everything that schemars describes.
///
/// Implemented for all such types; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the body of a response",
    label = "not described",
    note = "the body of a response is described by schemars: add `#[derive(schemars::JsonSchema)]` to `{Self}`, and to the types in it"
)]
pub trait ResponseBody: JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema + ?Sized> ResponseBody for T {}

/// A response that the sender understands, in addition to the successful one.
///
/// ```
/// use webhooks_core::{Descriptor, Response};
///
/// static CREATED: Descriptor =
///     Descriptor::post("payment.created").responses(&[Response::new("410", "Ends the subscription.")]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Response {
    pub(crate) status: &'static str,
    pub(crate) description: &'static str,
    pub(crate) body: Option<AddSchema>,
}

impl Response {
    /// A response of this status (`"410"`, `"4XX"` or `"default"`) and what it means to the sender.
    ///
    /// # Panics
    ///
    /// When the status is not one of these, or the description is empty.
    pub const fn new(status: &'static str, description: &'static str) -> Self {
        if !matches!(status.as_bytes(), b"default") {
            assert_status(status);
        }
        assert!(!description.is_empty(), "a response needs a description");
        Self {
            status,
            description,
            body: None,
        }
    }

    /// The response's body, as JSON.
    ///
    /// # Panics
    ///
    /// When the status is one without a body (1XX, 204, 205, 304).
    pub const fn body<T: ResponseBody + ?Sized>(mut self) -> Self {
        assert!(
            !rules::is_bodiless_status(self.status),
            "a response with this status has no body"
        );
        self.body = Some(Schemas::add::<T>);
        self
    }
}

/// Refuses what OpenAPI does not take as the key of a response.
pub(super) const fn assert_status(status: &str) {
    assert!(
        rules::is_status(status),
        "a status is three digits from 100 to 599, or a range such as `2XX`"
    );
}

/// A link to more documentation.
#[derive(Debug, Clone, Copy)]
pub struct ExternalDocs {
    pub(crate) url: &'static str,
    pub(crate) description: Option<&'static str>,
}

impl ExternalDocs {
    /// A link to this URL.
    ///
    /// # Panics
    ///
    /// When the URL is empty.
    pub const fn new(url: &'static str) -> Self {
        assert!(!url.is_empty(), "external documentation needs a URL");
        Self {
            url,
            description: None,
        }
    }

    /// What is to be found there.
    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }
}

/// An example payload; its value is computed when a document is built.
///
/// ```
/// use webhooks_core::{Descriptor, Example, json_value};
///
/// static GREETED: Descriptor = Descriptor::post("greeted")
///     .payload::<String>()
///     .examples(&[Example::new("short", || json_value(&"hello"))]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Example {
    pub(crate) name: &'static str,
    pub(crate) summary: Option<&'static str>,
    pub(crate) value: fn() -> Value,
}

impl Example {
    /// An example of this name (a key of the document's `examples`).
    pub const fn new(name: &'static str, value: fn() -> Value) -> Self {
        Self {
            name,
            summary: None,
            value,
        }
    }

    /// A line about the example.
    pub const fn summary(mut self, summary: &'static str) -> Self {
        self.summary = Some(summary);
        self
    }
}

/// An `x-` member of the operation; its value is computed when a document is built.
#[derive(Debug, Clone, Copy)]
pub struct Extension {
    pub(crate) name: &'static str,
    pub(crate) value: fn() -> Value,
}

impl Extension {
    /// A member of this name, which begins with `x-`.
    ///
    /// # Panics
    ///
    /// When the name does not begin with `x-`.
    pub const fn new(name: &'static str, value: fn() -> Value) -> Self {
        assert!(
            matches!(name.as_bytes(), [b'x', b'-', _, ..]),
            "the name of an extension begins with `x-`, as in `x-internal`"
        );
        Self { name, value }
    }
}

/// A value as JSON, for [`Example`] and [`Extension`]; what serde cannot write becomes `null`.
///
/// ```
/// assert_eq!(webhooks_core::json_value(&[1, 2]), serde_json::json!([1, 2]));
/// ```
pub fn json_value<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
