//! The finished document, and how serde writes it; [`write`](super::write) writes its text.

use indexmap::IndexMap;
use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::path_items::Item;
use super::version::OpenApiVersion;
use crate::warning::Warning;

/// A checked OpenAPI 3.1 document: the same bytes every time it is built.
///
/// ```
/// use webhooks_core::OpenApi;
///
/// let document = OpenApi::new("Payments", "1.0.0").build()?;
/// assert!(document.to_json().starts_with("{\n  \"openapi\": \"3.1.0\""));
/// assert!(document.warnings().is_empty());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) version: OpenApiVersion,
    pub(super) info: Map<String, Value>,
    pub(super) servers: Vec<Value>,
    pub(super) tags: Vec<Value>,
    pub(super) external_docs: Option<Value>,
    pub(super) security: Option<Value>,
    pub(super) paths: IndexMap<String, Item>,
    pub(super) webhooks: IndexMap<String, Item>,
    pub(super) components: ComponentsObject,
    /// Members that came with merged documents and that we leave as they are.
    pub(super) extra: Map<String, Value>,
    pub(super) warnings: Vec<Warning>,
}

/// A Components Object.
#[derive(Debug, Clone, Default)]
pub(super) struct ComponentsObject {
    /// Schemas that came with merged documents.
    pub(super) merged: Map<String, Value>,
    /// Our schemas as JSON, sorted by name.
    pub(super) ours: Vec<(String, String)>,
    /// Security schemes, and what came with merged documents.
    pub(super) rest: Map<String, Value>,
}

impl ComponentsObject {
    pub(super) fn is_empty(&self) -> bool {
        self.merged.is_empty() && self.ours.is_empty() && self.rest.is_empty()
    }
}

impl Document {
    /// The document as a JSON value.
    #[expect(clippy::missing_panics_doc, reason = "the expectation cannot fail")]
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self)
            .expect("the model has string keys only and no serializer that fails")
    }

    /// What looks wrong but is not an error.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The names of the webhooks, in the order of the document.
    pub fn webhook_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.webhooks.keys().map(String::as_str)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("openapi", self.version.as_str())?;
        map.serialize_entry("info", &self.info)?;
        if !self.servers.is_empty() {
            map.serialize_entry("servers", &self.servers)?;
        }
        if let Some(security) = &self.security {
            map.serialize_entry("security", security)?;
        }
        if !self.tags.is_empty() {
            map.serialize_entry("tags", &self.tags)?;
        }
        if let Some(docs) = &self.external_docs {
            map.serialize_entry("externalDocs", docs)?;
        }
        if !self.webhooks.is_empty() {
            map.serialize_entry("webhooks", &self.webhooks)?;
        }
        // Readers in the field crash without `paths`, so it is there even when it is empty.
        map.serialize_entry("paths", &self.paths)?;
        if !self.components.is_empty() {
            map.serialize_entry("components", &self.components)?;
        }
        for (member, value) in &self.extra {
            map.serialize_entry(member, value)?;
        }
        map.end()
    }
}

impl Serialize for ComponentsObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.merged.is_empty() || !self.ours.is_empty() {
            map.serialize_entry("schemas", &Schemas(self))?;
        }
        for (kind, components) in &self.rest {
            map.serialize_entry(kind, components)?;
        }
        map.end()
    }
}

/// The schemas of a Components Object for a format that is not JSON text: ours are read again.
struct Schemas<'a>(&'a ComponentsObject);

impl Serialize for Schemas<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, schema) in &self.0.merged {
            map.serialize_entry(name, schema)?;
        }
        for (name, text) in &self.0.ours {
            let schema: Value = serde_json::from_str(text).map_err(S::Error::custom)?;
            map.serialize_entry(name, &schema)?;
        }
        map.end()
    }
}
