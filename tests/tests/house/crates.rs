//! Which crates a crate may depend on, and how many a small one costs.

use std::collections::BTreeSet;

use webhooks_tests::workspace;

use crate::table::{entry, find};

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
    ("webhooks-api", &["webhooks-core", "webhooks-sender"]),
    (
        "webhooks-portal",
        &["webhooks-api", "webhooks-core", "webhooks-sender"],
    ),
    ("webhooks-swagger-ui", &["webhooks-core"]),
    (
        "webhooks-cli",
        &[
            "webhooks-api",
            "webhooks-core",
            "webhooks-portal",
            "webhooks-sender",
        ],
    ),
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
    ("webhooks-api", &["hyper-util", "reqwest", "sqlx", "tokio"]),
    (
        "webhooks-portal",
        &["hyper-util", "reqwest", "sqlx", "tokio"],
    ),
    ("webhooks-receiver", &["hyper-util", "reqwest"]),
    (
        "webhooks-swagger-ui",
        &["tokio", "hyper", "hyper-util", "reqwest", "sqlx"],
    ),
    ("webhooks-cli", &["hyper", "hyper-util", "reqwest"]),
];

/// What the command has for its dashboard alone: a program that takes its functions leaves the feature out.
const OF_THE_DASHBOARD: [&str; 6] = [
    "axum",
    "sqlx",
    "tokio",
    "webhooks-api",
    "webhooks-portal",
    "webhooks-sender",
];

/// What one part of a crate needs, and nothing but that: it is behind a feature that is off until it is named.
const BEHIND_A_FEATURE: &[(&str, &[&str])] = &[("webhooks-api", &["hyper-util", "tokio"])];

/// The crate itself, the macros and what they compile, procedural macros included.
const MOST: usize = 25;

#[test]
fn crates_import_only_what_the_design_allows() {
    let mut edges = Vec::new();
    for name in workspace::libraries() {
        let (allowed, kept_out) = (
            entry(IMPORTS, &name),
            find(KEPT_OUT, &name).unwrap_or_default(),
        );
        let optional = find(BEHIND_A_FEATURE, &name).unwrap_or_default();
        for (dependency, is_optional) in dependencies(&name) {
            if dependency.starts_with("webhooks-") && !allowed.contains(&dependency.as_str()) {
                edges.push(format!(
                    "{name} depends on {dependency}, which the design does not allow"
                ));
            }
            let is_behind = is_optional && optional.contains(&dependency.as_str());
            if kept_out.contains(&dependency.as_str()) && !is_behind {
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

/// Cargo refuses two packages that link the same thing.
#[test]
fn two_versions_of_core_cannot_be_in_one_binary() {
    let packages = workspace::packages();
    let core = packages
        .iter()
        .find(|package| package["name"] == "webhooks-core");
    let core = core.expect("core is a package");
    assert_eq!(
        core["links"], "webhooks-core",
        "two versions would be two registries"
    );
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
fn the_command_has_its_dashboard_behind_a_feature() {
    let dependencies = dependencies("webhooks-cli");
    for name in OF_THE_DASHBOARD {
        let found = dependencies.iter().filter(|(one, _)| one == name);
        let optional: Vec<bool> = found.map(|(_, optional)| *optional).collect();
        assert_eq!(optional, [true], "{name} is for the dashboard alone");
    }
    let tree = workspace::cargo(&[
        "tree",
        "--package=webhooks-cli",
        "--no-default-features",
        "--features=http,yaml",
        "--edges=normal,build",
        "--prefix=none",
    ]);
    for name in OF_THE_DASHBOARD {
        let is_there = tree
            .lines()
            .any(|line| line.starts_with(&format!("{name} v")));
        assert!(!is_there, "{name} is built without the dashboard:\n{tree}");
    }
}

#[test]
fn a_crate_that_only_declares_compiles_at_most_25_crates() {
    let tree = workspace::cargo(&[
        "tree",
        "--package=webhooks-core",
        "--no-default-features",
        "--edges=normal,build",
        "--prefix=none",
    ]);
    // A line is `name version`, then notes in parentheses.
    let crates: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(" (").next())
        .collect();
    let names = crates.iter().copied().collect::<Vec<_>>().join(", ");
    assert!(
        names.contains("webhooks-macros v"),
        "this is not the tree of webhooks-core:\n{tree}"
    );
    assert!(
        crates.len() <= MOST,
        "{} crates, at most {MOST} are allowed: {names}",
        crates.len()
    );
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
