//! Whose types stand in a crate's public API. A breaking version of such a crate is a breaking version of ours.

use std::collections::BTreeSet;

use webhooks_tests::{signatures, source, workspace};

use crate::table::entry;

/// The crates from outside that a crate's public API may name, apart from the standard library.
const NAMED: &[(&str, &[&str])] = &[
    ("webhooks-macros", &[]),
    // The promise that core almost never breaks rests on these four, and on no other.
    (
        "webhooks-core",
        &["indexmap", "schemars", "serde", "serde_json"],
    ),
    ("webhooks-signature", &["serde"]),
    ("webhooks-store", &["sqlx"]),
    ("webhooks-receiver", &["axum", "bytes", "serde"]),
    (
        "webhooks-sender",
        &[
            "bytes",
            "http",
            "ipnet",
            "serde",
            "serde_json",
            "sqlx",
            "tower_layer",
            "tower_service",
        ],
    ),
    ("webhooks-api", &["axum", "http", "serde", "serde_json"]),
    ("webhooks-portal", &["axum", "http"]),
    ("webhooks-swagger-ui", &["axum"]),
    ("webhooks-cli", &["serde", "serde_json"]),
];

/// Modules that exist for one crate and stand behind a feature of its name: a later version gets a second one.
const BEHIND_A_FEATURE: [(&str, &str); 3] = [
    ("axum", "axum"),
    ("openapiv3", "openapiv3"),
    ("web::response", "axum"),
];

#[test]
fn a_public_api_names_no_types_but_those_of_the_crates_listed() {
    let packages = workspace::packages();
    let mut found = Vec::new();
    for name in workspace::libraries() {
        let allowed = entry(NAMED, &name);
        let package = packages.iter().find(|package| package["name"] == *name);
        let dependencies = package.expect("a library is a package")["dependencies"].as_array();
        let dependencies = dependencies.expect("a list").iter();
        let dependencies = dependencies.filter_map(|dependency| dependency["name"].as_str());
        let foreign: BTreeSet<String> = dependencies
            .filter(|dependency| !dependency.starts_with("webhooks-"))
            .map(|dependency| dependency.replace('-', "_"))
            .collect();
        for file in source::library(&name) {
            for named in signatures::crates_named(&file.syntax).intersection(&foreign) {
                let behind = BEHIND_A_FEATURE
                    .iter()
                    .any(|(module, of)| named == of && file.module.join("::").starts_with(module));
                if !behind && !allowed.contains(&named.as_str()) {
                    found.push(format!("{}: {named}", workspace::shown(&file.path)));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "wrap the type, or name the crate in public_types.rs\n{}",
        found.join("\n")
    );
}

#[test]
fn every_place_of_a_foreign_type_is_found() {
    let named = |text: &str| {
        let syntax = syn::parse_str(text).expect("the case is Rust");
        signatures::crates_named(&syntax).contains("axum")
    };
    for text in [
        "pub fn f(_: axum::Router) {}",
        "use axum::Router; pub fn f() -> Vec<Router> { loop {} }",
        "use axum::{body::Body, Router as R}; pub struct S { pub r: R }",
        "use axum::body; pub type B = body::Body;",
        "use axum::Router; pub enum E { A(Router) }",
        "use axum::Router; pub trait T { fn f(&self, r: Router); }",
        "use axum::response::IntoResponse; pub struct S; impl IntoResponse for S {}",
        "use axum::Router; pub struct S; impl S { pub fn f(_: &Router) {} }",
        "pub fn f<T>(_: T) where T: axum::Handler {}",
        "pub use axum::Router;",
    ] {
        assert!(named(text), "{text}");
    }
    for text in [
        "use axum::Router; fn f(_: Router) {}",
        "use axum::Router; pub fn f() { let _ = Router::new(); }",
        "use axum::Router; pub struct S { r: Router }",
        "use axum::Router; pub(crate) fn f(_: Router) {}",
        "use axum::response::IntoResponse; struct S; impl IntoResponse for S {}",
    ] {
        assert!(!named(text), "{text}");
    }
}
