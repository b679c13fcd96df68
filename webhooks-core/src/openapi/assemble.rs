//! From the parts of [`OpenApi`] to a checked [`Document`].
//!
//! Everything is sorted before schemas are generated, because schemars numbers types of one name in the order of
//! their visit: the document is the same bytes, however the linker ordered the webhooks.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::builder::OpenApi;
use super::complete::complete;
use super::components::{Components, Finished};
use super::describe;
use super::document::{ComponentsObject, Document, Item};
use super::grammar::ObjectKind;
use super::merge::{Findings, operation_ids, push_down_security};
use super::object::{OperationObject, PathItem};
use super::operation_id::OperationIds;
use super::pointer::escape;
use super::{refs, security, tags, unresolved};
use crate::catalogue::Catalogue;
use crate::descriptor::json_value;
use crate::error::BuildError;
use crate::warning::Warning;

/// Builds the document, or says everything that is wrong.
pub(super) fn document(mut openapi: OpenApi) -> Result<Document, BuildError> {
    let Findings {
        mut problems,
        warnings: merging,
    } = std::mem::take(&mut openapi.findings);
    let mut warnings: Vec<Warning> = openapi
        .catalogues
        .iter()
        .flat_map(Catalogue::warnings)
        .cloned()
        .collect();
    warnings.extend(merging);
    let has_merged = !openapi.merged.is_empty();
    let own_security = own_security(&mut openapi);
    let ids = foreign_ids(&openapi.merged);
    let mut merged = Merged::take(std::mem::take(&mut openapi.merged));
    let mut components = Components::default();
    let mut paths = routes(&openapi, &mut components, &mut problems);
    let mut webhooks = webhooks(&openapi.catalogues, &mut components, &mut problems);
    let Finished {
        schemas,
        names,
        clashes,
    } = components.finish(&merged.schemas);
    warnings.extend(clashes.iter().map(|name| Warning::SchemaRenamed {
        from: name.clone(),
        to: names[name].clone(),
    }));
    if !names.is_empty() {
        let items = paths.values_mut().chain(webhooks.values_mut());
        items
            .flat_map(PathItem::operations_mut)
            .flat_map(OperationObject::schemas_mut)
            .for_each(|schema| {
                refs::rename(schema, ObjectKind::Schema, &names);
            });
    }
    let tags = all_tags(
        &openapi,
        &mut merged,
        paths.values().chain(webhooks.values()),
        &mut warnings,
    );
    check_operation_ids(ids, &paths, &webhooks, &mut problems);
    let foreign_schemes = std::mem::take(&mut merged.security_schemes);
    let security_schemes = security::schemes(&openapi, foreign_schemes, &mut problems);
    security::check(
        &openapi,
        &security_schemes,
        &paths,
        &webhooks,
        &mut problems,
    );
    let paths = join(
        "paths",
        std::mem::take(&mut merged.paths),
        paths,
        &mut problems,
    );
    let webhooks = join(
        "webhooks",
        std::mem::take(&mut merged.webhooks),
        webhooks,
        &mut problems,
    );
    let mut document = Document {
        info: merged.info(&openapi, &mut warnings),
        servers: merged.servers(&openapi),
        security: own_security.or_else(|| merged.rest.shift_remove("security")),
        tags,
        external_docs: merged.external_docs(&openapi, &mut warnings),
        paths,
        webhooks,
        components: all_components(&mut merged, schemas, &security_schemes),
        extra: merged.rest,
        warnings: Vec::new(),
    };
    if has_merged {
        warnings.extend(unresolved::warnings(&document.to_value()));
    }
    if openapi.strict {
        problems.extend(warnings.iter().map(ToString::to_string));
    }
    BuildError::check(problems)?;
    document.warnings = warnings;
    Ok(document)
}

/// Our rule for all routes. Where merged documents have another, their operations keep it.
fn own_security(openapi: &mut OpenApi) -> Option<Value> {
    let own = openapi
        .security
        .as_ref()?
        .iter()
        .map(describe::requirement)
        .collect::<Vec<_>>();
    let own = json_value(&own);
    if openapi.merged.get("security") != Some(&own) {
        push_down_security(&mut openapi.merged);
    }
    Some(own)
}

