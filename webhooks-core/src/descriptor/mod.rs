//! What is known of a declared webhook, as plain data in a `static`.
//!
//! The attributes write exactly these calls; whatever an attribute can say can be written by hand, and a
//! descriptor costs nothing at run time until a document is built from it.

mod build;
mod callback;
mod details;
mod identity;
mod operation;
mod parameter;
mod payload;
mod source_location;

pub use callback::{Callback, Member, OptionalHeader};
pub use details::{
    Deprecation, Example, Extension, ExternalDocs, Response, ResponseBody, Security, json_value,
};
pub use identity::Identity;
pub use operation::Operation;
pub(crate) use parameter::texts as parameter_texts;
pub use parameter::{Parameter, ParameterLocation, ParameterValue};
pub(crate) use payload::is_json;
pub use payload::{Payload, PayloadInfo, RawPayload};
pub use source_location::SourceLocation;

use std::any::TypeId;

use crate::event;
use crate::method::Method;
use crate::schemas::AddSchema;

/// A declared webhook: event name, methods, payload and everything its documentation says.
///
/// `#[whpost]` and its family leave one behind; this is the way to write one by hand. Every call is a `const fn`, so
/// that it fits a `static`, and wrong names do not compile.
///
/// ```
/// use webhooks_core::{Descriptor, Webhooks};
///
/// #[derive(serde::Serialize, schemars::JsonSchema)]
/// struct Payment {
///     amount: f64,
/// }
///
/// static PAYMENT_CREATED: Descriptor = Descriptor::post("payment.created")
///     .payload::<Payment>()
///     .docs("Sent as soon as the bank has confirmed a payment.")
///     .tags(&["payments"]);
///
/// let catalogue = Webhooks::new().with(&PAYMENT_CREATED).build()?;
/// assert!(catalogue.get("payment.created").is_some());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "a descriptor documents nothing until it is listed with `Webhooks::with`"]
pub struct Descriptor {
    pub(crate) name: &'static str,
    pub(crate) methods: &'static [Method],
    pub(crate) source_location: SourceLocation,
    pub(crate) function: Option<&'static str>,
    pub(crate) docs: &'static str,
    pub(crate) summary: Option<&'static str>,
    pub(crate) description: Option<&'static str>,
    /// What a view says where the webhook says nothing.
    pub(crate) default_summary: Option<&'static str>,
    pub(crate) default_description: Option<&'static str>,
    pub(crate) tags: &'static [&'static str],
    pub(crate) operation_id: Option<&'static str>,
    pub(crate) deprecated: Option<Deprecation>,
    pub(crate) replaced_by: Option<&'static str>,
    pub(crate) security: Option<&'static [Security]>,
    pub(crate) payload: Option<PayloadInfo>,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) status: &'static str,
    pub(crate) response_description: Option<&'static str>,
    pub(crate) response: Option<AddSchema>,
    pub(crate) responses: &'static [Response],
    pub(crate) external_docs: Option<ExternalDocs>,
    pub(crate) examples: &'static [Example],
    pub(crate) extensions: &'static [Extension],
    pub(crate) extra: &'static [Member],
    pub(crate) callbacks: &'static [Callback],
    pub(crate) optional_headers: &'static [OptionalHeader],
    pub(crate) in_document: bool,
    /// The type of a generic view: its descriptors are constants, which have no address of their own.
    pub(crate) view: Option<fn() -> TypeId>,
}

