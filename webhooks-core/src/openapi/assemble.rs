//! From the parts of [`OpenApi`] to a checked [`Document`].
//!
//! A pipeline of values: what routes and webhooks are is described, the schemas that they refer to get their names, and
//! each section of the document joins ours with what merged documents have. Everything is sorted before it is described,
//! so that the document is the same bytes, however the linker ordered the webhooks.

use serde_json::{Map, Value};

use super::builder::OpenApi;
use super::components::{ComponentSchemas, Components};
use super::declared_order;
use super::describe;
use super::document::{ComponentsObject, Document};
use super::findings::Findings;
use super::foreign::{self, ForeignDocument, leads_nowhere};
use super::grammar::ObjectKind;
use super::object::{OperationObject, PathItem};
use super::path_items::{self, PathItems};
use super::pointer::escape;
use super::version::OpenApiVersion;
use super::{refs, security, tags};
use crate::catalogue::Catalogue;
use crate::descriptor::{Operation, json_value};
use crate::error::BuildError;

impl OpenApi {
    /// Checks and builds the document.
    ///
    /// # Errors
    ///
    /// When webhooks, routes and merged documents contradict each other: the same webhook or route twice, the same
    /// operation id twice, a security scheme that is used but not declared, a merged document that is not a document of
    /// OpenAPI, a method that the [version](Self::version) does not have. All problems are reported together.
    pub fn build(self) -> Result<Document, BuildError> {
        let Self {
            version,
            info,
            servers,
            tags,
            external_docs,
            routes,
            security,
            security_schemes,
            merged,
            catalogues,
            findings,
            strict,
            shows_hidden,
        } = self;
        let mut found = with_catalogues(findings, &catalogues);
        let own_security = security.as_deref().map(security::requirements);
        let foreign = ForeignDocument::of(merged, own_security.as_ref());
        let version = chosen(version, foreign.version, &mut found);
        let described = Description::of(&routes, (&catalogues, shows_hidden), &mut found);
        let named = described.named(foreign.schemas, &mut found);
        let dangling = foreign.unresolved.into_iter();
        let dangling = dangling.filter(|warning| leads_nowhere(warning, &named.schemas));
        found.warnings.extend(dangling);

        let sections = named.sections();
        path_items::check_methods(version, sections, &mut found);
        path_items::check_operation_ids(foreign.ids, sections, &mut found);
        let schemes = foreign.security_schemes;
        let schemes = security::schemes(schemes, &security_schemes, &catalogues, &mut found);
        let of_routes = security.as_deref().unwrap_or_default();
        security::check(of_routes, sections, &schemes, &mut found);
        let used_by = [&named.webhooks, &named.paths].map(|items| tags::used(items.values()));
        let tags = tags::all(&tags, foreign.tags, &used_by, &mut found);

        let mut components = foreign.components;
        if !schemes.is_empty() {
            components.insert("securitySchemes".to_owned(), json_value(&schemes));
        }
        let docs = external_docs.as_ref();
        Ok(Document {
            version,
            info: foreign::join_info(&info, foreign.info, &mut found),
            servers: foreign::join_servers(&servers, foreign.servers),
            security: own_security.or(foreign.security),
            tags,
            external_docs: foreign::join_external_docs(docs, foreign.external_docs, &mut found),
            paths: path_items::join("paths", foreign.paths, named.paths, &mut found),
            webhooks: path_items::join("webhooks", foreign.webhooks, named.webhooks, &mut found),
            components: ComponentsObject {
                merged: named.merged,
                ours: named.schemas,
                rest: components,
            },
            extra: foreign.rest,
            // What was found is complete when all of the above has been joined.
            warnings: found.into_warnings(strict)?,
        })
    }

    /// Builds the document and writes it as indented JSON: `build()?.to_json()`.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn to_json(self) -> Result<String, BuildError> {
        Ok(self.build()?.to_json())
    }
}

/// What the catalogues found comes before what merging found.
fn with_catalogues(mut found: Findings, catalogues: &[Catalogue]) -> Findings {
    let of_catalogues = catalogues.iter().flat_map(Catalogue::warnings).cloned();
    found.warnings.splice(0..0, of_catalogues);
    found
}

/// The version that was asked for; else that of the merged documents, so that nothing of them is lost.
fn chosen(
    asked: Option<OpenApiVersion>,
    merged: Option<OpenApiVersion>,
    found: &mut Findings,
) -> OpenApiVersion {
    let merged = merged.unwrap_or_default();
    let Some(asked) = asked else {
        return merged;
    };
    if merged > asked {
        found.problem(format!(
            "a merged document is OpenAPI {}, and {} was asked for: leave `.version(..)` out, or say the newer one",
            merged.as_str(),
            asked.as_str()
        ));
    }
    asked
}