/// Twice inside of one foreign document is that document's business.
fn foreign_ids(merged: &Map<String, Value>) -> OperationIds {
    let mut ids = OperationIds::default();
    for (id, pointer) in operation_ids(merged) {
        let _ = ids.take(id, &of_merged(&pointer));
    }
    ids
}

fn of_merged(pointer: &str) -> String {
    format!("{pointer} of a merged document")
}

/// What merged documents brought, taken apart.
struct Merged {
    paths: Map<String, Value>,
    webhooks: Map<String, Value>,
    schemas: Map<String, Value>,
    security_schemes: Map<String, Value>,
    /// Other kinds of components.
    components: Map<String, Value>,
    rest: Map<String, Value>,
}

impl Merged {
    fn take(mut rest: Map<String, Value>) -> Self {
        rest.shift_remove("openapi");
        let mut components = object(rest.shift_remove("components"));
        Self {
            paths: object(rest.shift_remove("paths")),
            webhooks: object(rest.shift_remove("webhooks")),
            schemas: object(components.shift_remove("schemas")),
            security_schemes: object(components.shift_remove("securitySchemes")),
            components,
            rest,
        }
    }

    /// Title and version are ours, and so is everything else that was said; the rest stays.
    fn info(&mut self, openapi: &OpenApi, warnings: &mut Vec<Warning>) -> Map<String, Value> {
        let mut info = object(Some(json_value(&openapi.info)));
        complete(
            &mut info,
            object(self.rest.shift_remove("info")),
            "#/info",
            &["title", "version"],
            warnings,
        );
        info
    }

    fn servers(&mut self, openapi: &OpenApi) -> Vec<Value> {
        let mut servers = self.list("servers");
        for server in openapi.servers.iter().map(json_value) {
            if !servers.contains(&server) {
                servers.push(server);
            }
        }
        servers
    }

    fn external_docs(&mut self, openapi: &OpenApi, warnings: &mut Vec<Warning>) -> Option<Value> {
        let theirs = self.rest.shift_remove("externalDocs");
        let Some(ours) = openapi.external_docs.as_ref().map(json_value) else {
            return theirs;
        };
        if theirs.is_some_and(|theirs| theirs != ours) {
            warnings.push(Warning::Overridden {
                pointer: "#/externalDocs".to_owned(),
            });
        }
        Some(ours)
    }

    fn list(&mut self, member: &str) -> Vec<Value> {
        match self.rest.shift_remove(member) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        }
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn routes(
    openapi: &OpenApi,
    components: &mut Components,
    problems: &mut Vec<String>,
) -> IndexMap<String, PathItem> {
    let mut paths: IndexMap<String, PathItem> = IndexMap::new();
    for (path, operation) in &openapi.routes {
        if !path.starts_with('/') {
            problems.push(format!(
                "the path `{path}` (#/paths/{}) does not begin with `/`; webhooks go into `.webhooks(..)`",
                escape(path)
            ));
        }
        // axum writes `{*rest}` for what OpenAPI can only call `{rest}`.
        let key = path.replace("{*", "{");
        let (method, operation) = operation.describe(path, components);
        if !paths.entry(key).or_default().insert(method, operation) {
            let pointer = format!("#/paths/{}/{}", escape(path), method.key());
            problems.push(format!(
                "{method} {path} ({pointer}) is described twice: leave one of them out"
            ));
        }
    }
    paths
}

fn webhooks(
    catalogues: &[Catalogue],
    components: &mut Components,
    problems: &mut Vec<String>,
) -> IndexMap<String, PathItem> {
    let mut entries: Vec<_> = catalogues
        .iter()
        .flat_map(|catalogue| {
            catalogue
                .iter()
                .map(move |entry| (entry, catalogue.signed()))
        })
        .filter(|(entry, _)| entry.is_documented())
        .collect();
    entries.sort_by_key(|(entry, _)| {
        (
            entry.name(),
            entry.methods(),
            entry.descriptor().source_location(),
        )
    });
    let mut webhooks: IndexMap<String, PathItem> = IndexMap::with_capacity(entries.len());
    for (entry, signed) in entries {
        let item = webhooks.entry(entry.name().to_string()).or_default();
        for (method, operation) in describe::webhook(entry, signed, components) {
            if !item.insert(method, operation) {
                let pointer = format!("#/webhooks/{}/{}", entry.name(), method.key());
                problems.push(format!(
                    "`{}` is in two of the catalogues with {method} ({pointer})",
                    entry.name()
                ));
            }
        }
    }
    webhooks
}

/// Declared tags first, then those of merged documents, then those that are only used.
fn all_tags<'a>(
    openapi: &OpenApi,
    merged: &mut Merged,
    items: impl Iterator<Item = &'a PathItem>,
    warnings: &mut Vec<Warning>,
) -> Vec<Value> {
    let mut tags: Vec<Value> = openapi.tags.iter().map(json_value).collect();
    tags::join(&mut tags, merged.list("tags"), warnings);
    tags::declare(
        &mut tags,
        items
            .flat_map(PathItem::operations)
            .flat_map(|(_, operation)| &operation.tags),
    );
    tags
}

