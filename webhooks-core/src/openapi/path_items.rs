//! Our path items, under `paths` and under `webhooks`, next to those of merged documents.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::findings::Findings;
use super::foreign::of_merged;
use super::object::PathItem;
use super::operation_id::OperationIds;
use super::pointer::escape;
use super::version::OpenApiVersion;
use crate::descriptor::json_value;

/// Path items by name, in the order of the document.
pub(super) type PathItems = IndexMap<String, PathItem>;

/// A path item of a finished document: ours, or one that came with a merged document.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(untagged)]
pub(super) enum Item {
    Ours(PathItem),
    Merged(Value),
}

/// Ours joined with theirs: one of the same name shares its place, but no method.
pub(super) fn join(
    member: &str,
    theirs: Map<String, Value>,
    ours: PathItems,
    found: &mut Findings,
) -> IndexMap<String, Item> {
    if theirs.is_empty() {
        let ours = ours.into_iter();
        return ours.map(|(name, item)| (name, Item::Ours(item))).collect();
    }
    let mut items: IndexMap<String, Item> = theirs
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
                    let theirs = item.get(method.key());
                    if theirs.is_some_and(|other| *other != operation) {
                        let pointer = format!("#/{member}/{}/{}", escape(&name), method.key());
                        found.problem(format!(
                            "a merged document has another {pointer}: leave one of them out"
                        ));
                    }
                    item.insert(method.key().to_owned(), operation);
                }
            }
            Some(_) => found.problem(format!(
                "#/{member}/{} of a merged document is not an object",
                escape(&name)
            )),
        }
    }
    items
}

/// Says which operation ids are taken twice, over paths and webhooks together.
pub(super) fn check_operation_ids(
    mut ids: OperationIds,
    sections: [(&str, &str, &PathItems); 2],
    found: &mut Findings,
) {
    // In most documents no id is taken twice, and then no owner's name is written.
    if ids.is_empty() && has_each_id_once(sections) {
        return;
    }
    for (kind, member, items) in sections {
        for (name, item) in items {
            for (method, operation) in item.operations() {
                let pointer = || format!("#/{member}/{}/{}", escape(name), method.key());
                // What a merged document has in the same place is compared when both are joined.
                let first = ids.owner(&operation.operation_id);
                if first.is_some_and(|first| first == of_merged(&pointer())) {
                    continue;
                }
                let owner = || format!("{kind} `{name}` ({method})");
                if let Err(problem) = ids.take(&operation.operation_id, owner) {
                    found.problem(format!("{}/operationId: {problem}", pointer()));
                }
            }
        }
    }
}

fn has_each_id_once(sections: [(&str, &str, &PathItems); 2]) -> bool {
    let count = sections.iter().map(|(_, _, items)| items.len()).sum();
    let mut ids = HashSet::with_capacity(count);
    let items = sections
        .into_iter()
        .flat_map(|(_, _, items)| items.values());
    let mut operations = items.flat_map(PathItem::operations);
    operations.all(|(_, operation)| ids.insert(operation.operation_id.as_str()))
}

/// Says which methods the version of the document does not have.
pub(super) fn check_methods(
    version: OpenApiVersion,
    sections: [(&str, &str, &PathItems); 2],
    found: &mut Findings,
) {
    for (kind, member, items) in sections {
        for (name, item) in items {
            let unknown = item
                .operations()
                .filter(|(method, _)| !version.has(*method));
            for (method, _) in unknown {
                found.problem(format!(
                    "{kind} `{name}` (#/{member}/{}/{}) uses {method}, which OpenAPI {} does not have: say \
                     `.version(OpenApiVersion::V3_2)`",
                    escape(name),
                    method.key(),
                    version.as_str()
                ));
            }
        }
    }
}
