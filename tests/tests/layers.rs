//! Nothing imports upward: not inside a crate, and not between the crates.
//!
//! The tables below are the architecture; ARCHITECTURE.md draws the same picture. A new module or crate fails here
//! until it is entered, which is the moment to think about where it belongs.

use webhooks_tests::{source, workspace};

/// The modules of each crate, from the bottom up. A module may use those of its own line and of the lines above it
/// in this list; `lib.rs` may use all.
const LAYERS: &[(&str, &[&[&str]])] = &[
    (
        "webhooks-core",
        &[
            &[
                "envelope", "error", "event", "method", "schemas", "security",
            ],
            &["descriptor"],
            &["listing", "registry", "webhook"],
            &["message"],
            &["catalogue", "codec", "form"],
            &["into_webhooks", "webhooks"],
            &["gateway"],
            &["openapi"],
            &["openapiv3", "page"],
            &["axum"],
            // Re-exports of the macros, which know no module.
            &["attributes"],
            // What generated code names; it reaches everything, and nothing but generated code reaches it.
            &["private"],
        ],
    ),
    (
        "webhooks-macros",
        &[
            &["errors", "names"],
            &["docs"],
            &["args"],
            &["item"],
            &["model"],
            &["check"],
            &["expand"],
        ],
    ),
    (
        "webhooks-receiver",
        &[
            &[
                "chain",
                "error",
                "event_name",
                "message",
                "pointer",
                "public_url",
                "rejection",
                "seldom",
            ],
            &["payload", "scan"],
            &["outcome", "received"],
            &["declared", "handler", "layout"],
            &["routes"],
            &["dispatch", "on"],
            &[
                "authenticate",
                "body",
                "collect",
                "deduplicate",
                "handshake",
                "lookup",
                "report",
            ],
            &["endpoint", "provider"],
            // Below the receiver, because that makes one that is tested.
            &["testing"],
            &["receiver"],
            &["operation", "route"],
            &["attributes"],
            &["private"],
        ],
    ),
    (
        "webhooks-signature",
        &[
            &["algorithm", "error", "text"],
            &[
                "candidate",
                "field",
                "request",
                "secret",
                "timestamp",
                "url",
            ],
            &["form"],
            &["template"],
            &["key"],
            // A scheme makes its own verifier and signer: the three are one thing in three files.
            &["scheme", "sign", "verifier", "verify"],
            &["providers"],
        ],
    ),
    (
        "webhooks-store",
        &[
            &["clock", "error"],
            &["prefix", "reason", "wake"],
            // What a database is, and what is asked of it.
            &["database", "parameters", "statement"],
            &["job", "turn"],
            &["statements"],
            &["migration"],
            &["options", "store"],
            &["record"],
            &["enqueue"],
            &["settle"],
            &["claim", "control", "inspect", "lease", "prune", "writer"],
            &["postgres", "sqlite"],
            &["conformance"],
            &["plans"],
        ],
    ),
    (
        "webhooks-swagger-ui",
        &[&["negotiate"], &["response"], &["asset"], &["page"]],
    ),
    (
        "webhooks-cli",
        &[
            &["merge_patch", "pointer"],
            &["document"],
            &["reference", "walk"],
            &["catalogue"],
            &["diff", "lint"],
            &["source", "terminal"],
            &["command"],
            // The program: one line.
            &["main"],
        ],
    ),
    (
        "webhooks-sender",
        &[
            &["later"],
            &[
                "chance",
                "complaint",
                "guard",
                "health",
                "retry",
                "sql",
                "state",
                "trace",
            ],
            &["client", "model", "plans", "settings"],
            &["dialect"],
            &["document", "error"],
            // `no_schema` stands in for `schema` without the feature `validation`.
            &["no_schema", "schema", "vault"],
            &["shared"],
            // The sender is what its parts are methods of.
            &[
                "engine",
                "operations",
                "publish",
                "replay",
                "sender",
                "subscriptions",
            ],
            &["builder", "queries", "untyped"],
            &["sqlite", "testing"],
        ],
    ),
];

/// The crates of the workspace that a library crate may depend on.
const IMPORTS: &[(&str, &[&str])] = &[
    ("webhooks-macros", &[]),
    ("webhooks-core", &["webhooks-macros"]),
    ("webhooks-signature", &[]),
    ("webhooks-store", &[]),
    (
        "webhooks-receiver",
        &["webhooks-macros", "webhooks-core", "webhooks-signature"],
    ),
    (
        "webhooks-sender",
        &["webhooks-core", "webhooks-signature", "webhooks-store"],
    ),
    ("webhooks-swagger-ui", &[]),
    ("webhooks-cli", &["webhooks-core"]),
];

/// Crates from outside that would weigh on everyone who uses the crate, or tie its version to theirs.
const KEPT_OUT: &[(&str, &[&str])] = &[
    (
        "webhooks-core",
        &["tokio", "hyper", "hyper-util", "reqwest", "sqlx"],
    ),
    (
        "webhooks-signature",
        &["axum", "tokio", "hyper", "hyper-util", "reqwest", "sqlx"],
    ),
    (
        "webhooks-store",
        &["axum", "hyper", "hyper-util", "reqwest"],
    ),
    ("webhooks-receiver", &["hyper-util", "reqwest"]),
    (
        "webhooks-swagger-ui",
        &["tokio", "hyper", "hyper-util", "reqwest", "sqlx"],
    ),
    (
        "webhooks-cli",
        &["axum", "tokio", "hyper", "hyper-util", "reqwest", "sqlx"],
    ),
];

