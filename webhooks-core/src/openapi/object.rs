//! The objects that we write into a document, as far as we write them.
//!
//! Members that say nothing are left out: no empty strings, no `deprecated: false`.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::members::Members;
use crate::method::Method;

/// A Path Item Object that holds operations only, in the order of [`Method`].
#[derive(Debug, Clone, Default)]
pub(crate) struct PathItem(Vec<(Method, OperationObject)>);

impl PathItem {
    /// Adds an operation; false when the method is taken.
    pub(crate) fn insert(&mut self, method: Method, operation: OperationObject) -> bool {
        match self.0.binary_search_by_key(&method, |(method, _)| *method) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, (method, operation));
                true
            }
        }
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &(Method, OperationObject)> {
        self.0.iter()
    }

    pub(crate) fn operations_mut(&mut self) -> impl Iterator<Item = &mut OperationObject> {
        self.0.iter_mut().map(|(_, operation)| operation)
    }
}

impl Serialize for PathItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (method, operation) in &self.0 {
            map.serialize_entry(method.key(), operation)?;
        }
        map.end()
    }
}

/// An Operation Object.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationObject {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_docs: Option<super::ExternalDocumentation>,
    pub(crate) operation_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parameters: Vec<ParameterObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_body: Option<RequestBody>,
    pub(crate) responses: Members<ResponseObject>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) callbacks: IndexMap<String, IndexMap<String, PathItem>>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) deprecated: bool,
    /// None leaves it to the document; an empty list says that nothing protects the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) security: Option<Vec<Requirement>>,
    #[serde(flatten)]
    pub(crate) extensions: Map<String, Value>,
}

/// A Security Requirement Object: schemes that are all needed, with their scopes.
pub(crate) type Requirement = IndexMap<String, Vec<String>>;

/// A Parameter Object.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ParameterObject {
    pub(crate) name: String,
    #[serde(rename = "in")]
    pub(crate) location: &'static str,
    pub(crate) description: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) required: bool,
    pub(crate) schema: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) example: Option<Value>,
}

/// A Request Body Object.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RequestBody {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) description: &'static str,
    pub(crate) content: Members<MediaType>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) required: bool,
}

/// A Response Object.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ResponseObject {
    pub(crate) description: Cow<'static, str>,
    #[serde(skip_serializing_if = "Members::is_empty")]
    pub(crate) content: Members<MediaType>,
}

/// A Media Type Object.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MediaType {
    pub(crate) schema: Value,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) examples: Map<String, Value>,
}

impl MediaType {
    /// The content of a body in one content type.
    pub(crate) fn content(content_type: &'static str, schema: Value) -> Members<Self> {
        let examples = Map::new();
        Members::one(content_type, Self { schema, examples })
    }
}

impl OperationObject {
    /// Every schema of the operation, for renaming what they refer to.
    pub(crate) fn schemas_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        let parameters = self
            .parameters
            .iter_mut()
            .map(|parameter| &mut parameter.schema);
        let request = self
            .request_body
            .iter_mut()
            .flat_map(|body| body.content.values_mut());
        let responses = self
            .responses
            .values_mut()
            .flat_map(|response| response.content.values_mut());
        let own: Vec<&mut Value> = parameters
            .chain(request.chain(responses).map(|media| &mut media.schema))
            .collect();
        let of_callbacks = self
            .callbacks
            .values_mut()
            .flat_map(IndexMap::values_mut)
            .flat_map(PathItem::operations_mut)
            .flat_map(|operation| operation.schemas_mut().collect::<Vec<_>>());
        own.into_iter().chain(of_callbacks.collect::<Vec<_>>())
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}
