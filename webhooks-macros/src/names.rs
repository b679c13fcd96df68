//! Names in generated code, and the names that a declaration may not have.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

/// The attributes, apart from `whview`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attribute {
    Method(Method),
    Route,
}

impl Attribute {
    /// Which attribute of ours this path names, by its last segment.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        Some(match path.segments.last()?.ident.to_string().as_str() {
            "whget" => Self::Method(Method::Get),
            "whput" => Self::Method(Method::Put),
            "whpost" => Self::Method(Method::Post),
            "whpatch" => Self::Method(Method::Patch),
            "whdelete" => Self::Method(Method::Delete),
            "whead" | "whhead" => Self::Method(Method::Head),
            "whoptions" => Self::Method(Method::Options),
            "whtrace" => Self::Method(Method::Trace),
            "whroute" => Self::Route,
            _ => return None,
        })
    }

    /// The attribute as it is written: `whpost`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Method(Method::Get) => "whget",
            Self::Method(Method::Put) => "whput",
            Self::Method(Method::Post) => "whpost",
            Self::Method(Method::Patch) => "whpatch",
            Self::Method(Method::Delete) => "whdelete",
            Self::Method(Method::Head) => "whead",
            Self::Method(Method::Options) => "whoptions",
            Self::Method(Method::Trace) => "whtrace",
            Self::Route => "whroute",
        }
    }
}

/// Whether this is a `cfg_attr` around one of the attributes.
pub(crate) fn hides_webhook(attr: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attr.meta else {
        return false;
    };
    list.path.is_ident("cfg_attr")
        && list.tokens.clone().into_iter().any(|token| {
            syn::parse2(token.into()).is_ok_and(|path| Attribute::from_path(&path).is_some())
        })
}

/// The HTTP methods of OpenAPI's Path Item Object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    pub(crate) const ALL: [(Self, &'static str); 8] = [
        (Self::Get, "GET"),
        (Self::Put, "PUT"),
        (Self::Post, "POST"),
        (Self::Delete, "DELETE"),
        (Self::Options, "OPTIONS"),
        (Self::Head, "HEAD"),
        (Self::Patch, "PATCH"),
        (Self::Trace, "TRACE"),
    ];

    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(method, _)| *method == self)
            .map_or("", |(_, name)| name)
    }

    /// RFC 9110, section 9.3: a request of these methods has no content.
    pub(crate) fn carries_body(self) -> bool {
        !matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace)
    }

    /// The variant of the runtime's `Method`.
    pub(crate) fn variant(self) -> TokenStream {
        match self {
            Self::Get => quote!(Get),
            Self::Put => quote!(Put),
            Self::Post => quote!(Post),
            Self::Delete => quote!(Delete),
            Self::Options => quote!(Options),
            Self::Head => quote!(Head),
            Self::Patch => quote!(Patch),
            Self::Trace => quote!(Trace),
        }
    }
}

/// The runtime crate in generated code: `::webhooks_core`, or what `crate = path` says.
#[derive(Clone, Default)]
pub(crate) struct Root(pub(crate) Option<Path>);

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote!(::webhooks_core)),
        }
    }
}

/// An identifier as text, without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// A number for a method's name: FNV-1a, the same on every machine.
pub(crate) fn number_of(ident: &Ident) -> u64 {
    let text = plain(ident);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether a type of this name would hide a primitive type for its whole module.
pub(crate) fn is_primitive(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "char"
            | "str"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "f16"
            | "f32"
            | "f64"
            | "f128"
    )
}