#[test]
fn no_module_imports_upward() {
    let mut edges = Vec::new();
    for name in workspace::libraries() {
        let layers = entry(LAYERS, &name);
        for file in source::library(&name) {
            let shown = workspace::shown(&file.path);
            edges.extend(
                upward(layers, &file.module, &file.syntax)
                    .into_iter()
                    .map(|edge| format!("{shown}: {edge}")),
            );
        }
    }
    assert!(
        edges.is_empty(),
        "tests/tests/layers.rs holds the order of the modules\n{}",
        edges.join("\n")
    );
}

#[test]
fn crates_import_only_what_the_design_allows() {
    let mut edges = Vec::new();
    for name in workspace::libraries() {
        let (allowed, kept_out) = (
            entry(IMPORTS, &name),
            find(KEPT_OUT, &name).unwrap_or_default(),
        );
        for (dependency, _) in dependencies(&name) {
            if dependency.starts_with("webhooks-") && !allowed.contains(&dependency.as_str()) {
                edges.push(format!(
                    "{name} depends on {dependency}, which the design does not allow"
                ));
            }
            if kept_out.contains(&dependency.as_str()) {
                edges.push(format!(
                    "{name} depends on {dependency}, which is to be kept out of it"
                ));
            }
        }
    }
    assert!(edges.is_empty(), "{}", edges.join("\n"));
}

#[test]
fn the_macros_depend_on_syn_quote_and_proc_macro2_only() {
    let names: Vec<String> = dependencies("webhooks-macros")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["proc-macro2", "quote", "syn"]);
}

#[test]
fn core_has_axum_behind_a_feature() {
    let always = dependencies("webhooks-core")
        .into_iter()
        .any(|(name, optional)| name == "axum" && !optional);
    assert!(
        !always,
        "axum must stay optional in webhooks-core: a later axum gets a second feature"
    );
}

#[test]
fn every_way_to_write_an_upward_edge_is_found() {
    let layers: &[&[&str]] = &[&["low"], &["middle"], &["high"]];
    let found = |module: &[&str], text: &str| {
        let module: Vec<String> = module.iter().map(|&name| name.to_owned()).collect();
        upward(
            layers,
            &module,
            &syn::parse_str(text).expect("the case is Rust"),
        )
        .len()
    };
    assert_eq!(found(&["low"], "use crate::high::Thing;"), 1);
    assert_eq!(found(&["low"], "use crate::{middle, high::{A, B}};"), 3);
    assert_eq!(found(&["low"], "fn f() { crate::high::f() }"), 1);
    assert_eq!(found(&["low"], "fn f() -> crate::high::T { loop {} }"), 1);
    assert_eq!(
        found(
            &["low"],
            "fn f() { assert!(crate::high::f(), \"crate::high\") }"
        ),
        1
    );
    assert_eq!(found(&["low"], "use super::high::Thing;"), 1);
    assert_eq!(
        found(&["low", "inner"], "use super::super::high::Thing;"),
        1
    );
    assert_eq!(
        found(&["low"], "use crate::Thing;"),
        1,
        "the root hides where a thing lives"
    );
    assert_eq!(found(&["low"], "use crate::*;"), 1);

    assert_eq!(
        found(
            &["high"],
            "use crate::{low, middle::A}; use crate::high::B;"
        ),
        0
    );
    assert_eq!(
        found(&["low", "inner"], "use super::high::Thing;"),
        0,
        "this is low::high"
    );
    assert_eq!(found(&["low"], "mod inner { use super::*; }"), 0);
    assert_eq!(
        found(&["low"], "pub(crate) fn f() {} pub(super) fn g() {}"),
        0
    );
    assert_eq!(
        found(&["low"], "macro_rules! m { () => { $crate::high::f() } }"),
        0
    );
    assert_eq!(
        found(&[], "use crate::high; pub use low::Thing;"),
        0,
        "lib.rs may use all"
    );
    assert_eq!(found(&["unlisted"], "fn f() {}"), 1);
}

/// The edges of one file that lead upward, as sentences.
fn upward(layers: &[&[&str]], module: &[String], syntax: &syn::File) -> Vec<String> {
    let Some(own) = module.first() else {
        return Vec::new();
    };
    let rank = |name: &str| layers.iter().position(|layer| layer.contains(&name));
    let Some(own_rank) = rank(own) else {
        return vec![format!("the module `{own}` has no place in the layers yet")];
    };
    source::modules_named(module, syntax)
        .into_iter()
        .filter_map(|named| match rank(&named.first) {
            Some(other) if other <= own_rank => None,
            Some(_) => Some(format!("`{}` leads up from `{own}`", named.path)),
            None => Some(format!(
                "`{}` names no module of the layers; name the module it lives in",
                named.path
            )),
        })
        .collect()
}

/// What a crate depends on when it is built, and whether only with a feature; in alphabetical order.
fn dependencies(name: &str) -> Vec<(String, bool)> {
    let packages = workspace::packages();
    let package = packages
        .iter()
        .find(|package| package["name"] == name)
        .expect("a library crate is a package");
    let listed = package["dependencies"]
        .as_array()
        .expect("cargo metadata lists dependencies");
    let mut found: Vec<(String, bool)> = listed
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| {
            let name = dependency["name"]
                .as_str()
                .expect("a dependency has a name");
            (name.to_owned(), dependency["optional"] == true)
        })
        .collect();
    found.sort();
    found
}

fn entry<T: Copy>(table: &[(&str, T)], name: &str) -> T {
    find(table, name).unwrap_or_else(|| {
        panic!("{name} is not in the tables of tests/tests/layers.rs; enter it there")
    })
}

fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table
        .iter()
        .find(|(crate_name, _)| *crate_name == name)
        .map(|(_, value)| *value)
}
