//! Callbacks of a webhook, which are requests that follow it, and further members of its operation.

use serde_json::Value;

use super::Operation;
use crate::rules;

/// A request that the API makes, or takes, in consequence of a webhook: OpenAPI's Callback Object (3.1, section
/// 4.8.18).
///
/// ```
/// use webhooks_core::{Callback, Descriptor, openapi::Operation};
///
/// static EXPORTED: Descriptor = Descriptor::post("report.exported").callbacks(&[Callback::new(
///     "read",
///     "{$response.body#/callback}",
///     || Operation::post().summary("Says that the report was read."),
/// )]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Callback {
    pub(crate) name: &'static str,
    pub(crate) expression: &'static str,
    pub(crate) operation: fn() -> Operation,
}

impl Callback {
    /// A callback of this name to a URL with runtime expressions, such as `{$request.body#/url}`.
    ///
    /// The operation is made when a document is built. Two callbacks of one name go to different URLs, or use
    /// different methods.
    ///
    /// # Panics
    ///
    /// When the name or the expression is empty.
    pub const fn new(
        name: &'static str,
        expression: &'static str,
        operation: fn() -> Operation,
    ) -> Self {
        assert!(!name.is_empty(), "a callback needs a name");
        assert!(
            !expression.is_empty(),
            "a callback goes to a URL, as in `{{$request.body#/url}}`"
        );
        Self {
            name,
            expression,
            operation,
        }
    }
}

/// A member of the operation for which a descriptor has no call of its own, such as `servers`; its value is computed
/// when a document is built.
///
/// ```
/// use webhooks_core::{Descriptor, Member, json_value};
///
/// static CREATED: Descriptor = Descriptor::post("payment.created")
///     .extra(&[Member::new("servers", || json_value(&[("url", "https://example.com")]))]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub(crate) name: &'static str,
    pub(crate) value: fn() -> Value,
}

impl Member {
    /// A member of this name.
    ///
    /// # Panics
    ///
    /// When the name is empty, begins with `x-` (that is an [`Extension`](crate::Extension)), or is one that the
    /// descriptor says in another way, such as `tags`.
    pub const fn new(name: &'static str, value: fn() -> Value) -> Self {
        assert!(!name.is_empty(), "a member of an operation needs a name");
        assert!(
            !matches!(name.as_bytes(), [b'x', b'-', ..]),
            "members that begin with `x-` are extensions"
        );
        assert!(
            !rules::is_operation_member(name),
            "this member of an operation has a call of its own on the descriptor"
        );
        Self { name, value }
    }
}

/// A header that the sender writes, and that the requests of one webhook may lack.
///
/// [`Webhooks::signed`](crate::Webhooks::signed) describes the headers of a signature as always present. A webhook that
/// is also sent without a signature says so with this.
///
/// ```
/// use webhooks_core::{Descriptor, OptionalHeader};
///
/// static CREATED: Descriptor = Descriptor::post("payment.created").optional_headers(&[OptionalHeader::new(
///     "webhook-signature",
///     "Present where the subscription has a secret.",
/// )]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct OptionalHeader {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

impl OptionalHeader {
    /// A header of this name, and when it is there.
    ///
    /// # Panics
    ///
    /// When the name is not a token of RFC 9110, or is one that OpenAPI ignores as a parameter (`Accept`, `Authorization`,
    /// `Content-Type`), or when the description is empty.
    pub const fn new(name: &'static str, description: &'static str) -> Self {
        assert!(
            rules::is_token(name),
            "the name of a header has only letters, digits and `-`, as in `webhook-signature`"
        );
        assert!(
            !rules::is_ignored_header(name),
            "OpenAPI ignores header parameters named `Accept`, `Authorization` or `Content-Type`"
        );
        assert!(
            !description.is_empty(),
            "an optional header needs a description: when is it there?"
        );
        Self { name, description }
    }
}
