//! What can be said of a webhook, call by call; every call is a `const fn`, so that a descriptor fits a `static`.

use std::any::TypeId;

use super::{
    Callback, Deprecation, Descriptor, Example, Extension, ExternalDocs, Member, OptionalHeader,
    Parameter, Payload, PayloadInfo, Response, ResponseBody, Security, SourceLocation, details,
};
use crate::event;
use crate::rules;
use crate::schemas::Schemas;

impl Descriptor {
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
        assert!(
            carrying > 0,
            "GET, HEAD, OPTIONS and TRACE carry no payload"
        );
        assert!(
            carrying == self.methods.len() || payload.optional,
            "some of the methods carry no payload, so it must be optional"
        );
        self.payload = Some(payload);
        self
    }

    /// Headers, query parameters and cookies that the request carries in addition to the payload.
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
    /// One paragraph is the description, and the summary is the name of the [function](Self::function) in title case, or
    /// that of the event where the function is not named. With more, the first paragraph is the summary and the rest the description. Where neither says the event's
    /// name, the description ends with "Sent for the event `payment.created`."
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

    /// The summary of a view for all its webhooks: it counts where the webhook has none of its own, neither as
    /// [`summary`](Self::summary) nor as the first of several paragraphs of its [`docs`](Self::docs).
    pub const fn default_summary(mut self, summary: &'static str) -> Self {
        self.default_summary = Some(summary);
        self
    }

    /// The description of a view for all its webhooks: it counts where the webhook has none of its own, neither as
    /// [`description`](Self::description) nor in its [`docs`](Self::docs).
    pub const fn default_description(mut self, description: &'static str) -> Self {
        self.default_description = Some(description);
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

    /// Marks the webhook as deprecated, with what `#[deprecated]` says about it.
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
    /// When the status is neither three digits from 100 to 599 nor a range such as `2XX`, or when it is one without a
    /// body (204, 205, 304) and the webhook has a [`response`](Self::response).
    pub const fn status(mut self, status: &'static str) -> Self {
        details::assert_status(status);
        self.status = status;
        self.assert_response_has_body();
        self
    }

    const fn assert_response_has_body(&self) {
        assert!(
            self.response.is_none() || !rules::is_bodiless_status(self.status),
            "a response with this status has no body: remove `response` or take another status"
        );
    }

    /// What the successful response means to the sender.
    pub const fn response_description(mut self, description: &'static str) -> Self {
        self.response_description = Some(description);
        self
    }

    /// The JSON body of the successful response.
    ///
    /// # Panics
    ///
    /// When the [`status`](Self::status) is one without a body (204, 205, 304).
    pub const fn response<T: ResponseBody + ?Sized>(mut self) -> Self {
        self.response = Some(Schemas::add::<T>);
        self.assert_response_has_body();
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

    /// Members of the operation for which there is no other call, such as `servers`.
    pub const fn extra(mut self, members: &'static [Member]) -> Self {
        self.extra = members;
        self
    }

    /// Requests that the receiver is promised in return.
    pub const fn callbacks(mut self, callbacks: &'static [Callback]) -> Self {
        self.callbacks = callbacks;
        self
    }

    /// Headers of the sender that the requests of this webhook may lack.
    pub const fn optional_headers(mut self, headers: &'static [OptionalHeader]) -> Self {
        self.optional_headers = headers;
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
    pub const fn declared_at(mut self, source_location: SourceLocation) -> Self {
        self.source_location = source_location;
        self
    }
}
