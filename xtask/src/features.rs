//! `cargo xtask features`: every library crate with each feature alone, with none, with all, and every package
//! as someone sees it who builds only that one.
//!
//! A workspace build hides a missing feature: cargo unites the features of all packages. `cargo check` of one
//! package does not, and costs no code generation. Two features can still fail together where each passes alone;
//! `all` catches what adds up, and features here gate whole modules.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::step::Steps;
use crate::workspace::{Package, Workspace};

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::read()?;
    let mut steps = Steps::new();
    for package in &workspace.packages {
        for selection in selections(package) {
            let arguments: Vec<&str> = selection.iter().map(String::as_str).collect();
            let name = format!("{} {}", package.name, arguments.join(" "));
            steps.run(name.trim_end(), || check(&workspace, package, &arguments))?;
        }
    }
    steps.table();
    Ok(())
}

/// The feature flags to check a package with, one list for each call of cargo.
fn selections(package: &Package) -> Vec<Vec<String>> {
    let mut selections = vec![Vec::new()];
    let features: Vec<&String> = package
        .features
        .iter()
        .filter(|name| *name != "default")
        .collect();
    if !package.has_library || features.is_empty() {
        return selections;
    }
    selections.push(vec!["--no-default-features".to_owned()]);
    for feature in &features {
        let alone = ["--no-default-features", "--features", feature.as_str()];
        selections.push(alone.map(str::to_owned).to_vec());
    }
    if features.len() > 1 {
        selections.push(vec!["--all-features".to_owned()]);
    }
    selections
}

/// A warning counts as a failure. It is read from cargo's output and not denied through `RUSTFLAGS`, because
/// other flags would compile every dependency once more.
fn check(workspace: &Workspace, package: &Package, selection: &[&str]) -> Result<()> {
    let mut cargo = command::cargo();
    cargo
        .args(["check", "--locked", "--package", &package.name])
        .args(selection)
        .current_dir(&workspace.root);
    let output = cargo
        .stdin(Stdio::null())
        .output()
        .context("cargo could not be started")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || text.lines().any(|line| line.starts_with("warning: ")) {
        eprint!("{text}");
        bail!(
            "`cargo check --package {} {}` has errors or warnings",
            package.name,
            selection.join(" ")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Package, selections};

    fn flags(features: &[&str], has_library: bool) -> Vec<String> {
        let features = features.iter().map(|&name| name.to_owned()).collect();
        let package = Package {
            name: "p".into(),
            folder: "p".into(),
            features,
            has_library,
            is_published: true,
            rust_version: "1.89".into(),
        };
        selections(&package)
            .iter()
            .map(|flags| flags.join(" "))
            .collect()
    }

    #[test]
    fn a_library_is_checked_with_each_feature_alone_none_and_all() {
        assert_eq!(
            flags(&["axum", "default", "page"], true),
            [
                "",
                "--no-default-features",
                "--no-default-features --features axum",
                "--no-default-features --features page",
                "--all-features"
            ]
        );
    }

    #[test]
    fn without_features_one_check_is_enough() {
        assert_eq!(flags(&[], true), [""]);
        assert_eq!(flags(&["a", "b"], false), [""]);
    }
}
