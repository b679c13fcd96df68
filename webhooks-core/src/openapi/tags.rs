//! The tags of a document: those that were declared, those of merged documents, and those that are only used.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::complete::complete;
use super::describe::DEFAULT_TAG;
use super::findings::Findings;
use super::info::Tag;
use super::object::PathItem;
use crate::descriptor::json_value;
use crate::warning::Warning;

/// Declared tags first, then those that webhooks have, then the others; each of them in the order of merged documents, and
/// behind these what is only used. A reader comes for the webhooks: an API that was merged stands behind them.
pub(super) fn all(
    declared: &[Tag],
    merged: Vec<Value>,
    [of_webhooks, of_routes]: &[BTreeSet<&str>; 2],
    found: &mut Findings,
) -> Vec<Value> {
    let mut tags: Vec<Value> = declared.iter().map(json_value).collect();
    join(&mut tags, merged, &mut found.warnings);
    declare(&mut tags, of_webhooks.union(of_routes));
    let is_of_a_webhook = |tag: &Value| {
        let name = tag.get("name").and_then(Value::as_str);
        name.is_some_and(|name| of_webhooks.contains(name))
    };
    tags[declared.len()..].sort_by_key(|tag| !is_of_a_webhook(tag));
    tags
}

/// The tags that operations have.
pub(super) fn used<'a>(items: impl Iterator<Item = &'a PathItem>) -> BTreeSet<&'a str> {
    let operations = items.flat_map(PathItem::operations);
    let tags = operations.flat_map(|(_, operation)| &operation.tags);
    tags.map(String::as_str).collect()
}

/// Joins tags by name. Both descriptions of one tag stay, one after the other.
pub(crate) fn join(tags: &mut Vec<Value>, merged: Vec<Value>, warnings: &mut Vec<Warning>) {
    for (index, tag) in merged.into_iter().enumerate() {
        let name = tag.get("name").cloned();
        let same = tags
            .iter_mut()
            .find(|other| **other == tag || (name.is_some() && other.get("name") == name.as_ref()));
        match (same, tag) {
            (None, tag) => tags.push(tag),
            (Some(Value::Object(mine)), Value::Object(theirs)) => {
                join_one(mine, theirs, &format!("#/tags/{index}"), warnings);
            }
            // Equal, and no object.
            (Some(_), _) => {}
        }
    }
}

fn join_one(
    mine: &mut Map<String, Value>,
    mut theirs: Map<String, Value>,
    pointer: &str,
    warnings: &mut Vec<Warning>,
) {
    if let (Some(Value::String(first)), Some(Value::String(second))) =
        (mine.get_mut("description"), theirs.get("description"))
    {
        if !first.contains(second.as_str()) {
            *first = format!("{first}\n\n{second}");
        }
        theirs.shift_remove("description");
    }
    complete(mine, theirs, pointer, &[], warnings);
}

/// Declares the tags that are used and not declared.
fn declare<'a>(tags: &mut Vec<Value>, used: impl Iterator<Item = &'a &'a str>) {
    for &name in used {
        if tags
            .iter()
            .any(|tag| tag.get("name").is_some_and(|one| one == name))
        {
            continue;
        }
        tags.push(match name {
            DEFAULT_TAG => {
                json!({ "name": name, "description": "Requests that this API sends to its subscribers." })
            }
            _ => json!({ "name": name }),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_both_declare_loses_nothing() {
        let mut tags = vec![
            json!({ "name": "a", "description": "Mine." }),
            json!({ "name": "b" }),
        ];
        let merged = vec![
            json!({ "name": "b", "description": "Theirs.", "x-order": 1 }),
            json!({ "name": "a", "description": "Theirs.", "externalDocs": { "url": "u" } }),
            json!({ "name": "c" }),
        ];
        let mut warnings = Vec::new();
        join(&mut tags, merged.clone(), &mut warnings);
        let expected = [
            json!({ "name": "a", "description": "Mine.\n\nTheirs.", "externalDocs": { "url": "u" } }),
            json!({ "name": "b", "description": "Theirs.", "x-order": 1 }),
            json!({ "name": "c" }),
        ];
        assert_eq!(tags, expected);
        join(&mut tags, merged, &mut warnings);
        assert_eq!(
            (tags.as_slice(), warnings.len()),
            (expected.as_slice(), 0),
            "a second time changes nothing"
        );
    }

    #[test]
    fn tags_of_webhooks_stand_before_those_that_others_have_and_behind_declared_ones() {
        let declared = [Tag::new("z")];
        let merged = ["api", "payments", "admin"].map(|name| json!({ "name": name }));
        let used = [["refunds", "payments", "z"], ["api", "users", "payments"]];
        let used = used.map(|tags| tags.into_iter().collect());
        let tags = all(&declared, merged.to_vec(), &used, &mut Findings::default());
        let names: Vec<_> = tags.iter().map(|tag| tag["name"].as_str()).collect();
        let expected = ["z", "payments", "refunds", "api", "admin", "users"];
        assert_eq!(names, expected.map(Some));
    }

    #[test]
    fn what_cannot_be_joined_is_reported_with_its_place_in_the_merged_document() {
        let mut tags = vec![json!({ "name": "a", "externalDocs": { "url": "mine" } })];
        let mut warnings = Vec::new();
        join(
            &mut tags,
            vec![
                json!({ "name": "z" }),
                json!({ "name": "a", "externalDocs": { "url": "u" } }),
            ],
            &mut warnings,
        );
        assert_eq!(
            warnings,
            [Warning::Overridden {
                pointer: "#/tags/1/externalDocs".to_owned()
            }]
        );
    }
}
