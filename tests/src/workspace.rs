//! The workspace on disk: its packages as cargo knows them, and its files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The top folder of the workspace.
///
/// # Panics
///
/// If the package of the tests lies nowhere, which cargo rules out.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package of the tests lies in the workspace")
}

/// What cargo prints for a command that only reads; it is kept from looking anything up outside.
///
/// # Panics
///
/// If cargo fails, with what it said.
pub fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("the cargo that built this test can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {} failed:\n{said}",
        arguments.join(" ")
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// What `cargo metadata` prints of the workspace, without its dependencies.
///
/// # Panics
///
/// If cargo fails or prints something else than it documents.
pub fn metadata() -> Value {
    serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"]))
        .expect("cargo metadata is JSON")
}

/// The sentence for the reader of a difference, if another compiler runs now than the one that wrote the expected
/// compile errors.
///
/// # Panics
///
/// If the root manifest names no compiler, or this one does not say its version.
pub fn other_compiler() -> Option<String> {
    let metadata = metadata();
    let named = metadata["metadata"]["snapshots"]["rustc"]
        .as_str()
        .expect("the root manifest names the compiler of the snapshots");
    let printed = rustc();
    let running = printed_after(&printed, "release: ");
    (running != named).then(|| {
        format!(
            "these texts were written with rustc {named} and this is rustc {running}: a difference may be the \
             compiler's own"
        )
    })
}

/// The platform that this test runs on, as rustc names it.
///
/// # Panics
///
/// If rustc cannot be started.
pub fn host() -> String {
    printed_after(&rustc(), "host: ").to_owned()
}

fn rustc() -> String {
    let output = Command::new("rustc").arg("-vV").output();
    let output = output.expect("the compiler that built this test can be started");
    String::from_utf8(output.stdout).expect("rustc prints UTF-8")
}

fn printed_after<'a>(printed: &'a str, label: &str) -> &'a str {
    let mut lines = printed.lines();
    lines
        .find_map(|line| line.strip_prefix(label))
        .expect("rustc says its version and its platform")
}

/// The packages of the workspace, each as `cargo metadata` describes it.
///
/// # Panics
///
/// If cargo fails or prints something else than it documents.
pub fn packages() -> Vec<Value> {
    metadata()["packages"]
        .as_array()
        .expect("cargo metadata lists packages")
        .clone()
}

/// The names of the library crates: the folders `webhooks-*` at the top.
///
/// # Panics
///
/// If the workspace cannot be read.
pub fn libraries() -> Vec<String> {
    let mut names: Vec<String> = entries(root())
        .iter()
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| name(path))
        .filter(|name| name.starts_with("webhooks-"))
        .collect();
    names.sort();
    assert!(
        !names.is_empty(),
        "no library crate found in {}",
        root().display()
    );
    names
}

/// All files below a folder with one of these extensions, in a stable order; build output and what package tools
/// install are left out.
///
/// # Panics
///
/// If a folder cannot be read.
pub fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            let name = name(&path);
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                found.extend(files(&path, extensions));
            }
        } else if path
            .extension()
            .is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted))
        {
            found.push(path);
        }
    }
    found
}

/// A path as it is written in a report: from the top of the workspace.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = read
        .map(|entry| entry.expect("a folder can be read to its end").path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