macro_rules! one_method {
    ($($(#[$doc:meta])* $name:ident => $method:ident,)*) => {
        $(
            $(#[$doc])*
            #[track_caller]
            pub const fn $name(name: &'static str) -> Self {
                Self::new(name, &[Method::$method])
            }
        )*
    };
}

impl Descriptor {
    one_method! {
        /// A webhook sent with GET; it carries no payload.
        get => Get,
        /// A webhook sent with PUT.
        put => Put,
        /// A webhook sent with POST: the usual one.
        post => Post,
        /// A webhook sent with PATCH.
        patch => Patch,
        /// A webhook sent with DELETE.
        delete => Delete,
        /// A webhook sent with HEAD; it carries no payload.
        head => Head,
        /// A webhook sent with OPTIONS; it carries no payload.
        options => Options,
        /// A webhook sent with TRACE; it carries no payload.
        trace => Trace,
        /// A webhook sent with QUERY, from OpenAPI 3.2 on; it may carry a payload.
        query => Query,
    }

    /// A webhook that is sent with any of several methods; the first is the default.
    ///
    /// # Panics
    ///
    /// When the name breaks the naming rule of [`EventName`](crate::EventName), or when `methods` is empty or holds a
    /// method twice. In a `static` that is a compile error.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Method};
    ///
    /// static SYNCED: Descriptor = Descriptor::new("payment.synced", &[Method::Put, Method::Post]);
    /// assert_eq!(SYNCED.methods(), [Method::Put, Method::Post]);
    /// ```
    #[track_caller]
    pub const fn new(name: &'static str, methods: &'static [Method]) -> Self {
        event::assert_valid(name);
        assert_methods(methods);
        Self::declared(name, methods, SourceLocation::caller())
    }

    /// A webhook under the name of an existing API, which follows another rule than ours: `orders/create`, `Push Hook`.
    ///
    /// The name has at most 256 bytes, no control characters, no `*`, and no space at either end. Such a webhook can be
    /// documented and received. It does not fit the envelope of Standard Webhooks, whose event types are made of
    /// letters, digits, `-`, `_` and dots: a catalogue refuses it there. A sender that writes the name into a header
    /// refuses one that a header cannot hold.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new), with this rule for names.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Method};
    ///
    /// static ORDER_CREATED: Descriptor = Descriptor::any_name("orders/create", &[Method::Post]);
    /// assert_eq!(ORDER_CREATED.name(), "orders/create");
    /// ```
    #[track_caller]
    pub const fn any_name(name: &'static str, methods: &'static [Method]) -> Self {
        event::assert_any(name);
        assert_methods(methods);
        Self::declared(name, methods, SourceLocation::caller())
    }

    /// A webhook whose name and methods were checked by the attribute: what a constant computes, every build pays for.
    #[doc(hidden)]
    pub const fn declared(
        name: &'static str,
        methods: &'static [Method],
        source_location: SourceLocation,
    ) -> Self {
        Self {
            name,
            methods,
            source_location,
            function: None,
            docs: "",
            summary: None,
            description: None,
            default_summary: None,
            default_description: None,
            tags: &[],
            operation_id: None,
            deprecated: None,
            replaced_by: None,
            security: None,
            payload: None,
            parameters: &[],
            status: "2XX",
            response_description: None,
            response: None,
            responses: &[],
            external_docs: None,
            examples: &[],
            extensions: &[],
            extra: &[],
            callbacks: &[],
            optional_headers: &[],
            in_document: true,
            view: None,
        }
    }

    /// Its docs as they were written: one paragraph or more of `CommonMark`, empty where there are none.
    pub const fn docs_text(&self) -> &'static str {
        self.docs
    }

    /// The event name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The methods as declared; the first is the default.
    pub const fn methods(&self) -> &'static [Method] {
        self.methods
    }

    /// Where the webhook was declared.
    pub const fn source_location(&self) -> SourceLocation {
        self.source_location
    }

    /// The payload, when the webhook has one.
    pub const fn payload_info(&self) -> Option<&PayloadInfo> {
        self.payload.as_ref()
    }

    /// The headers, query parameters and cookies that were declared.
    pub const fn parameter_list(&self) -> &'static [Parameter] {
        self.parameters
    }
}

const fn assert_methods(methods: &[Method]) {
    assert!(!methods.is_empty(), "a webhook has at least one method");
    let mut i = 0;
    while i < methods.len() {
        let mut j = 0;
        while j < i {
            assert!(
                methods[i] as u8 != methods[j] as u8,
                "a webhook has each method only once"
            );
            j += 1;
        }
        i += 1;
    }
}
