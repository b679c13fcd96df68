//! What is known of a declared webhook, as plain data in a `static`.
//!
//! The attributes write exactly these calls; whatever an attribute can say can be written by hand, and a
//! descriptor costs nothing at run time until a document is built from it.

mod details;
mod parameter;
mod payload;

pub use details::{
    Deprecation, Example, Extension, ExternalDocs, Place, Response, ResponseBody, Security, json_value,
};
pub(crate) use parameter::texts as parameter_texts;
pub use parameter::{Location, Parameter, ParameterValue};
pub use payload::{Payload, PayloadInfo, RawPayload};

use std::any::TypeId;
use std::ptr;

use crate::event;
use crate::method::Method;
use crate::schemas::{AddSchema, Schemas};

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
    pub(crate) place: Place,
    pub(crate) function: Option<&'static str>,
    pub(crate) docs: &'static str,
    pub(crate) summary: Option<&'static str>,
    pub(crate) description: Option<&'static str>,
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
        Self::declared(name, methods, Place::caller())
    }

    /// A webhook whose name and methods were checked by the attribute: what a constant computes, every build pays for.
    #[doc(hidden)]
    pub const fn declared(name: &'static str, methods: &'static [Method], place: Place) -> Self {
        Self {
            name,
            methods,
            place,
            function: None,
            docs: "",
            summary: None,
            description: None,
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
            in_document: true,
            view: None,
        }
    }

    /// The payload: `T` as JSON.
    ///
    /// # Panics
    ///
    /// When no method of the webhook carries a body.
    pub const fn payload<T: Payload + ?Sized>(self) -> Self {
        self.with_payload(PayloadInfo::json::<T>())
    }

    /// The payload with everything that can be said of it: content type, form or raw bytes, optional.
    ///
    /// # Panics
    ///
    /// When no method of the webhook carries a body, or when some do not and the payload is not
    /// [optional](PayloadInfo::optional).
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Method, PayloadInfo};
    ///
    /// static REPORT: Descriptor = Descriptor::post("report.ready").with_payload(PayloadInfo::bytes("text/csv"));
    /// static PROBE: Descriptor = Descriptor::new("probe", &[Method::Post, Method::Get])
    ///     .with_payload(PayloadInfo::json::<String>().optional());
    /// ```
    pub const fn with_payload(mut self, payload: PayloadInfo) -> Self {
        let (mut carrying, mut i) = (0, 0);
        while i < self.methods.len() {
            carrying += self.methods[i].carries_body() as usize;
            i += 1;
        }
        assert!(carrying > 0, "GET, HEAD, OPTIONS and TRACE carry no payload");
        assert!(
            carrying == self.methods.len() || payload.optional,
            "some of the methods carry no payload, so it must be optional"
        );
        self.payload = Some(payload);
        self
    }

    /// Headers, query parameters and cookies that the request carries beside the payload.
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// The name of the declared function, from which the summary is made where nothing else gives one.
    ///
    /// An attribute says it where the event's name has other words: `new_payment` for the event `payments`.
    pub const fn function(mut self, name: &'static str) -> Self {
        self.function = Some(name);
        self
    }

    /// Documentation in Markdown, as a doc comment has it.
    ///
    /// One paragraph is the description, and the summary is the [function](Self::function)'s or event's name in title case. With more, the first
    /// paragraph is the summary and the rest the description. With none, the description says
    /// "Sent for the event `payment.created`."
    pub const fn docs(mut self, docs: &'static str) -> Self {
        self.docs = docs;
        self
    }

    /// The summary, instead of the one from [`docs`](Self::docs).
    pub const fn summary(mut self, summary: &'static str) -> Self {
        self.summary = Some(summary);
        self
    }

    /// The description in Markdown, instead of the one from [`docs`](Self::docs).
    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Tags; a webhook without any gets the tag `webhooks`.
    pub const fn tags(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }

    /// The operation id, instead of `{name}_{method}` made identifier-safe.
    ///
    /// With several methods each operation gets the method behind it: `{operation_id}_{method}`.
    pub const fn operation_id(mut self, id: &'static str) -> Self {
        self.operation_id = Some(id);
        self
    }

    /// Marks the webhook as deprecated, with what `#[deprecated]` says beside it.
    pub const fn deprecated(mut self, deprecation: Deprecation) -> Self {
        self.deprecated = Some(deprecation);
        self
    }

    /// The event that takes this one's place: a breaking change of a payload is a new event name. Implies deprecation.
    ///
    /// The name as it was declared: a webhook behind the same gateways is found first. A name that the catalogue does not
    /// have is a [warning](crate::Warning::UnknownReplacement).
    ///
    /// # Panics
    ///
    /// When the name breaks the naming rule of [`EventName`](crate::EventName).
    pub const fn replaced_by(mut self, name: &'static str) -> Self {
        event::assert_valid(name);
        self.replaced_by = Some(name);
        self
    }

    /// Which security schemes protect the request, as alternatives. An empty list says that none does.
    pub const fn security(mut self, alternatives: &'static [Security]) -> Self {
        self.security = Some(alternatives);
        self
    }

    /// The status that the sender takes for success, instead of `2XX`: `"202"`.
    ///
    /// # Panics
    ///
    /// When the status is neither three digits from 100 to 599 nor a range such as `2XX`.
    pub const fn status(mut self, status: &'static str) -> Self {
        details::assert_status(status);
        self.status = status;
        self
    }

    /// What the successful response means to the sender.
    pub const fn response_description(mut self, description: &'static str) -> Self {
        self.response_description = Some(description);
        self
    }

    /// The JSON body of the successful response.
    pub const fn response<T: ResponseBody + ?Sized>(mut self) -> Self {
        self.response = Some(Schemas::add::<T>);
        self
    }

    /// Further responses, each with what the sender does then.
    pub const fn responses(mut self, responses: &'static [Response]) -> Self {
        self.responses = responses;
        self
    }

    /// More documentation elsewhere.
    pub const fn external_docs(mut self, docs: ExternalDocs) -> Self {
        self.external_docs = Some(docs);
        self
    }

    /// Example payloads.
    pub const fn examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }

    /// `x-` members of the operation.
    pub const fn extensions(mut self, extensions: &'static [Extension]) -> Self {
        self.extensions = extensions;
        self
    }

    /// Whether the webhook appears in the document. It can be sent either way.
    pub const fn include_in_schema(mut self, include: bool) -> Self {
        self.in_document = include;
        self
    }

    /// Says of which generic view this is a method. For generated code.
    #[doc(hidden)]
    pub const fn of_view<V: 'static>(mut self) -> Self {
        self.view = Some(TypeId::of::<V>);
        self
    }

    /// Where the webhook was declared, instead of the place of this call.
    pub const fn declared_at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Whether both are the descriptor of one declaration.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let view = |descriptor: &Self| descriptor.view.map(|view| view());
        ptr::eq(self, other)
            || (self.view.is_some() && self.place == other.place && view(self) == view(other))
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
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The payload, when the webhook has one.
    pub const fn payload_info(&self) -> Option<&PayloadInfo> {
        self.payload.as_ref()
    }
}

const fn assert_methods(methods: &[Method]) {
    assert!(!methods.is_empty(), "a webhook has at least one method");
    let mut i = 0;
    while i < methods.len() {
        let mut j = 0;
        while j < i {
            assert!(methods[i] as u8 != methods[j] as u8, "a webhook has each method only once");
            j += 1;
        }
        i += 1;
    }
}
