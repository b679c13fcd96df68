//! What was declared: checked and complete. Expansion cannot fail on it.

mod handler;

pub(crate) use handler::{CollectionKey, Handler, HandlerBlock, Parameter as HandlerParameter};

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Generics, LitStr, Path, Receiver, Token, Type, Visibility};

use crate::args::{
    Callback, Example, ExternalDocs, Member, OptionalHeader, Response, Security, Text,
};
use crate::docs::Docs;
use crate::names::{Method, Root};

/// A declared webhook: a free function, or a method of a view.
pub(crate) struct Webhook {
    pub(crate) root: Root,
    /// The attributes that stay on the function: documentation, `#[deprecated]`, lints.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) receiver: Option<Receiver>,
    /// In the order in which they were written.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) descriptor: Descriptor,
    /// The type of a function's name; a method has none and does not use it.
    pub(crate) marker: Ident,
    pub(crate) register: bool,
}

/// An argument of the constructor.
pub(crate) struct Argument {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The type that is described and written: without `&` and without `Option`.
    pub(crate) value: Type,
    pub(crate) is_reference: bool,
    pub(crate) is_optional: bool,
    pub(crate) role: Role,
    /// Attributes that stay in the constructor.
    pub(crate) lints: Vec<Attribute>,
}

/// What an argument becomes.
pub(crate) enum Role {
    Payload,
    Parameter(Parameter),
}

/// A header, query parameter or cookie.
pub(crate) struct Parameter {
    pub(crate) location: ParameterLocation,
    pub(crate) name: String,
    pub(crate) docs: Docs,
}

/// Where a parameter is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    Header,
    Query,
    Cookie,
}

impl ParameterLocation {
    /// What a parameter there is called.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query parameter",
            Self::Cookie => "cookie",
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Cookie => "cookie",
        }
    }
}

/// What is written into the runtime's `Descriptor`.
pub(crate) struct Descriptor {
    pub(crate) name: EventName,
    /// Whether a view's prefix is part of the name.
    pub(crate) is_prefixed: bool,
    pub(crate) methods: Vec<Method>,
    pub(crate) format: Format,
    pub(crate) docs: Docs,
    /// Of the payload argument.
    pub(crate) payload_docs: Docs,
    pub(crate) summary: Option<Text>,
    pub(crate) description: Option<Text>,
    /// What the view says where the webhook says nothing.
    pub(crate) view_summary: Option<Text>,
    pub(crate) view_description: Option<Text>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) operation_id: Option<Text>,
    pub(crate) deprecation: Option<Deprecation>,
    pub(crate) replaced_by: Option<Text>,
    pub(crate) security: Option<Vec<Security>>,
    pub(crate) response: Option<Type>,
    pub(crate) responses: Vec<Response>,
    pub(crate) response_description: Option<Text>,
    pub(crate) status: Option<String>,
    pub(crate) external_docs: Option<ExternalDocs>,
    pub(crate) examples: Vec<Example>,
    pub(crate) extensions: Vec<Member>,
    pub(crate) extra: Vec<Member>,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) optional_headers: Vec<OptionalHeader>,
    pub(crate) include_in_schema: bool,
}

impl Webhook {
    /// The payload, if there is one.
    pub(crate) fn payload(&self) -> Option<&Argument> {
        self.arguments
            .iter()
            .find(|argument| matches!(argument.role, Role::Payload))
    }

    /// The conditions of a view's method: they go to everything that is made from it.
    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
    }
}

impl ToTokens for EventName {
    /// As it was written, for messages; the span is that of the name.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(literal) => literal.to_tokens(tokens),
            Self::Constant { constant, .. } => constant.to_tokens(tokens),
        }
    }
}

/// The event's name.
#[derive(Clone)]
pub(crate) enum EventName {
    Literal(LitStr),
    /// A constant, behind a view's prefix if it has one.
    Constant {
        prefix: Option<LitStr>,
        constant: syn::Expr,
        /// Whether it may be a name of an existing API.
        any: bool,
    },
}

/// How a payload is written.
#[derive(Clone)]
pub(crate) enum Format {
    Json(Option<LitStr>),
    Form,
    Bytes(LitStr),
}

/// What `#[deprecated]` says.
#[derive(Clone, Default)]
pub(crate) struct Deprecation {
    pub(crate) since: Option<LitStr>,
    pub(crate) note: Option<LitStr>,
}

/// A view: an impl block with webhooks among its items.
pub(crate) struct View {
    pub(crate) root: Root,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) impl_token: Token![impl],
    pub(crate) generics: Generics,
    pub(crate) self_ty: Type,
    pub(crate) items: Vec<ViewItem>,
    /// The attributes of the methods, each path once.
    pub(crate) attributes: Vec<Path>,
    pub(crate) more: bool,
    pub(crate) register: bool,
}

/// What is in a view.
pub(crate) enum ViewItem {
    Webhook(Box<Webhook>),
    Other(TokenStream),
}
