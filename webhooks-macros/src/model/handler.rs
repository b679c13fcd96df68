//! What receives: checked and complete.

use proc_macro2::{Group, Ident, TokenStream};
use syn::{Attribute, Generics, LitStr, Pat, Token, Type, Visibility};

use crate::args::Event;
use crate::docs::Docs;
use crate::names::Root;

/// A handler: a free function, or a method of a block.
pub(crate) struct Handler {
    pub(crate) root: Root,
    /// What stays on the function that people call: documentation, conditions, lints.
    pub(crate) outer: Vec<Attribute>,
    /// What belongs to the function that runs: `#[tracing::instrument]`.
    pub(crate) inner: Vec<Attribute>,
    pub(crate) docs: Docs,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) takes_self: bool,
    pub(crate) parameters: Vec<Parameter>,
    /// The type that awaiting gives; none where nothing is said.
    pub(crate) output: Option<Type>,
    pub(crate) body: Group,
    pub(crate) events: Vec<Event>,
    pub(crate) collected: Option<CollectionKey>,
}

/// A parameter: the first is the payload, the others are extractors.
pub(crate) struct Parameter {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Pat,
    /// A name for the outside, where the pattern may be `State(db)`.
    pub(crate) name: Ident,
    pub(crate) ty: Type,
}

/// Under which key a handler is collected, and for which state.
pub(crate) struct CollectionKey {
    pub(crate) receiver: LitStr,
    pub(crate) state: Option<Type>,
}

/// An impl block with handlers among its methods.
pub(crate) struct HandlerBlock {
    pub(crate) root: Root,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) impl_token: Token![impl],
    pub(crate) generics: Generics,
    pub(crate) self_ty: Type,
    /// All items as they were written, without our attributes.
    pub(crate) items: Vec<TokenStream>,
    pub(crate) handlers: Vec<Handler>,
}
