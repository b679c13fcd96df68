//! The payload of a webhook: its type, its content type, and whether it may be absent.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::schemas::{AddSchema, Schemas};

/// A type that can be the payload of a webhook: everything that serde writes and schemars describes.
///
/// Implemented for all such types; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the payload of a webhook",
    label = "not a payload",
    note = "a payload is written by serde and described by schemars: add `#[derive(serde::Serialize, schemars::JsonSchema)]` to `{Self}`, and to the types in it"
)]
pub trait Payload: Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + ?Sized> Payload for T {}

/// A type that can be sent as it is, under a content type that is neither JSON nor a form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as raw bytes",
    label = "not bytes",
    note = "with this `content_type` the payload is sent as it is: take `Vec<u8>`, `String` or another `AsRef<[u8]>`"
)]
pub trait RawPayload: AsRef<[u8]> {}

#[diagnostic::do_not_recommend]
impl<T: AsRef<[u8]> + ?Sized> RawPayload for T {}

/// What the document says of a payload.
///
/// ```
/// use webhooks_core::PayloadInfo;
///
/// const INFO: PayloadInfo = PayloadInfo::json::<String>().content_type("application/cloudevents+json").optional();
/// assert_eq!(INFO.media_type(), "application/cloudevents+json");
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "give it to `Descriptor::with_payload`"]
pub struct PayloadInfo {
    pub(crate) content_type: &'static str,
    /// None for raw bytes, which no JSON Schema describes.
    pub(crate) schema: Option<AddSchema>,
    pub(crate) optional: bool,
    pub(crate) description: &'static str,
}

impl PayloadInfo {
    /// `T` as JSON, under `application/json`.
    pub const fn json<T: Payload + ?Sized>() -> Self {
        Self {
            content_type: "application/json",
            schema: Some(Schemas::add::<T>),
            optional: false,
            description: "",
        }
    }

    /// `T` as a form, under `application/x-www-form-urlencoded`.
    pub const fn form<T: Payload + ?Sized>() -> Self {
        Self {
            content_type: "application/x-www-form-urlencoded",
            schema: Some(Schemas::add::<T>),
            optional: false,
            description: "",
        }
    }

    /// Bytes of the given content type, sent as they are.
    pub const fn bytes(content_type: &'static str) -> Self {
        Self {
            content_type,
            schema: None,
            optional: false,
            description: "",
        }
    }

    /// Another content type for the same bytes, such as `application/cloudevents+json`.
    pub const fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The payload may be absent: for webhooks of which some methods carry no body.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// What the payload is, in Markdown, in addition to what its type's own documentation says.
    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// The content type.
    pub const fn media_type(&self) -> &'static str {
        self.content_type
    }

    /// Whether it is written as JSON: not for forms and raw bytes.
    pub fn is_json(&self) -> bool {
        self.schema.is_some() && is_json(self.content_type)
    }

    /// The payload's JSON Schema (2020-12) by itself: the types that it refers to are in it, under
    /// `/components/schemas` as in an OpenAPI document. None for raw bytes.
    ///
    /// ```
    /// use webhooks_core::PayloadInfo;
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Payment {
    ///     amount: u32,
    /// }
    ///
    /// let schema = PayloadInfo::json::<Payment>().json_schema().expect("it is JSON");
    /// assert_eq!(schema["$ref"], "#/components/schemas/Payment");
    /// assert_eq!(schema["components"]["schemas"]["Payment"]["required"][0], "amount");
    /// assert_eq!(PayloadInfo::bytes("image/png").json_schema(), None);
    /// ```
    pub fn json_schema(&self) -> Option<Value> {
        let mut schemas = Schemas::default();
        let mut schema = self.schema?(&mut schemas).to_value();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert(
                "components".to_owned(),
                json!({ "schemas": schemas.into_definitions() }),
            );
        }
        Some(schema)
    }

    /// Whether the payload may be absent.
    pub const fn is_optional(&self) -> bool {
        self.optional
    }
}

/// Whether a content type is JSON, whatever its parameters (RFC 6839, section 3.1: the suffix `+json`).
pub(crate) fn is_json(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}
