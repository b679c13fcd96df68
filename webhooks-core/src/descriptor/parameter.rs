//! Headers, query parameters and cookies of a webhook's request.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::finite::{self, WriteError};
use crate::rules;
use crate::schemas::{AddSchema, Schemas};

/// Where a parameter is in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterLocation {
    /// A header field; names are compared without regard to case.
    Header,
    /// A part of the query string.
    Query,
    /// A cookie.
    Cookie,
}

impl ParameterLocation {
    /// The value of `in` in a Parameter Object.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Cookie => "cookie",
        }
    }
}

/// A type that can be a header, a query parameter or a cookie: text, a number, a boolean, or a list of these.
///
/// Implemented for everything that serde writes and schemars describes; there is nothing to implement by hand. A value
/// that is of another kind when it is written makes the message one that cannot be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a header, query parameter or cookie",
    label = "not a parameter",
    note = "a parameter is written by serde and described by schemars: add `#[derive(serde::Serialize, schemars::JsonSchema)]` to `{Self}`, and to the types in it"
)]
pub trait ParameterValue: Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + ?Sized> ParameterValue for T {}

/// A header, query parameter or cookie that the request carries in addition to the payload.
///
/// ```
/// use webhooks_core::{Descriptor, Parameter};
///
/// static SYNCED: Descriptor = Descriptor::post("payment.synced")
///     .parameters(&[Parameter::header::<String>("X-Tenant").description("Whose payment it is.")]);
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "give it to `Descriptor::parameters`"]
pub struct Parameter {
    pub(crate) location: ParameterLocation,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: AddSchema,
    pub(crate) example: Option<fn() -> Value>,
}

impl Parameter {
    /// A header of this name, whose value is `T` as text.
    ///
    /// # Panics
    ///
    /// When the name is not a token of RFC 9110, is one that OpenAPI leaves to other parts of the document (`Accept`,
    /// `Authorization`, `Content-Type`), or one that the sender writes itself
    /// ([`RESERVED_HEADERS`](crate::RESERVED_HEADERS)).
    pub const fn header<T: ParameterValue + ?Sized>(name: &'static str) -> Self {
        assert_token(name);
        assert!(
            !rules::is_ignored_header(name),
            "OpenAPI ignores header parameters named `Accept`, `Authorization` or `Content-Type`: use `security` or `content_type`"
        );
        assert!(
            !rules::is_reserved_header(name),
            "this header is written by the sender; choose another name, as in `X-Tenant`"
        );
        Self::new::<T>(ParameterLocation::Header, name)
    }

    /// A query parameter of this name.
    ///
    /// # Panics
    ///
    /// When the name is empty.
    pub const fn query<T: ParameterValue + ?Sized>(name: &'static str) -> Self {
        assert!(!name.is_empty(), "a query parameter needs a name");
        Self::new::<T>(ParameterLocation::Query, name)
    }

    /// A cookie of this name.
    ///
    /// # Panics
    ///
    /// When the name is not a token of RFC 6265.
    pub const fn cookie<T: ParameterValue + ?Sized>(name: &'static str) -> Self {
        assert_token(name);
        Self::new::<T>(ParameterLocation::Cookie, name)
    }

    const fn new<T: JsonSchema + ?Sized>(location: ParameterLocation, name: &'static str) -> Self {
        Self {
            location,
            name,
            description: "",
            required: true,
            schema: Schemas::add::<T>,
            example: None,
        }
    }

    /// Where it is in the request.
    pub const fn location(&self) -> ParameterLocation {
        self.location
    }

    /// The name, as declared.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What the parameter says, in Markdown.
    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// The parameter may be absent.
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// An example value.
    pub const fn example(mut self, value: fn() -> Value) -> Self {
        self.example = Some(value);
        self
    }
}

/// A parameter's value as text: strings as they are, numbers and booleans as JSON writes them, lists as several.
///
/// The empty list is returned for an absent value (`None`).
pub(crate) fn texts(value: &(impl Serialize + ?Sized)) -> Result<Vec<String>, WriteError> {
    match finite::write(value, |value| serde_json::to_value(value))? {
        Value::Array(items) => items.into_iter().map(text).collect(),
        Value::Null => Ok(Vec::new()),
        value => Ok(vec![text(value)?]),
    }
}

fn text(value: Value) -> Result<String, WriteError> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            let rule = "a parameter is text, a number, a boolean, or a list of these";
            Err(rule.to_owned().into())
        }
    }
}

const fn assert_token(name: &str) {
    assert!(!name.is_empty(), "a header or cookie needs a name");
    assert!(
        rules::is_token(name),
        "the name of a header or cookie has only letters, digits and `-`, as in `X-Tenant`"
    );
}
