//! A described request becomes an operation of the document.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::components::Components;
use super::members::Members;
use super::object::{MediaType, OperationObject, ParameterObject, RequestBody, ResponseObject};
use super::{describe, docs, operation_id};
use crate::descriptor::Operation;
use crate::method::Method;
use crate::schemas::Schemas;

impl Operation {
    /// The operation on this path.
    pub(crate) fn describe(
        &self,
        path: &str,
        components: &mut Components,
    ) -> (Method, OperationObject) {
        let operation_id = self
            .id
            .clone()
            .unwrap_or_else(|| operation_id::of_route(path, self.method));
        let summary = self
            .summary
            .clone()
            .unwrap_or_else(|| docs::title_case(&operation_id));
        let operation = OperationObject {
            tags: self.tags.clone(),
            description: if self.description.is_empty() {
                summary.clone()
            } else {
                self.description.clone()
            },
            summary,
            external_docs: None,
            operation_id,
            parameters: self.parameter_objects(path, components),
            request_body: self.body.map(|(add, required)| RequestBody {
                description: "",
                content: MediaType::content("application/json", components.add(add)),
                required,
            }),
            responses: self.responses_object(components),
            callbacks: IndexMap::new(),
            deprecated: self.deprecated,
            security: self
                .security
                .as_ref()
                .map(|all| all.iter().map(describe::requirement).collect()),
            extensions: serde_json::Map::new(),
        };
        (self.method, operation)
    }

    /// Every `{name}` of the path, as text where nothing else was said, then the other parameters.
    fn parameter_objects(&self, path: &str, components: &mut Components) -> Vec<ParameterObject> {
        let mut parameters = Vec::new();
        for name in path_names(path) {
            let add = self
                .path_parameters
                .iter()
                .find(|(said, _)| said == name)
                .map(|(_, add)| *add);
            parameters.push(ParameterObject {
                name: name.to_owned(),
                location: "path",
                description: format!("The part `{{{name}}}` of the path."),
                required: true,
                schema: components.add(add.unwrap_or(Schemas::add::<String>)),
                example: None,
            });
        }
        parameters.extend(
            self.parameters
                .iter()
                .map(|one| describe::parameter(one, components)),
        );
        parameters
    }

    fn responses_object(&self, components: &mut Components) -> Members<ResponseObject> {
        let mut responses = Members::default();
        for (status, description, body) in &self.responses {
            let content = body.map_or_else(Members::default, |(content_type, add)| {
                MediaType::content(content_type, components.add(add))
            });
            let description = Cow::Owned(description.clone());
            let response = ResponseObject {
                description,
                content,
            };
            responses.set(status.clone(), response);
        }
        if responses.is_empty() {
            let success = ResponseObject {
                description: Cow::Borrowed("Success"),
                content: Members::default(),
            };
            responses.set("200", success);
        }
        responses
    }
}

/// The names in braces of a path; axum's `{*rest}` is called `rest`.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.trim_start_matches('*'))
}
