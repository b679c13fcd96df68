//! The security schemes of a document: those of merged documents, declared ones, and those of signatures.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::builder::OpenApi;
use super::info::SecurityScheme;
use super::object::PathItem;
use super::pointer::escape;
use crate::catalogue::Catalogue;
use crate::descriptor::json_value;

/// All security schemes by name: of merged documents, declared ones, and those of signatures.
pub(super) fn schemes(
    openapi: &OpenApi,
    merged: Map<String, Value>,
    problems: &mut Vec<String>,
) -> IndexMap<String, Value> {
    let mut schemes: IndexMap<String, Value> = merged.into_iter().collect();
    let declared = openapi
        .security_schemes
        .iter()
        .map(|(name, scheme)| (name.clone(), json_value(scheme)));
    let signatures = openapi
        .catalogues
        .iter()
        .filter_map(Catalogue::signed)
        .map(|signed| {
            let scheme = SecurityScheme::api_key_header(signed.signature_header.as_str());
            let described = if signed.description.is_empty() {
                scheme
            } else {
                scheme.description(&signed.description)
            };
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

/// Says which schemes are named and not declared.
pub(super) fn check(
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
            let operations = item
                .operations()
                .flat_map(|(_, operation)| operation.security.iter().flatten());
            for scheme in operations.flat_map(IndexMap::keys) {
                undeclared.insert((scheme, format!("{kind} `{name}`")));
            }
        }
    }
    for (scheme, user) in undeclared
        .iter()
        .filter(|(scheme, _)| !schemes.contains_key(*scheme))
    {
        problems.push(format!(
            "{user} names the security scheme `{scheme}`, which the document does not declare \
             (#/components/securitySchemes/{}): add `.security_scheme(\"{scheme}\", SecurityScheme::..)`",
            escape(scheme)
        ));
    }
}
