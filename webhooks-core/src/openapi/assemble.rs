//! From the parts of [`OpenApi`] to a checked [`Document`].
//!
//! Everything is sorted before schemas are generated, because schemars numbers types of one name in the order of
//! their visit: the document is the same bytes, however the linker ordered the webhooks.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::builder::OpenApi;
use super::components::{Components, Finished};
use super::describe;
use super::document::{ComponentsObject, Document, Item};
use super::info::SecurityScheme;
use super::merge::escape;
use super::object::{OperationObject, PathItem};
use super::operation_id::OperationIds;
use super::refs;
use crate::catalogue::{Catalogue, Warning};
use crate::descriptor::json_value;
use crate::error::BuildError;
use crate::method::Method;

/// Builds the document, or says everything that is wrong.
pub(super) fn document(mut openapi: OpenApi) -> Result<Document, BuildError> {
    let mut problems = std::mem::take(&mut openapi.problems);
    let mut merged = Merged::take(std::mem::take(&mut openapi.merged));
    let mut components = Components::default();
    let mut paths = routes(&openapi, &mut components, &mut problems);
    let mut webhooks = webhooks(&openapi.catalogues, &mut components, &mut problems);
    let Finished { schemas, names, clashes } = components.finish(&merged.schemas);
    if !names.is_empty() {
        let items = paths.values_mut().chain(webhooks.values_mut());
        items.flat_map(PathItem::operations_mut).flat_map(OperationObject::schemas_mut).for_each(|schema| {
            refs::rename(schema, &names);
        });
    }
    let tags = tags(&openapi, &mut merged, paths.values().chain(webhooks.values()));
    check_operation_ids(&merged, &paths, &webhooks, &mut problems);
    let security_schemes = security_schemes(&openapi, &mut merged, &mut problems);
    check_security(&openapi, &security_schemes, &paths, &webhooks, &mut problems);
    let paths = join("paths", std::mem::take(&mut merged.paths), paths, &mut problems);
    let webhooks = join("webhooks", std::mem::take(&mut merged.webhooks), webhooks, &mut problems);
    let warnings =
        warnings(&openapi.catalogues, &clashes.iter().map(|name| (name, &names[name])).collect::<Vec<_>>());
    if openapi.strict {
        problems.extend(warnings.iter().map(ToString::to_string));
    }
    BuildError::check(problems)?;
    let own_security =
        openapi.security.as_ref().map(|all| all.iter().map(describe::requirement).collect::<Vec<_>>());
    Ok(Document {
        info: merged.info(&openapi),
        servers: merged.list("servers").into_iter().chain(openapi.servers.iter().map(json_value)).collect(),
        security: own_security.map(|own| json_value(&own)).or_else(|| merged.rest.shift_remove("security")),
        tags,
        external_docs: openapi
            .external_docs
            .as_ref()
            .map(json_value)
            .or_else(|| merged.rest.shift_remove("externalDocs")),
        paths,
        webhooks,
        components: all_components(&mut merged, schemas, &security_schemes),
        extra: merged.rest,
        warnings,
    })
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
    fn info(&mut self, openapi: &OpenApi) -> Map<String, Value> {
        let mut info = object(self.rest.shift_remove("info"));
        info.extend(object(Some(json_value(&openapi.info))));
        info
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
            problems
                .push(format!("the path `{path}` does not begin with `/`; webhooks go into `.webhooks(..)`"));
        }
        // axum writes `{*rest}` for what OpenAPI can only call `{rest}`.
        let key = path.replace("{*", "{");
        let (method, operation) = operation.describe(path, components);
        if !paths.entry(key).or_default().insert(method, operation) {
            problems.push(format!("{method} {path} is described twice"));
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
        .flat_map(|catalogue| catalogue.iter().map(move |entry| (entry, catalogue.signed())))
        .filter(|(entry, _)| entry.is_documented())
        .collect();
    entries.sort_by_key(|(entry, _)| (entry.name(), entry.methods(), entry.descriptor().place()));
    let mut webhooks: IndexMap<String, PathItem> = IndexMap::with_capacity(entries.len());
    for (entry, signed) in entries {
        let item = webhooks.entry(entry.name().to_string()).or_default();
        for (method, operation) in describe::webhook(entry, signed, components) {
            if !item.insert(method, operation) {
                problems.push(format!("`{}` is in two of the catalogues with {method}", entry.name()));
            }
        }
    }
    webhooks
}

/// Declared tags first, then those that are only used.
fn tags<'a>(openapi: &OpenApi, merged: &mut Merged, items: impl Iterator<Item = &'a PathItem>) -> Vec<Value> {
    let mut tags: Vec<Value> = openapi.tags.iter().map(json_value).collect();
    let has = |tags: &[Value], name: &Value| tags.iter().any(|tag| tag.get("name") == Some(name));
    for tag in merged.list("tags") {
        if tag.get("name").is_none_or(|name| !has(&tags, name)) {
            tags.push(tag);
        }
    }
    let used: BTreeSet<&String> =
        items.flat_map(PathItem::operations).flat_map(|(_, operation)| &operation.tags).collect();
    for name in used {
        if has(&tags, &json!(name)) {
            continue;
        }
        tags.push(match name.as_str() {
            describe::DEFAULT_TAG => {
                json!({ "name": name, "description": "Requests that this API sends to its subscribers." })
            }
            _ => json!({ "name": name }),
        });
    }
    tags
}

