//! Every name that is in a table: methods and their attributes, paths in generated code, names that a declaration
//! may not have.
//!
//! Each table exists once. Whatever else knows methods or paths is made from it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

/// The methods of OpenAPI's Path Item Object in its order: variant, name, whether a request of it has a body (RFC 9110,
/// section 9.3), attributes.
macro_rules! each_method {
    ($callback:ident) => {
        $callback! {
            Get "GET" false [whget];
            Put "PUT" true [whput];
            Post "POST" true [whpost];
            Delete "DELETE" true [whdelete];
            Options "OPTIONS" false [whoptions];
            Head "HEAD" false [whead whhead];
            Patch "PATCH" true [whpatch];
            Trace "TRACE" false [whtrace];
            Query "QUERY" true [whquery];
        }
    };
}

macro_rules! methods {
    ($($method:ident $name:literal $body:literal [$attribute:ident $($alias:ident)*];)*) => {
        /// An HTTP method that OpenAPI can describe.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Method { $($method,)* }

        impl Method {
            pub(crate) const ALL: &[Self] = &[$(Self::$method,)*];

            /// The method as it is in a request.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$method => $name,)* }
            }

            /// Whether a request of this method has a body.
            pub(crate) fn carries_body(self) -> bool {
                match self { $(Self::$method => $body,)* }
            }

            /// The variant of the runtime's `Method`.
            pub(crate) fn variant(self) -> Ident {
                let name = match self { $(Self::$method => stringify!($method),)* };
                Ident::new(name, Span::call_site())
            }

            /// The attribute as it is written: `whpost`.
            fn attribute(self) -> &'static str {
                match self { $(Self::$method => stringify!($attribute),)* }
            }

            fn from_attribute(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($attribute) $(| stringify!($alias))* => Some(Self::$method),)*
                    _ => None,
                }
            }
        }
    };
}

each_method!(methods);

/// The attributes that declare webhooks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attribute {
    Method(Method),
    Route,
}

impl Attribute {
    /// Which attribute of ours this path names, by its last segment.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        let name = path.segments.last()?.ident.to_string();
        if name == "whroute" {
            return Some(Self::Route);
        }
        Method::from_attribute(&name).map(Self::Method)
    }

    /// The attribute as it is written: `whpost`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Method(method) => method.attribute(),
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

/// The runtime crate in generated code: the crate itself, or what `crate = path` says.
#[derive(Clone)]
pub(crate) struct Root(Path);

impl Root {
    /// The crate of declarations, by its own name or under the path that was given.
    pub(crate) fn core(given: Option<&Path>) -> Self {
        Self(
            given
                .cloned()
                .unwrap_or_else(|| syn::parse_quote!(::webhooks_core)),
        )
    }

    /// The crate of handlers, by its own name or under the path that was given.
    pub(crate) fn receiver(given: Option<&Path>) -> Self {
        Self(
            given
                .cloned()
                .unwrap_or_else(|| syn::parse_quote!(::webhooks_receiver)),
        )
    }
}

/// A path into a runtime crate. It becomes tokens where it is used, and costs nothing where it is not.
#[derive(Clone, Copy)]
pub(crate) struct RuntimePath<'a> {
    root: &'a Root,
    segments: &'static [&'static str],
}

impl ToTokens for RuntimePath<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.root.0.to_tokens(tokens);
        for segment in self.segments {
            let segment = Ident::new(segment, Span::call_site());
            tokens.extend(quote!(::#segment));
        }
    }
}

macro_rules! runtime_paths {
    ($(#[$doc:meta])* $paths:ident $function:ident { $($name:ident = $first:ident $(:: $rest:ident)*,)* }) => {
        $(#[$doc])*
        pub(crate) struct $paths<'a> { $(pub(crate) $name: RuntimePath<'a>,)* }

        impl Root {
            pub(crate) fn $function(&self) -> $paths<'_> {
                $paths {
                    $($name: RuntimePath { root: self, segments: &[stringify!($first) $(, stringify!($rest))*] },)*
                }
            }
        }
    };
}

runtime_paths! {
    /// What declarations name of `webhooks-core`.
    CorePaths core_paths {
        callback = Callback,
        carries = Carries,
        deprecation = Deprecation,
        descriptor = Descriptor,
        example = Example,
        extension = Extension,
        external_docs = ExternalDocs,
        json_value = json_value,
        member = Member,
        message = Message,
        method = Method,
        optional_header = OptionalHeader,
        response = Response,
        security = Security,
        view = View,
        webhook = Webhook,
        bytes = __private::bytes,
        cookie = __private::cookie,
        draft = __private::Draft,
        form = __private::form,
        header = __private::header,
        invalid = __private::Invalid,
        join = __private::join,
        json = __private::json,
        method_descriptor = __private::Method,
        method_of = __private::MethodOf,
        query = __private::query,
        registration = __private::Registration,
        source_location = __private::SourceLocation,
        submit = __private::inventory::submit,
        type_id = __private::TypeId,
    }
}

runtime_paths! {
    /// What handlers name of `webhooks-receiver`.
    ReceiverPaths receiver_paths {
        attributed = Attributed,
        on = On,
        answer = __private::answer,
        answer_type = __private::Answer,
        arc = __private::Arc,
        block = __private::Block,
        collect = __private::collect,
        collected = __private::CollectedHandler,
        declared = __private::declared,
        event_of = __private::event_of,
        extractor = __private::extractor,
        from_request_parts = __private::FromRequestParts,
        gives_answer = __private::GivesAnswer,
        mistaken = __private::Mistaken,
        named = __private::Named,
        outcome = __private::outcome,
        payload = __private::payload,
        payload_of = __private::payload_of,
        read = __private::read,
        read_type = __private::Read,
        reads_payload = __private::ReadsPayload,
        registers = __private::RegistersBlock,
        routes = __private::Routes,
        submit = __private::inventory::submit,
    }
}

/// An identifier as text, without `r#`.
pub(crate) fn without_raw_prefix(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// A number for a method's name: FNV-1a, the same on every machine.
pub(crate) fn number_of(ident: &Ident) -> u64 {
    let text = without_raw_prefix(ident);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether a type of this name would hide a primitive type for its whole module.
pub(crate) fn is_primitive(name: &str) -> bool {
    const PRIMITIVES: [&str; 19] = [
        "bool", "char", "f128", "f16", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize",
        "str", "u128", "u16", "u32", "u64", "u8", "usize",
    ];
    PRIMITIVES.contains(&name)
}