fn check_operation_ids(
    mut ids: OperationIds,
    paths: &IndexMap<String, PathItem>,
    webhooks: &IndexMap<String, PathItem>,
    problems: &mut Vec<String>,
) {
    for (kind, member, items) in [
        ("the route", "paths", paths),
        ("the webhook", "webhooks", webhooks),
    ] {
        for (name, item) in items {
            for (method, operation) in item.operations() {
                // What a merged document has in the same place is compared when both are joined.
                let pointer = format!("#/{member}/{}/{}", escape(name), method.key());
                if ids.owner(&operation.operation_id) == Some(of_merged(&pointer).as_str()) {
                    continue;
                }
                let owner = format!("{kind} `{name}` ({method})");
                let clash = ids.take(&operation.operation_id, &owner).err();
                problems.extend(clash.map(|problem| format!("{pointer}/operationId: {problem}")));
            }
        }
    }
}

/// Our path items beside those of merged documents; one of the same name shares its place, but no method.
fn join(
    member: &str,
    merged: Map<String, Value>,
    ours: IndexMap<String, PathItem>,
    problems: &mut Vec<String>,
) -> IndexMap<String, Item> {
    let mut items: IndexMap<String, Item> = merged
        .into_iter()
        .map(|(name, item)| (name, Item::Merged(item)))
        .collect();
    for (name, ours) in ours {
        match items.get_mut(&name) {
            None => {
                items.insert(name, Item::Ours(ours));
            }
            Some(Item::Merged(Value::Object(item))) => {
                for (method, operation) in ours.operations() {
                    let operation = json_value(operation);
                    if item
                        .get(method.key())
                        .is_some_and(|other| *other != operation)
                    {
                        let pointer = format!("#/{member}/{}/{}", escape(&name), method.key());
                        problems.push(format!(
                            "a merged document has another {pointer}: leave one of them out"
                        ));
                    }
                    item.insert(method.key().to_owned(), operation);
                }
            }
            Some(_) => {
                problems.push(format!(
                    "#/{member}/{} of a merged document is no object",
                    escape(&name)
                ));
            }
        }
    }
    items
}

/// Components of other kinds stay as they came; security schemes are those of all sides.
fn all_components(
    merged: &mut Merged,
    schemas: impl IntoIterator<Item = (String, Value)>,
    security_schemes: &IndexMap<String, Value>,
) -> ComponentsObject {
    let merged_schemas = std::mem::take(&mut merged.schemas);
    let mut rest = std::mem::take(&mut merged.components);
    if !security_schemes.is_empty() {
        rest.insert("securitySchemes".to_owned(), json_value(security_schemes));
    }
    ComponentsObject {
        schemas: merged_schemas.into_iter().chain(schemas).collect(),
        rest,
    }
}
