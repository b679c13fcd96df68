//! A declaration as it comes from the parsers: what every rule looks at.

use proc_macro2::Span;

use crate::args::{ViewArgs, WebhookArgs};
use crate::item::Function;
use crate::names::Attribute;

/// A declaration as it was parsed: the attribute, its arguments, what it sits on, and the view around it.
#[derive(Clone, Copy)]
pub(crate) struct Declaration<'a> {
    pub(crate) attribute: Attribute,
    /// Where the attribute is, for what is missing in it.
    pub(crate) attribute_span: Span,
    pub(crate) args: &'a WebhookArgs,
    pub(crate) item: &'a Function,
    pub(crate) view: Option<&'a ViewArgs>,
}
