//! The finished document and how it is written.

use indexmap::IndexMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::object::PathItem;
use crate::warning::Warning;

/// The version of OpenAPI in which documents are written.
const OPENAPI_VERSION: &str = "3.1.0";

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
#[derive(Debug, Clone, Serialize)]
pub(super) struct ComponentsObject {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) schemas: IndexMap<String, Value>,
    /// Security schemes, and what came with merged documents.
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

/// A path item: ours, or one that came with a merged document.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Item {
    Ours(PathItem),
    Merged(Value),
}

impl Document {
    /// The document as indented JSON.
    #[expect(clippy::missing_panics_doc, reason = "the expectation cannot fail")]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self)
            .expect("the model has string keys only and no serializer that fails")
    }

    /// The document as JSON without white space, as it is served.
    #[expect(clippy::missing_panics_doc, reason = "the expectation cannot fail")]
    pub fn to_json_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self)
            .expect("the model has string keys only and no serializer that fails")
    }

    /// The document as a JSON value.
    #[expect(clippy::missing_panics_doc, reason = "the expectation cannot fail")]
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self)
            .expect("the model has string keys only and no serializer that fails")
    }

    /// What looks wrong but is no error.
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
        map.serialize_entry("openapi", OPENAPI_VERSION)?;
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
        // Readers in the field crash without `paths`, so it is there even when it is empty.
        map.serialize_entry("paths", &self.paths)?;
        if !self.webhooks.is_empty() {
            map.serialize_entry("webhooks", &self.webhooks)?;
        }
        if !self.components.schemas.is_empty() || !self.components.rest.is_empty() {
            map.serialize_entry("components", &self.components)?;
        }
        for (member, value) in &self.extra {
            map.serialize_entry(member, value)?;
        }
        map.end()
    }
}
