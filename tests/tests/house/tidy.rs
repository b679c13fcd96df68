//! House rules that no compiler checks.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use webhooks_tests::{source, workspace};

/// Longer files hold more than one idea. There are no exceptions.
const LONGEST: usize = 400;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "common", "helper", "helpers", "manager", "misc", "types", "util", "utils",
];

#[test]
fn every_source_file_opens_by_saying_what_it_is() {
    let silent = rust_files()
        .into_iter()
        .filter(|path| !text(path).starts_with("//!"));
    report(
        "must open with `//!` lines that say what the file is",
        silent.map(|path| workspace::shown(&path)),
    );
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let long = workspace::files(workspace::root(), &["rs", "mjs", "py", "css", "sql"])
        .into_iter()
        .filter(|path| !is_fixture(path))
        .map(|path| (text(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST);
    report(
        "a file of more than 400 lines is two files",
        long.map(|(lines, path)| format!("{} has {lines}", workspace::shown(&path))),
    );
}

#[test]
fn no_file_or_folder_has_an_empty_name() {
    let empty = rust_files().into_iter().filter(|path| {
        let inner = path
            .strip_prefix(workspace::root())
            .unwrap_or(path)
            .with_extension("");
        inner
            .iter()
            .any(|part| EMPTY_NAMES.iter().any(|name| part == *name))
    });
    report(
        "name the file after the one thing it holds",
        empty.map(|path| workspace::shown(&path)),
    );
}

#[test]
fn library_code_does_not_unwrap() {
    let mut found = Vec::new();
    for name in workspace::libraries() {
        for file in source::library(&name) {
            let mut unwraps = Unwraps::default();
            unwraps.visit_file(&file.syntax);
            if unwraps.count > 0 {
                found.push(format!(
                    "{} has {}",
                    workspace::shown(&file.path),
                    unwraps.count
                ));
            }
        }
    }
    report(
        "write `expect(\"why it cannot fail\")` or return the error",
        found.into_iter(),
    );
}

#[test]
fn unwrap_is_found_in_calls_and_in_macros_but_not_in_text() {
    let count = |text: &str| {
        let mut unwraps = Unwraps::default();
        unwraps.visit_file(&syn::parse_str(text).expect("the case is Rust"));
        unwraps.count
    };
    assert_eq!(count("fn f() { a().unwrap(); b.unwrap().c.unwrap() }"), 3);
    assert_eq!(count("fn f() { println!(\"{}\", a.unwrap()) }"), 1);
    assert_eq!(count("fn f() { a.map(Option::unwrap) }"), 1);
    assert_eq!(count("fn f() { a.unwrap_or_default(); \".unwrap()\" }"), 0);
}

#[test]
fn an_ignored_test_says_what_runs_it() {
    let silent = rust_files().into_iter().flat_map(|path| {
        let text = text(&path);
        let wrong = text
            .lines()
            .map(str::trim)
            .filter(|line| is_silently_ignored(line));
        wrong
            .map(|line| format!("{}: {line}", workspace::shown(&path)))
            .collect::<Vec<_>>()
    });
    report(
        "write #[ignore = \"needs PostgreSQL: cargo xtask test\"]",
        silent,
    );
}

#[test]
fn a_reason_to_ignore_names_the_need_and_the_command() {
    assert!(is_silently_ignored("#[ignore]"));
    assert!(is_silently_ignored("#[ignore = \"slow\"]"));
    assert!(is_silently_ignored("#[ignore = \"needs PostgreSQL\"]"));
    assert!(!is_silently_ignored(
        "#[ignore = \"needs PostgreSQL: cargo xtask test\"]"
    ));
    assert!(!is_silently_ignored("// #[ignore] is not used here"));
}

#[test]
fn the_lock_file_for_node_names_no_download_address() {
    let lock = text(&workspace::root().join("interop/package-lock.json"));
    assert!(lock.contains("\"integrity\""), "the lock file pins nothing");
    let addresses = lock
        .lines()
        .filter(|line| line.trim_start().starts_with("\"resolved\""))
        .map(str::to_owned);
    report(
        "install with the .npmrc of interop/, which leaves `resolved` out",
        addresses,
    );
}

#[derive(Default)]
struct Unwraps {
    count: usize,
}

impl<'ast> Visit<'ast> for Unwraps {
    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        self.count += usize::from(name == "unwrap");
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.count += idents(invocation.tokens.clone());
        visit::visit_macro(self, invocation);
    }
}

fn idents(tokens: proc_macro2::TokenStream) -> usize {
    let count = |token| match token {
        proc_macro2::TokenTree::Group(group) => idents(group.stream()),
        proc_macro2::TokenTree::Ident(name) => usize::from(name == "unwrap"),
        _ => 0,
    };
    tokens.into_iter().map(count).sum()
}

/// The Rust files that people read as source.
fn rust_files() -> Vec<PathBuf> {
    let files = workspace::files(workspace::root(), &["rs"]);
    assert!(!files.is_empty(), "no Rust file found");
    files.into_iter().filter(|path| !is_fixture(path)).collect()
}

/// Whether a line ignores a test without saying what it needs and which command gives it that.
fn is_silently_ignored(line: &str) -> bool {
    let reason = line
        .strip_prefix("#[ignore = \"needs ")
        .and_then(|rest| rest.strip_suffix("\"]"));
    line.starts_with("#[ignore")
        && !reason.is_some_and(|reason| reason.ends_with(": cargo xtask test"))
}

/// Cases under `ui/` are input of the macros; their line numbers stand in the expected output.
fn is_fixture(path: &Path) -> bool {
    path.iter().any(|part| part == "ui")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn report(advice: &str, findings: impl Iterator<Item = String>) {
    let findings: Vec<String> = findings.collect();
    assert!(findings.is_empty(), "{advice}:\n{}", findings.join("\n"));
}