fn check_operation_ids(
    merged: &Merged,
    paths: &IndexMap<String, PathItem>,
    webhooks: &IndexMap<String, PathItem>,
    problems: &mut Vec<String>,
) {
    let mut ids = OperationIds::default();
    let foreign = [("paths", &merged.paths), ("webhooks", &merged.webhooks)];
    for (member, items) in foreign {
        for (name, item) in items {
            let operations =
                Method::ALL.into_iter().filter_map(|method| Some((method, item.get(method.key())?)));
            for (method, operation) in operations {
                if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                    let pointer =
                        format!("#/{member}/{}/{} of a merged document", escape(name), method.key());
                    // Twice inside of one foreign document is that document's business.
                    let _ = ids.take(id, &pointer);
                }
            }
        }
    }
    for (kind, items) in [("the route", paths), ("the webhook", webhooks)] {
        for (name, item) in items {
            for (method, operation) in item.operations() {
                let owner = format!("{kind} `{name}` ({method})");
                problems.extend(ids.take(&operation.operation_id, &owner).err());
            }
        }
    }
}

/// All security schemes by name: of merged documents, declared ones, and those of signatures.
fn security_schemes(
    openapi: &OpenApi,
    merged: &mut Merged,
    problems: &mut Vec<String>,
) -> IndexMap<String, Value> {
    let mut schemes: IndexMap<String, Value> =
        std::mem::take(&mut merged.security_schemes).into_iter().collect();
    let declared = openapi.security_schemes.iter().map(|(name, scheme)| (name.clone(), json_value(scheme)));
    let signatures = openapi.catalogues.iter().filter_map(Catalogue::signed).map(|signed| {
        let scheme = SecurityScheme::api_key_header(signed.signature_header.as_str());
        let described =
            if signed.description.is_empty() { scheme } else { scheme.description(&signed.description) };
        (signed.scheme.clone(), json_value(&described))
    });
    for (name, scheme) in declared.chain(signatures) {
        if schemes.get(&name).is_some_and(|other| *other != scheme) {
            problems.push(format!(
                "there are two different security schemes `{name}` (#/components/securitySchemes/{}): rename one of them",
                escape(&name)
            ));
        }
        schemes.insert(name, scheme);
    }
    schemes
}

fn check_security(
    openapi: &OpenApi,
    schemes: &IndexMap<String, Value>,
    paths: &IndexMap<String, PathItem>,
    webhooks: &IndexMap<String, PathItem>,
    problems: &mut Vec<String>,
) {
    let mut undeclared: BTreeSet<(&str, String)> = BTreeSet::new();
    for security in openapi.security.iter().flatten() {
        undeclared.insert((security.scheme, "the document".to_owned()));
    }
    for (kind, items) in [("the route", paths), ("the webhook", webhooks)] {
        for (name, item) in items {
            let operations = item.operations().flat_map(|(_, operation)| operation.security.iter().flatten());
            for scheme in operations.flat_map(IndexMap::keys) {
                undeclared.insert((scheme, format!("{kind} `{name}`")));
            }
        }
    }
    for (scheme, user) in undeclared.iter().filter(|(scheme, _)| !schemes.contains_key(*scheme)) {
        problems.push(format!(
            "{user} names the security scheme `{scheme}`, which the document does not declare: \
             add `.security_scheme(\"{scheme}\", SecurityScheme::..)`"
        ));
    }
}

/// Our path items beside those of merged documents; one of the same name shares its place, but no method.
fn join(
    member: &str,
    merged: Map<String, Value>,
    ours: IndexMap<String, PathItem>,
    problems: &mut Vec<String>,
) -> IndexMap<String, Item> {
    let mut items: IndexMap<String, Item> =
        merged.into_iter().map(|(name, item)| (name, Item::Merged(item))).collect();
    for (name, ours) in ours {
        match items.get_mut(&name) {
            None => {
                items.insert(name, Item::Ours(ours));
            }
            Some(Item::Merged(Value::Object(item))) => {
                for (method, operation) in ours.operations() {
                    let operation = json_value(operation);
                    if item.get(method.key()).is_some_and(|other| *other != operation) {
                        let pointer = format!("#/{member}/{}/{}", escape(&name), method.key());
                        problems
                            .push(format!("a merged document has another {pointer}: leave one of them out"));
                    }
                    item.insert(method.key().to_owned(), operation);
                }
            }
            Some(_) => {
                problems.push(format!("#/{member}/{} of a merged document is no object", escape(&name)));
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
    ComponentsObject { schemas: merged_schemas.into_iter().chain(schemas).collect(), rest }
}

fn warnings(catalogues: &[Catalogue], renamed: &[(&String, &String)]) -> Vec<Warning> {
    let renamed =
        renamed.iter().map(|(from, to)| Warning::SchemaRenamed { from: (*from).clone(), to: (*to).clone() });
    catalogues.iter().flat_map(Catalogue::warnings).cloned().chain(renamed).collect()
}
