//! What the crates from outside ask for: a compiler, a licence, room for another version of themselves.
//!
//! `deny.toml` says what is allowed. Those who have cargo-deny run it for more: advisories, and the packages of other
//! platforms, which are not downloaded here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use webhooks_tests::workspace;

#[test]
fn no_dependency_asks_for_a_newer_compiler_than_we_promise() {
    let graph = Graph::read();
    let mut newer = Vec::new();
    for (name, promised, dependencies) in graph.ours() {
        for dependency in dependencies {
            let asked = rust_version(dependency);
            if asked > promised {
                newer.push(format!(
                    "{name} promises {promised:?}, {} asks for {asked:?}",
                    dependency["name"]
                ));
            }
        }
    }
    assert!(
        newer.is_empty(),
        "raise `rust-version` in the manifest\n{}",
        newer.join("\n")
    );
}

#[test]
fn what_we_promise_is_what_a_dependency_asks_for() {
    let graph = Graph::read();
    let mut asked = BTreeSet::new();
    let mut promised = BTreeSet::new();
    for (_, ours, dependencies) in graph.ours() {
        promised.insert(ours);
        asked.extend(dependencies.into_iter().map(rust_version));
    }
    for version in promised {
        assert!(
            asked.contains(&version),
            "no dependency asks for Rust {version:?}; lower `rust-version`"
        );
    }
}

#[test]
fn every_licence_is_one_that_deny_toml_allows() {
    let deny = deny();
    let allowed: BTreeSet<&str> = strings(&deny["licenses"]["allow"]).collect();
    let mut used = BTreeSet::new();
    let mut refused = Vec::new();
    for package in Graph::read()
        .packages
        .values()
        .filter(|package| !package["source"].is_null())
    {
        let licence = package["license"].as_str().unwrap_or("none");
        let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX);
        let is_allowed = expression.is_ok_and(|expression| {
            expression.evaluate(|requirement| {
                let id = requirement.license.id().map_or("", |id| id.name);
                // An exception only ever allows more.
                let is_allowed = allowed.contains(id);
                if is_allowed {
                    used.insert(id);
                }
                is_allowed
            })
        });
        if !is_allowed {
            refused.push(format!("{} has {licence}", package["name"]));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    let unused: Vec<_> = allowed.difference(&used).collect();
    assert!(
        unused.is_empty(),
        "no dependency needs these any more: {unused:?}"
    );
}

#[test]
fn a_crate_is_there_in_one_version_but_for_those_that_deny_toml_names() {
    let deny = deny();
    let skipped = deny["bans"]["skip"].as_array().expect("a list").iter();
    let skipped: BTreeMap<&str, &str> = skipped
        .map(|entry| {
            let named = entry["crate"].as_str().expect("a crate is named");
            assert!(
                !entry["reason"].as_str().unwrap_or("").is_empty(),
                "{named} has no reason"
            );
            (named, named.split_once(":^").expect("`name:^version`").1)
        })
        .collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).expect("the lock file");
    let lock: toml::Table = lock.parse().expect("the lock file is TOML");
    for package in lock["package"].as_array().expect("a list") {
        let text = |key: &str| package[key].as_str().expect("text").to_owned();
        versions
            .entry(text("name"))
            .or_default()
            .push(text("version"));
    }
    versions.retain(|_, found| found.len() > 1);
    let mut unused: BTreeSet<&str> = skipped.keys().copied().collect();
    let mut several = Vec::new();
    for (name, found) in &versions {
        let mut is_skipped = |version: &&String| {
            let named = skipped.iter().find(|(named, begin)| {
                named.split(':').next() == Some(name)
                    && format!("{version}.").starts_with(&format!("{begin}."))
            });
            named
                .inspect(|(named, _)| _ = unused.remove(*named))
                .is_some()
        };
        let kept: Vec<_> = found
            .iter()
            .filter(|version| !is_skipped(version))
            .collect();
        if kept.len() > 1 {
            several.push(format!("{name} {kept:?}"));
        }
    }
    assert!(
        several.is_empty(),
        "several versions, and deny.toml says why of none:\n{}",
        several.join("\n")
    );
    assert!(
        unused.is_empty(),
        "deny.toml skips what is not there twice: {unused:?}"
    );
}

/// The packages of this platform with their dependencies, tests' included.
struct Graph {
    packages: BTreeMap<String, Value>,
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    fn read() -> Self {
        let arguments = ["metadata", "--format-version=1", "--all-features"];
        let platform = format!("--filter-platform={}", workspace::host());
        let metadata = workspace::cargo(&[&arguments[..], &[platform.as_str()]].concat());
        let metadata: Value = serde_json::from_str(&metadata).expect("cargo metadata is JSON");
        let id = |value: &Value| value.as_str().expect("an id").to_owned();
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let packages = list(&metadata["packages"]).into_iter();
        let nodes = list(&metadata["resolve"]["nodes"]).into_iter();
        let edges = nodes.map(|node| {
            (
                id(&node["id"]),
                list(&node["dependencies"]).iter().map(id).collect(),
            )
        });
        Graph {
            packages: packages
                .map(|package| (id(&package["id"]), package))
                .collect(),
            edges: edges.collect(),
        }
    }

    /// Our packages, each with the version of Rust that it promises and all that it is built on.
    fn ours(&self) -> Vec<(String, Version, Vec<&Value>)> {
        let ours = self
            .packages
            .values()
            .filter(|package| package["source"].is_null());
        let ours = ours.map(|package| {
            let id = package["id"].as_str().expect("an id");
            (
                package["name"].to_string(),
                rust_version(package),
                self.below(id),
            )
        });
        ours.collect()
    }

    fn below(&self, id: &str) -> Vec<&Value> {
        let mut found = BTreeSet::new();
        let mut queue = vec![id];
        while let Some(id) = queue.pop() {
            for next in &self.edges[id] {
                if found.insert(next) {
                    queue.push(next);
                }
            }
        }
        found.into_iter().map(|id| &self.packages[id]).collect()
    }
}

/// Major and minor version of Rust; 0.0 for a crate that asks for none.
type Version = (u32, u32);

fn rust_version(package: &Value) -> Version {
    let text = package["rust_version"].as_str().unwrap_or("0.0");
    let mut numbers = text
        .split('.')
        .map(|number| number.parse().expect("a version"));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn deny() -> toml::Table {
    let text = fs::read_to_string(workspace::root().join("deny.toml")).expect("deny.toml");
    text.parse().expect("deny.toml is TOML")
}

fn strings(value: &toml::Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
}
