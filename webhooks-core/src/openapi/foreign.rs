//! What merged documents brought, taken apart: each section joins its part with ours.

use serde_json::{Map, Value};

use super::complete::complete;
use super::findings::Findings;
use super::info::{ExternalDocumentation, Info, Server};
use super::merge::{operation_ids, push_down_security};
use super::operation_id::OperationIds;
use super::unresolved;
use super::version::OpenApiVersion;
use crate::descriptor::json_value;
use crate::warning::Warning;

/// The parts of the documents that an app already has.
#[derive(Debug, Default)]
pub(super) struct ForeignDocument {
    pub(super) version: Option<OpenApiVersion>,
    pub(super) paths: Map<String, Value>,
    pub(super) webhooks: Map<String, Value>,
    pub(super) schemas: Map<String, Value>,
    pub(super) security_schemes: Map<String, Value>,
    /// Other kinds of components.
    pub(super) components: Map<String, Value>,
    /// The operation ids, with where they stand.
    pub(super) ids: OperationIds,
    /// References that lead nowhere in these documents. In ours there may be what they name.
    unresolved: Vec<Warning>,
    /// Members of the document that are left.
    rest: Map<String, Value>,
}

impl ForeignDocument {
    /// Takes documents that were joined to one. Where we have another rule of security for all operations, theirs keep
    /// their own.
    pub(super) fn of(mut members: Map<String, Value>, own_security: Option<&Value>) -> Self {
        if members.is_empty() {
            return Self::default();
        }
        if own_security.is_some() && members.get("security") != own_security {
            push_down_security(&mut members);
        }
        let ids = ids(&members);
        let whole = Value::Object(members);
        let unresolved = unresolved::warnings(&whole);
        let mut rest = object(Some(whole));
        let version = rest.shift_remove("openapi");
        let mut components = object(rest.shift_remove("components"));
        Self {
            version: version.and_then(|version| OpenApiVersion::of(version.as_str()?)),
            paths: object(rest.shift_remove("paths")),
            webhooks: object(rest.shift_remove("webhooks")),
            schemas: object(components.shift_remove("schemas")),
            security_schemes: object(components.shift_remove("securitySchemes")),
            components,
            ids,
            unresolved,
            rest,
        }
    }

    /// Title and version are ours, and so is everything else that we have; the rest stays.
    pub(super) fn info(&mut self, ours: &Info, found: &mut Findings) -> Map<String, Value> {
        let mut info = object(Some(json_value(ours)));
        let theirs = object(self.rest.shift_remove("info"));
        let ignored = &["title", "version"];
        complete(&mut info, theirs, "#/info", ignored, &mut found.warnings);
        info
    }

    pub(super) fn servers(&mut self, ours: &[Server]) -> Vec<Value> {
        let mut servers = self.list("servers");
        for server in ours.iter().map(json_value) {
            if !servers.contains(&server) {
                servers.push(server);
            }
        }
        servers
    }

    pub(super) fn external_docs(
        &mut self,
        ours: Option<&ExternalDocumentation>,
        found: &mut Findings,
    ) -> Option<Value> {
        let theirs = self.rest.shift_remove("externalDocs");
        let Some(ours) = ours.map(json_value) else {
            return theirs;
        };
        if theirs.is_some_and(|theirs| theirs != ours) {
            found.warnings.push(Warning::Overridden {
                pointer: "#/externalDocs".to_owned(),
            });
        }
        Some(ours)
    }

    pub(super) fn tags(&mut self) -> Vec<Value> {
        self.list("tags")
    }

    pub(super) fn security(&mut self) -> Option<Value> {
        self.rest.shift_remove("security")
    }

    /// Warnings of references to nothing, but those to schemas that are ours.
    pub(super) fn unresolved(&mut self, ours: &[(String, String)]) -> Vec<Warning> {
        let mut warnings = std::mem::take(&mut self.unresolved);
        warnings.retain(|warning| match warning {
            Warning::DanglingReference { reference, .. } => {
                let target = super::refs::split(reference);
                let is_ours = |name: &str| {
                    ours.binary_search_by(|(own, _)| own.as_str().cmp(name))
                        .is_ok()
                };
                !target.is_some_and(|(name, _)| is_ours(&name))
            }
            _ => true,
        });
        warnings
    }

    /// Members that no section took.
    pub(super) fn into_rest(self) -> Map<String, Value> {
        self.rest
    }

    fn list(&mut self, member: &str) -> Vec<Value> {
        match self.rest.shift_remove(member) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        }
    }
}

/// Twice inside of one foreign document is that document's business.
fn ids(members: &Map<String, Value>) -> OperationIds {
    let mut ids = OperationIds::default();
    for (id, pointer) in operation_ids(members) {
        let _ = ids.take(id, || of_merged(&pointer));
    }
    ids
}

/// How a problem calls a place in a merged document.
pub(super) fn of_merged(pointer: &str) -> String {
    format!("{pointer} of a merged document")
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}
