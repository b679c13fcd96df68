//! Nothing imports upward inside a crate.
//!
//! The table below is the architecture; ARCHITECTURE.md draws the same picture. A new module fails here until it is
//! entered, which is the moment to think about where it belongs.

use webhooks_tests::{source, workspace};

use crate::table::entry;

/// The modules of each crate, from the bottom up. A module may use those of its own line and of the lines above it
/// in this list; `lib.rs` may use all.
const LAYERS: &[(&str, &[&[&str]])] = &[
    (
        "webhooks-core",
        &[
            &[
                "binding",
                "delivery_terms",
                "envelope",
                "error",
                "finite",
                "method",
                "rules",
                "schemas",
                "security",
                "warning",
            ],
            &["event"],
            &["descriptor"],
            &["listing", "registry", "webhook"],
            &["message"],
            &["catalogue", "codec", "form"],
            &["webhooks"],
            &["into_webhooks"],
            &["gateway"],
            &["openapi"],
            &["web"],
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
                "catch_panic",
                "cursor",
                "log_text",
                "log_throttle",
                "message",
                "pointer",
                "public_url",
                "rejection",
                "similar_names",
                "source",
                "via",
                "wait",
            ],
            &["error_chain", "payload", "scan"],
            &["error"],
            &["handler_return", "received"],
            &["declared", "handler", "layout"],
            &["report", "routes"],
            &["dispatch", "on"],
            &[
                "authenticate",
                "body",
                "collect",
                "deduplicate",
                "handshake",
                "late_handlers",
                "lookup",
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
            &["algorithm", "error", "few", "piece_buffer", "quads", "text"],
            &["request", "request_fields", "secret", "signature_bytes"],
            &["field", "timestamp"],
            &["url"],
            &["form"],
            &["template"],
            &["key"],
            &["jwk"],
            &["scheme"],
            &["field_names", "sign", "verifier"],
            &["verify"],
            &["message_signature", "providers"],
        ],
    ),
    (
        "webhooks-store",
        &[
            &["clock", "error", "lane", "schema_problem"],
            &["error_chain", "prefix", "slot_set"],
            &["outbox", "parameters", "statement"],
            &["wake"],
            // What a database is, and what is asked of it.
            &["database"],
            &["row"],
            &["sql"],
            &["job", "own_connection"],
            &["reading", "write_queue"],
            // The protocol of owned lanes: values and decisions, which know no database.
            &["lanes"],
            &["statements"],
            &["migration"],
            &["store"],
            &["options"],
            &["record"],
            &["attempt", "enqueue"],
            &["outcome"],
            &[
                "about", "control", "inspect", "past", "prune", "waiting", "worker", "writer",
            ],
            &["postgres", "sqlite"],
            &["conformance"],
            &["plans"],
        ],
    ),
    ("webhooks-swagger-ui", &[&["asset"], &["page"]]),
    (
        "webhooks-api",
        &[
            &["access", "portal_grant", "sources"],
            &["authorize", "problem"],
            // `describe` is to the document what `request` is to the operations.
            &["describe", "request"],
            &["operation", "pages"],
            &["routes"],
            // The two who know the operations: what serves them and what calls them.
            &["client", "document"],
            &["api"],
        ],
    ),
    (
        "webhooks-portal",
        &[
            &[
                "contrast",
                "fields",
                "foreign",
                "form_token",
                "language",
                "pretty",
                "reply",
                "tail",
                "way",
            ],
            &["brand", "cookie", "session", "text"],
            &["links"],
            // The only way to data.
            &["source"],
            &["site"],
            &["visit"],
            &["parts"],
            &["pages"],
            &["route"],
            &["response"],
            &["endpoint"],
            &["portal"],
        ],
    ),
    (
        "webhooks-cli",
        &[
            &["merge_patch", "pointer"],
            &["document"],
            &["reference", "walk"],
            &["catalogue"],
            &["diff", "lint", "zapier"],
            &["dashboard", "source", "terminal"],
            &["command"],
            // The program: one line.
            &["main"],
        ],
    ),
    (
        "webhooks-sender",
        &[
            &["entropy", "log_throttle", "time", "trace"],
            &[
                "breaker",
                "change_log",
                "deactivation",
                "failure_windows",
                "guard",
                "retry",
                "under_way",
            ],
            &["client"],
            &["model"],
            &["duties", "rules"],
            &["dialect"],
            &["observe", "signing_mismatch"],
            &["error"],
            // `no_schema` stands in for `schema` without the feature `validation`.
            &["no_schema", "schema"],
            // The only floor with SQL.
            &["tables"],
            &["recent_messages"],
            &["context"],
            &["publish"],
            &["notices"],
            &["subscriptions"],
            &["live", "redelivery"],
            &["jobs"],
            &["engine"],
            &["sender"],
            &["builder"],
            &["testing"],
        ],
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
        "tests/tests/house/layers.rs holds the order of the modules\n{}",
        edges.join("\n")
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
