//! What was read, with the tag by which a change says what it is made from.

use std::ops::Deref;

use http::HeaderValue;

/// What was read, with its `ETag`. It derefs to the thing itself.
#[derive(Debug, Clone, PartialEq)]
pub struct WithTag<V> {
    value: V,
    tag: HeaderValue,
}

impl<V> WithTag<V> {
    pub(super) fn new(value: V, tag: HeaderValue) -> Self {
        Self { value, tag }
    }

    /// The tag: with it, a change that another one has overtaken is refused
    /// ([`PreconditionFailed`](crate::answer::ProblemKind::PreconditionFailed)).
    pub fn tag(&self) -> &HeaderValue {
        &self.tag
    }

    /// The thing without the tag.
    pub fn into_inner(self) -> V {
        self.value
    }
}

impl<V> Deref for WithTag<V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}
