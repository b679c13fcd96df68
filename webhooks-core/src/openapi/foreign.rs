//! What merged documents brought, taken apart: each section joins its part with ours.

use serde_json::{Map, Value};

use super::complete::complete;
use super::findings::Findings;
use super::info::{ExternalDocumentation, Info, Server};
use super::merge::{operation_ids, push_down_security};
use super::operation_id::OperationIds;
use super::refs;
use super::unresolved;
use super::version::OpenApiVersion;
use crate::descriptor::json_value;
use crate::warning::Warning;

/// The parts of the documents that an app already has.
#[derive(Debug, Default)]
pub(super) struct ForeignDocument {
    pub(super) version: Option<OpenApiVersion>,
    pub(super) info: Map<String, Value>,
    pub(super) servers: Vec<Value>,
    pub(super) tags: Vec<Value>,
    pub(super) external_docs: Option<Value>,
    pub(super) security: Option<Value>,
    pub(super) paths: Map<String, Value>,
    pub(super) webhooks: Map<String, Value>,
    pub(super) schemas: Map<String, Value>,
    pub(super) security_schemes: Map<String, Value>,
    /// Other kinds of components.
    pub(super) components: Map<String, Value>,
    /// The operation ids, with where they stand.
    pub(super) ids: OperationIds,
    /// References that lead nowhere in these documents. In ours there may be what they name.
    pub(super) unresolved: Vec<Warning>,
    /// Members of the document that no section takes.
    pub(super) rest: Map<String, Value>,
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
            info: object(rest.shift_remove("info")),
            servers: list(rest.shift_remove("servers")),
            tags: list(rest.shift_remove("tags")),
            external_docs: rest.shift_remove("externalDocs"),
            security: rest.shift_remove("security"),
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
}

/// Title and version are ours, and so is everything else that we have; the rest stays.
pub(super) fn join_info(
    ours: &Info,
    theirs: Map<String, Value>,
    found: &mut Findings,
) -> Map<String, Value> {
    let mut info = object(Some(json_value(ours)));
    let ignored = &["title", "version"];
    complete(&mut info, theirs, "#/info", ignored, &mut found.warnings);
    info
}

/// Theirs first, then those of ours that they do not have.
pub(super) fn join_servers(ours: &[Server], theirs: Vec<Value>) -> Vec<Value> {
    let mut servers = theirs;
    for server in ours.iter().map(json_value) {
        if !servers.contains(&server) {
            servers.push(server);
        }
    }
    servers
}

/// Ours, where we have them.
pub(super) fn join_external_docs(
    ours: Option<&ExternalDocumentation>,
    theirs: Option<Value>,
    found: &mut Findings,
) -> Option<Value> {
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

/// Whether a warning is about a reference that leads to none of our schemas either.
pub(super) fn leads_nowhere(warning: &Warning, ours: &[(String, String)]) -> bool {
    let Warning::DanglingReference { reference, .. } = warning else {
        return true;
    };
    let is_ours = |name: &str| {
        let found = ours.binary_search_by(|(own, _)| own.as_str().cmp(name));
        found.is_ok()
    };
    !refs::split(reference).is_some_and(|(name, _)| is_ours(&name))
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

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}
