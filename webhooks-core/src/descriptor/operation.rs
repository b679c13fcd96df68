//! A request that is described by hand: a route of the app, or what a callback promises.

use schemars::JsonSchema;

use super::{Parameter, Security};
use crate::method::Method;
use crate::schemas::{AddSchema, Schemas};

/// The content type of a body, and its type.
type ResponseBody = (&'static str, AddSchema);

/// What one method does on one path of the app.
///
/// Just enough to show an app's own routes next to its webhooks. An app that describes its routes elsewhere merges that
/// document instead: [`OpenApi::merge`](crate::OpenApi::merge).
///
/// ```
/// use webhooks_core::{OpenApi, openapi::Operation};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Payment {
///     amount: f64,
/// }
///
/// let docs = OpenApi::new("Payments", "1.0.0").path(
///     "/payments/{id}",
///     Operation::put().summary("Change a payment").path_parameter::<u64>("id").body::<Payment>(),
/// );
/// assert!(docs.to_json()?.contains("put_payments_id"));
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "give it to `OpenApi::path`"]
pub struct Operation {
    pub(crate) method: Method,
    pub(crate) summary: Option<String>,
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) id: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) security: Option<Vec<Security>>,
    pub(crate) path_parameters: Vec<(String, AddSchema)>,
    pub(crate) parameters: Vec<Parameter>,
    /// The body's type, and whether there must be one.
    pub(crate) body: Option<(AddSchema, bool)>,
    pub(crate) responses: Vec<(String, String, Option<ResponseBody>)>,
}

macro_rules! one_method {
    ($($(#[$doc:meta])* $name:ident => $method:ident,)*) => {
        $(
            $(#[$doc])*
            pub fn $name() -> Self {
                Self::new(Method::$method)
            }
        )*
    };
}

impl Operation {
    one_method! {
        /// What GET does.
        get => Get,
        /// What PUT does.
        put => Put,
        /// What POST does.
        post => Post,
        /// What DELETE does.
        delete => Delete,
        /// What OPTIONS does.
        options => Options,
        /// What HEAD does.
        head => Head,
        /// What PATCH does.
        patch => Patch,
        /// What TRACE does.
        trace => Trace,
        /// What QUERY does, from OpenAPI 3.2 on.
        query => Query,
    }

    /// What this method does.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            summary: None,
            description: String::new(),
            tags: Vec::new(),
            id: None,
            deprecated: false,
            security: None,
            path_parameters: Vec::new(),
            parameters: Vec::new(),
            body: None,
            responses: Vec::new(),
        }
    }

    /// A short summary; by default made from the operation id. Where there is no [description](Self::description) it is
    /// that too, because linters ask for one (Redocly's `operation-description`).
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    /// A description, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// The operation id; by default method and path, as in `get_users_id`.
    pub fn operation_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Marks the operation as deprecated.
    pub fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Which security schemes protect the route, as alternatives; an empty list says that none does.
    pub fn security(mut self, alternatives: impl IntoIterator<Item = Security>) -> Self {
        self.security.get_or_insert_default().extend(alternatives);
        self
    }

    /// The type of `{name}` in the path.
    pub fn path_parameter<T: JsonSchema>(mut self, name: impl Into<String>) -> Self {
        self.path_parameters.push((name.into(), Schemas::add::<T>));
        self
    }

    /// Adds a header, query parameter or cookie.
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The request's body, as JSON.
    pub fn body<T: JsonSchema>(mut self) -> Self {
        self.body = Some((Schemas::add::<T>, true));
        self
    }

    /// The request's body, as JSON, which may be left out.
    pub fn optional_body<T: JsonSchema>(mut self) -> Self {
        self.body = Some((Schemas::add::<T>, false));
        self
    }

    /// Adds a response with a JSON body. Without any response the document says `200`, "Success".
    pub fn response<T: JsonSchema>(self, status: u16, description: impl Into<String>) -> Self {
        self.response_as::<T>(status, description, "application/json")
    }

    /// Adds a response with a body of another content type, such as a problem document (RFC 9457).
    pub fn response_as<T: JsonSchema>(
        mut self,
        status: u16,
        description: impl Into<String>,
        content_type: &'static str,
    ) -> Self {
        let body: ResponseBody = (content_type, Schemas::add::<T>);
        self.responses
            .push((status.to_string(), description.into(), Some(body)));
        self
    }

    /// Adds a response without a body.
    pub fn empty_response(mut self, status: u16, description: impl Into<String>) -> Self {
        self.responses
            .push((status.to_string(), description.into(), None));
        self
    }
}
