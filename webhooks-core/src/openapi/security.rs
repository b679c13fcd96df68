//! The security schemes of a document: those of merged documents, declared ones, and those of signatures.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::describe;
use super::findings::Findings;
use super::info::SecurityScheme;
use super::path_items::PathItems;
use super::pointer::escape;
use crate::catalogue::Catalogue;
use crate::descriptor::{Security, json_value};

/// Alternatives as a document says them.
pub(super) fn requirements(alternatives: &[Security]) -> Value {
    let all = alternatives.iter().map(describe::requirement);
    json_value(&all.collect::<Vec<_>>())
}

/// All security schemes by name: of merged documents, declared ones, and those of signatures.
pub(super) fn schemes(
    merged: Map<String, Value>,
    declared: &IndexMap<String, SecurityScheme>,
    catalogues: &[Catalogue],
    found: &mut Findings,
) -> IndexMap<String, Value> {
    let mut schemes: IndexMap<String, Value> = merged.into_iter().collect();
    let declared = declared
        .iter()
        .map(|(name, scheme)| (name.clone(), json_value(scheme)));
    let signatures = catalogues
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
            found.problem(format!(
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
    of_routes: &[Security],
    sections: [(&str, &str, &PathItems); 2],
    schemes: &IndexMap<String, Value>,
    found: &mut Findings,
) {
    let mut undeclared: BTreeSet<(&str, String)> = BTreeSet::new();
    for security in of_routes {
        undeclared.insert((security.scheme, "the document".to_owned()));
    }
    for (kind, _, items) in sections {
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
        found.problem(format!(
            "{user} names the security scheme `{scheme}`, which the document does not declare \
             (#/components/securitySchemes/{}): add `.security_scheme(\"{scheme}\", SecurityScheme::..)`",
            escape(scheme)
        ));
    }
}
