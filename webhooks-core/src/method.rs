//! HTTP methods of a webhook, in the order in which OpenAPI lists them.

use std::fmt;

/// The method with which a webhook is sent.
///
/// Those of OpenAPI's Path Item Object, in its order: eight in 3.1, and [`Query`](Self::Query) in 3.2.
///
/// ```
/// use webhooks_core::Method;
///
/// assert_eq!(Method::Post.as_str(), "POST");
/// assert!(Method::Post.carries_body() && !Method::Get.carries_body());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `GET`, which carries no body.
    Get,
    /// `PUT`
    Put,
    /// `POST`, what nearly every webhook uses.
    Post,
    /// `DELETE`
    Delete,
    /// `OPTIONS`, which carries no body.
    Options,
    /// `HEAD`, which carries no body.
    Head,
    /// `PATCH`
    Patch,
    /// `TRACE`, which carries no body.
    Trace,
    /// `QUERY`, a safe request with a body (draft-ietf-httpbis-safe-method-w-body). OpenAPI knows it from 3.2 on: a
    /// document needs [`OpenApi::version`](crate::OpenApi::version).
    Query,
}

impl Method {
    /// All methods, in OpenAPI's order.
    pub const ALL: [Self; 9] = [
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
        Self::Query,
    ];

    /// The method as it is in a request: `POST`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
        }
    }

    /// The method as a key of a Path Item Object: `post`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
            Self::Query => "query",
        }
    }

    /// Whether a request of this method carries a payload: not for GET, HEAD, OPTIONS and TRACE (RFC 9110, section 9.3).
    pub const fn carries_body(self) -> bool {
        !matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
