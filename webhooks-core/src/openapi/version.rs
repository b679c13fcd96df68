//! The versions of OpenAPI in which documents are written.

use crate::method::Method;

/// A version of OpenAPI, for [`OpenApi::version`](crate::OpenApi::version).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum OpenApiVersion {
    /// 3.1.0, which nearly every tool reads.
    #[default]
    V3_1,
    /// 3.2.0, which also knows the method QUERY.
    V3_2,
}

impl OpenApiVersion {
    /// The version as a document says it: `3.1.0`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V3_1 => "3.1.0",
            Self::V3_2 => "3.2.0",
        }
    }

    /// The version that a document says, by its first two numbers.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let is = |version: &str| {
            text.strip_prefix(version)
                .is_some_and(|patch| patch.is_empty() || patch.starts_with('.'))
        };
        if is("3.1") {
            Some(Self::V3_1)
        } else if is("3.2") {
            Some(Self::V3_2)
        } else {
            None
        }
    }

    /// Whether a Path Item Object of this version can hold an operation of this method.
    pub(crate) fn has(self, method: Method) -> bool {
        self >= Self::V3_2 || method != Method::Query
    }
}
