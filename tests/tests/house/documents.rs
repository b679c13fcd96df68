//! What the documents for readers say of files and tests is so.

use std::fs;
use std::path::{Path, PathBuf};

use webhooks_tests::workspace;

/// Documents whose paths in code quotes are checked too, from the top of the workspace.
const WITH_PATHS: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"];

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut broken = Vec::new();
    for path in documents() {
        let text = read(&path);
        let folder = path.parent().expect("a file lies in a folder");
        for target in links(&text) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() {
                path.clone()
            } else {
                folder.join(file)
            };
            let leads = file.exists()
                && (heading.is_empty() || headings(&read(&file)).any(|found| found == heading));
            if !leads {
                broken.push(format!("{}: {target}", workspace::shown(&path)));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "these links lead nowhere\n{}",
        broken.join("\n")
    );
}

#[test]
fn every_path_in_code_quotes_exists() {
    let tops = fs::read_dir(workspace::root()).expect("the workspace can be read");
    let tops: Vec<String> = tops
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let mut missing = Vec::new();
    for name in WITH_PATHS {
        for quoted in quoted(&read(&workspace::root().join(name))) {
            let (top, rest) = quoted.split_once('/').unwrap_or((&quoted, ""));
            let is_path = !rest.is_empty() && tops.iter().any(|entry| entry == top);
            let is_plain = !quoted.contains(['<', '*', '{', ' ']);
            if is_path && is_plain && !workspace::root().join(&quoted).exists() {
                missing.push(format!("{name}: {quoted}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "there is no such file\n{}",
        missing.join("\n")
    );
}

/// An invariant is a paragraph or list item that begins so; the names of its tests stand in it in code quotes.
#[test]
fn every_invariant_names_a_test_that_exists() {
    let text = read(&workspace::root().join("ARCHITECTURE.md"));
    let sources: Vec<String> = workspace::files(workspace::root(), &["rs"])
        .iter()
        .map(|path| read(path))
        .collect();
    let is_test = |name: &str| {
        let (function, listed) = (format!("fn {name}("), format!("{name},"));
        let mut lines = sources.iter().flat_map(|source| source.lines());
        lines.any(|line| line.contains(&function) || line.trim() == listed)
    };
    let invariants: Vec<&str> = text.split("**Invariant:**").skip(1).collect();
    assert!(
        invariants.len() >= 20,
        "ARCHITECTURE.md states its invariants"
    );
    let mut untested = Vec::new();
    for invariant in invariants {
        let paragraph = invariant.split("\n\n").next().unwrap_or(invariant);
        // The next list item does not belong to this one.
        let item = paragraph.split("\n- ").next().unwrap_or(paragraph);
        let (said, held) = item.split_once("*Held by*").unwrap_or((item, ""));
        let names: Vec<String> = quoted(held)
            .filter(|name| !name.contains(['/', '.']))
            .collect();
        let unknown: Vec<&String> = names.iter().filter(|name| !is_test(name)).collect();
        if names.is_empty() || !unknown.is_empty() {
            untested.push(format!("{}: {unknown:?}", said.trim()));
        }
    }
    assert!(
        untested.is_empty(),
        "write *Held by* and the names of tests that exist\n{}",
        untested.join("\n")
    );
}

#[test]
fn every_dependency_has_a_reason() {
    let text = read(&workspace::root().join("ARCHITECTURE.md"));
    let (_, table) = text
        .split_once("## Dependencies")
        .expect("the dependencies have a section");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
    let named: Vec<String> = rows
        .filter_map(|row| row.split(" | ").next())
        .flat_map(quoted)
        .collect();
    let mut missing = Vec::new();
    for package in workspace::packages() {
        for dependency in package["dependencies"].as_array().expect("a list") {
            let name = dependency["name"].as_str().expect("a name");
            let is_ours = !dependency["path"].is_null();
            if !is_ours && !named.iter().any(|one| one == name) {
                missing.push(format!("{name}, of {}", package["name"]));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "say in ARCHITECTURE.md why it is needed\n{}",
        missing.join("\n")
    );
}

fn documents() -> Vec<PathBuf> {
    let files = workspace::files(workspace::root(), &["md"]).into_iter();
    // Documents that rustdoc includes have links of its kind.
    files
        .filter(|path| !path.iter().any(|part| part == "docs"))
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The targets of links within the workspace.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.contains([' ', '\n']))
}

/// The headings of a document as its links name them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        kept.collect::<String>().replace(' ', "-")
    })
}

/// What is in code quotes, outside of fenced blocks.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    let plain = text.split("```").step_by(2);
    let pieces = plain.flat_map(|part| part.split('`').skip(1).step_by(2));
    pieces.map(str::to_owned)
}
