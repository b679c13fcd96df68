//! The crate `openapiv3` at the edge: documents of OpenAPI 3.0 come in, and a projection of ours goes out.
//!
//! `openapiv3` models 3.0, which has no webhooks, so it is never what a document is made of. A user's
//! `openapiv3::OpenAPI` is upgraded to 3.1 and merged; in the other direction webhooks stand under `x-webhooks`, each a
//! typed path item.

mod difference;
mod info;

use ::openapiv3::{
    Example, Header, Info, Link, OpenAPI, Parameter, PathItem, ReferenceOr, RequestBody, Response,
    Schema, SecurityScheme, Server, Tag,
};
use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::BuildError;
use crate::openapi::grammar::{self, ObjectKind};
use crate::openapi::{Document, DowngradedDocument, Loss, Losses, downgrade, pointer};

/// A document in the types of `openapiv3`, and what of the original it does not say.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Projection {
    /// The document in OpenAPI 3.0.3, with the webhooks in its extension `x-webhooks`.
    pub document: OpenAPI,
    /// The webhooks again, by name, typed.
    pub webhooks: IndexMap<String, PathItem>,
    /// What was lost, sorted by place.
    pub losses: Vec<Loss>,
}

impl Document {
    /// The document in OpenAPI 3.0.3, for tools that read nothing newer, such as progenitor.
    ///
    /// In addition to what [`downgrade`] loses, and lists in a table, the types of `openapiv3` lose:
    ///
    /// | what | becomes |
    /// |---|---|
    /// | limits beyond 64 bits with sign | the nearest floating point number |
    /// | a schema that the types cannot hold | `{}`, which allows everything |
    /// | unknown members of objects that are not `x-` extensions | nothing |
    ///
    /// Each loss is listed with its JSON pointer.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, OpenApi, Webhooks};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Payment {
    ///     note: Option<String>,
    /// }
    ///
    /// static CREATED: Descriptor = Descriptor::post("payment.created").payload::<Payment>();
    ///
    /// let webhooks = Webhooks::new().with(&CREATED).build()?;
    /// let projection = OpenApi::new("Payments", "1.0.0").webhooks(webhooks).build()?.to_openapiv3()?;
    /// assert_eq!(projection.document.openapi, "3.0.3");
    /// assert!(projection.webhooks["payment.created"].post.is_some());
    /// assert!(projection.losses.is_empty());
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a merged document holds something outside of its schemas that is not OpenAPI 3.0 either, with its JSON
    /// pointer.
    pub fn to_openapiv3(&self) -> Result<Projection, BuildError> {
        Projection::of(self.to_value())
    }
}

impl Projection {
    /// Writes any 3.1 document in the types of `openapiv3`, as [`Document::to_openapiv3`] does with ours.
    ///
    /// # Errors
    ///
    /// When the document holds something outside of its schemas that is not OpenAPI 3.0 either, with its JSON pointer.
    pub fn of(document: Value) -> Result<Projection, BuildError> {
        let DowngradedDocument {
            mut document,
            losses,
        } = downgrade(document);
        let mut losses = Losses::from(losses);
        let (mut projected, webhooks) = if let Ok(typed) = typed_document(&document) {
            typed
        } else {
            simplify_schemas(
                &mut document,
                ObjectKind::Document,
                &mut String::new(),
                &mut losses,
            );
            typed_document(&document).map_err(|error| wrong_parts(&document, error))?
        };
        if !webhooks.is_empty() {
            projected
                .extensions
                .insert("x-webhooks".to_owned(), value(&webhooks));
        }
        difference::list(&document, &value(&projected), &mut losses);
        Ok(Projection {
            document: projected,
            webhooks,
            losses: losses.in_order(),
        })
    }
}

fn typed_document(
    document: &Value,
) -> Result<(OpenAPI, IndexMap<String, PathItem>), serde_json::Error> {
    let webhooks = document.get("x-webhooks").map(typed).transpose()?;
    Ok((typed(document)?, webhooks.unwrap_or_default()))
}

/// Replaces each schema that the types cannot hold; inner ones first, so that as little as possible goes.
fn simplify_schemas(
    value: &mut Value,
    kind: ObjectKind,
    pointer: &mut String,
    losses: &mut Losses,
) {
    // `additionalProperties` may be a boolean.
    let fault = |schema: &Value| match kind {
        ObjectKind::Schema if !schema.is_boolean() => typed::<ReferenceOr<Schema>>(schema).err(),
        _ => None,
    };
    if kind == ObjectKind::Schema && fault(value).is_none() {
        return;
    }
    grammar::each_child_mut(value, kind, pointer, &mut |child, kind, pointer| {
        simplify_schemas(child, kind, pointer, losses);
    });
    if let Some(error) = fault(value) {
        losses.add(
            pointer,
            format!("the types of openapiv3 cannot hold it ({error})"),
        );
        *value = json!({});
    }
}

/// Which parts are wrong: an error of serde has no place.
fn wrong_parts(document: &Value, whole: serde_json::Error) -> BuildError {
    let mut problems = Vec::new();
    part::<Info>(document, "/info", &mut problems);
    part::<Vec<Server>>(document, "/servers", &mut problems);
    part::<Vec<Tag>>(document, "/tags", &mut problems);
    parts::<ReferenceOr<PathItem>>(document, "/paths", &mut problems);
    parts::<PathItem>(document, "/x-webhooks", &mut problems);
    parts::<ReferenceOr<Response>>(document, "/components/responses", &mut problems);
    parts::<ReferenceOr<Parameter>>(document, "/components/parameters", &mut problems);
    parts::<ReferenceOr<Example>>(document, "/components/examples", &mut problems);
    parts::<ReferenceOr<RequestBody>>(document, "/components/requestBodies", &mut problems);
    parts::<ReferenceOr<Header>>(document, "/components/headers", &mut problems);
    parts::<ReferenceOr<SecurityScheme>>(document, "/components/securitySchemes", &mut problems);
    parts::<ReferenceOr<Link>>(document, "/components/links", &mut problems);
    match BuildError::check(problems) {
        Err(parts) => parts,
        Ok(()) => BuildError::of("#/ is not OpenAPI 3.0", whole),
    }
}

fn part<T: DeserializeOwned>(document: &Value, pointer: &str, problems: &mut Vec<String>) {
    let part = document.pointer(pointer);
    problems.extend(
        part.and_then(|part| typed::<T>(part).err())
            .map(|error| format!("#{pointer} is not OpenAPI 3.0: {error}")),
    );
}

fn parts<T: DeserializeOwned>(document: &Value, pointer: &str, problems: &mut Vec<String>) {
    let named = document.pointer(pointer).and_then(Value::as_object);
    for name in named
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .filter(|name| !name.starts_with("x-"))
    {
        let mut pointer = pointer.to_owned();
        pointer::push(&mut pointer, name);
        part::<T>(document, &pointer, problems);
    }
}

fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(value)
}

fn value(document: &impl Serialize) -> Value {
    serde_json::to_value(document)
        .expect("openapiv3 has string keys only and no serializer that fails")
}