/// Routes and webhooks as operations, whose references do not have their final names yet.
struct Description {
    paths: PathItems,
    webhooks: PathItems,
    components: Components,
}

/// Routes and webhooks as operations, and the schemas that they refer to.
struct NamedDescription {
    paths: PathItems,
    webhooks: PathItems,
    schemas: Vec<(String, String)>,
    /// The schemas of merged documents.
    merged: Map<String, Value>,
}

impl NamedDescription {
    /// Kind, member of the document, and what is in it.
    fn sections(&self) -> [(&'static str, &'static str, &PathItems); 2] {
        [
            ("the route", "paths", &self.paths),
            ("the webhook", "webhooks", &self.webhooks),
        ]
    }
}

impl Description {
    fn of(
        routes: &[(String, Operation)],
        catalogues: (&[Catalogue], bool),
        found: &mut Findings,
    ) -> Self {
        let mut components = Components::default();
        Self {
            paths: describe_routes(routes, &mut components, found),
            webhooks: describe_webhooks(catalogues, &mut components, found),
            components,
        }
    }

    /// Gives each schema its name, next to those that merged documents have, and lets the references follow.
    fn named(mut self, mut merged: Map<String, Value>, found: &mut Findings) -> NamedDescription {
        let ComponentSchemas {
            schemas,
            shared,
            names,
            warnings,
        } = self.components.finish(&merged);
        found.warnings.extend(warnings);
        if !names.is_empty() {
            let items = self.paths.values_mut().chain(self.webhooks.values_mut());
            items
                .flat_map(PathItem::operations_mut)
                .flat_map(OperationObject::schemas_mut)
                .for_each(|schema| refs::rename(schema, ObjectKind::Schema, &names));
        }
        restore_order(&mut merged, &shared);
        NamedDescription {
            paths: self.paths,
            webhooks: self.webhooks,
            schemas,
            merged,
        }
    }
}

/// Shows the fields of a type that another derive describes too in the order of their declaration.
fn restore_order(merged: &mut Map<String, Value>, shared: &[(String, String)]) {
    for (name, text) in shared {
        if let (Some(theirs), Ok(ours)) = (merged.get_mut(name), serde_json::from_str(text)) {
            declared_order::restore(theirs, &ours);
        }
    }
}

fn describe_routes(
    routes: &[(String, Operation)],
    components: &mut Components,
    found: &mut Findings,
) -> PathItems {
    let mut paths = PathItems::new();
    for (path, operation) in routes {
        if !path.starts_with('/') {
            found.problem(format!(
                "the path `{path}` (#/paths/{}) does not begin with `/`; webhooks go into `.webhooks(..)`",
                escape(path)
            ));
        }
        // axum writes `{*rest}` for what OpenAPI can only call `{rest}`.
        let key = path.replace("{*", "{");
        let (method, operation) = operation.describe(path, components);
        if !paths.entry(key).or_default().insert(method, operation) {
            let pointer = format!("#/paths/{}/{}", escape(path), method.key());
            found.problem(format!(
                "{method} {path} ({pointer}) is described twice: leave one of them out"
            ));
        }
    }
    paths
}

fn describe_webhooks(
    (catalogues, shows_hidden): (&[Catalogue], bool),
    components: &mut Components,
    found: &mut Findings,
) -> PathItems {
    let mut entries: Vec<_> = catalogues
        .iter()
        .flat_map(|catalogue| {
            catalogue
                .iter()
                .map(move |entry| (entry, catalogue.signed()))
        })
        .filter(|(entry, _)| shows_hidden || entry.is_documented())
        .collect();
    entries.sort_by_key(|(entry, _)| {
        (
            entry.name(),
            entry.methods(),
            entry.descriptor().source_location(),
        )
    });
    let mut webhooks = PathItems::with_capacity(entries.len());
    for (entry, signed) in entries {
        let item = webhooks.entry(entry.name().to_string()).or_default();
        for (method, operation) in describe::webhook(entry, signed, components) {
            if !item.insert(method, operation) {
                let name = entry.name();
                let pointer = format!("#/webhooks/{}/{}", escape(name.as_str()), method.key());
                found.problem(format!(
                    "`{name}` is in two of the catalogues with {method} ({pointer})"
                ));
            }
        }
    }
    webhooks
}
