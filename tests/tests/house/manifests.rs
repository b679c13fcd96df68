//! What a registry and a reader of a crate's page need: metadata, a README, licences, and files that are in the package.

use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use syn::visit::{self, Visit};
use webhooks_tests::{source, workspace};

#[test]
fn every_published_crate_says_what_it_is() {
    let mut missing = Vec::new();
    for package in published() {
        let name = package["name"].as_str().expect("a name");
        let mut needs = |holds: bool, what: &str| {
            if !holds {
                missing.push(format!("{name}: {what}"));
            }
        };
        let words = |key: &str| package[key].as_array().map_or(0, Vec::len);
        needs(package["description"].is_string(), "`description`");
        needs(package["license"].is_string(), "`license`");
        needs(package["rust_version"].is_string(), "`rust-version`");
        needs((2..=5).contains(&words("keywords")), "2 to 5 `keywords`");
        needs(
            (1..=5).contains(&words("categories")),
            "1 to 5 `categories`",
        );
        let folder = folder(&package);
        for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            needs(folder.join(file).is_file(), file);
        }
        // The macros have no features to show, the other libraries show all of theirs.
        let has_features = package["features"]
            .as_object()
            .is_some_and(|features| !features.is_empty());
        let shows_all = package["metadata"]["docs"]["rs"]["all-features"] == true;
        needs(
            shows_all || !has_features,
            "`package.metadata.docs.rs.all-features`",
        );
    }
    assert!(
        missing.is_empty(),
        "a published crate needs these:\n{}",
        missing.join("\n")
    );
}

#[test]
fn what_is_no_library_or_command_is_not_published() {
    let names: Vec<_> = published()
        .iter()
        .map(|package| package["name"].to_string())
        .collect();
    let other: Vec<_> = names
        .iter()
        .filter(|name| !name.starts_with("\"webhooks-"))
        .collect();
    assert!(
        other.is_empty(),
        "write `publish = false` in the manifest of {other:?}"
    );
}

/// The example of a README is compiled as the first one of the crate's documentation.
#[test]
fn the_example_of_a_readme_is_that_of_the_documentation() {
    let mut different = Vec::new();
    for package in published() {
        let folder = folder(&package);
        let Ok(library) = fs::read_to_string(folder.join("src/lib.rs")) else {
            continue;
        };
        let documentation = library.lines().filter_map(|line| line.strip_prefix("//!"));
        let documentation = documentation.map(|line| line.strip_prefix(' ').unwrap_or(line));
        let documented = example(documentation);
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        if example(readme.lines()) != documented {
            different.push(format!(
                "{}:\n{}",
                package["name"],
                documented.unwrap_or_default()
            ));
        }
    }
    assert!(
        different.is_empty(),
        "copy these examples into README.md of their crates\n\n{}",
        different.join("\n\n")
    );
}

#[test]
fn a_library_includes_only_files_of_its_own_package() {
    let mut outside = Vec::new();
    for name in workspace::libraries() {
        let folder = workspace::root().join(&name);
        for file in source::library(&name) {
            let mut includes = Includes::default();
            includes.visit_file(&file.syntax);
            let parent = file.path.parent().expect("a file lies in a folder");
            for included in includes.paths {
                if !plain(&parent.join(&included)).starts_with(&folder) {
                    outside.push(format!(
                        "{} includes {included}",
                        workspace::shown(&file.path)
                    ));
                }
            }
        }
    }
    assert!(
        outside.is_empty(),
        "a package holds its own folder only\n{}",
        outside.join("\n")
    );
}

#[test]
fn a_path_out_of_the_package_is_found() {
    let mut includes = Includes::default();
    let text = "const A: &str = include_str!(\"../../x.css\"); fn f() { g(include_bytes!(\"y\")) }";
    includes.visit_file(&syn::parse_str(text).expect("the case is Rust"));
    assert_eq!(includes.paths, ["../../x.css", "y"]);
    assert_eq!(plain(Path::new("/a/b/src/../../c")), Path::new("/a/c"));
}

fn published() -> Vec<Value> {
    let packages = workspace::packages().into_iter();
    // `publish = false` becomes an empty list of registries.
    packages
        .filter(|package| {
            package["publish"]
                .as_array()
                .is_none_or(|list| !list.is_empty())
        })
        .collect()
}

fn folder(package: &Value) -> PathBuf {
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    manifest
        .parent()
        .expect("a manifest lies in a folder")
        .to_owned()
}

/// The first block of Rust, without the lines that rustdoc hides.
fn example<'a>(lines: impl Iterator<Item = &'a str>) -> Option<String> {
    let is_begin = |line: &&str| {
        let language = line.strip_prefix("```");
        language.is_some_and(|language| !matches!(language, "text" | "toml" | "sh"))
    };
    // The closing fence of a block in another language looks like the beginning of one in Rust.
    let mut other = false;
    let mut lines = lines.skip_while(|line| {
        let begins = is_begin(line) && !other;
        if line.starts_with("```") {
            other = !other;
        }
        !begins
    });
    lines.next()?;
    let code = lines.take_while(|line| !line.starts_with("```"));
    let shown: Vec<&str> = code
        .filter(|line| *line != "#" && !line.starts_with("# "))
        .collect();
    Some(shown.join("\n").trim_matches('\n').to_owned())
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// The paths in `include_str!("..")` and its kind, also within the arguments of other macros.
#[derive(Default)]
struct Includes {
    paths: Vec<String>,
}

impl<'ast> Visit<'ast> for Includes {
    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        let name = invocation
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string());
        let includes = ["include", "include_bytes", "include_str"];
        if name.is_some_and(|name| includes.contains(&name.as_str()))
            && let Ok(path) = invocation.parse_body::<syn::LitStr>()
        {
            self.paths.push(path.value());
        }
        visit::visit_macro(self, invocation);
    }
}
