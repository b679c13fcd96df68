//! Rust source as syntax: library code without its tests, and the modules that it names.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

use crate::workspace;

/// One file of a library, without what only tests compile.
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// The module it is, from the crate's root: `src/openapi/operation.rs` is `["openapi", "operation"]`.
    pub module: Vec<String>,
    /// Its items.
    pub syntax: syn::File,
}

/// The files of a library crate.
///
/// # Panics
///
/// If a file cannot be read or is not Rust.
pub fn library(name: &str) -> Vec<Source> {
    let folder = workspace::root().join(name).join("src");
    let files = workspace::files(&folder, &["rs"]);
    files
        .into_iter()
        .map(|path| read(&folder, path))
        .filter(|source| !is_tests(&source.module))
        .collect()
}

/// The paths of a file that lead through the crate's root: `crate::..`, and `super::..` where it climbs that far.
pub fn modules_named(module: &[String], syntax: &syn::File) -> Vec<Named> {
    let mut finder = Finder {
        module: module.to_vec(),
        found: Vec::new(),
    };
    finder.visit_file(syntax);
    finder.found
}

/// A path that starts at the crate's root.
#[derive(Debug, PartialEq)]
pub struct Named {
    /// Its first segment: a module, or an item of the root.
    pub first: String,
    /// As it is written, for reports.
    pub path: String,
}

fn read(folder: &Path, path: PathBuf) -> Source {
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut syntax = syn::parse_file(&text)
        .unwrap_or_else(|error| panic!("{}: {error}", workspace::shown(&path)));
    remove_tests(&mut syntax.items);
    let inner = path
        .strip_prefix(folder)
        .expect("the file was found in this folder")
        .with_extension("");
    let mut module: Vec<String> = inner
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] {
        module.pop();
    }
    Source {
        path,
        module,
        syntax,
    }
}

fn is_tests(module: &[String]) -> bool {
    module.iter().any(|name| name == "tests")
}

fn remove_tests(items: &mut Vec<Item>) {
    items.retain(|item| !attributes(item).iter().any(is_cfg_test));
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, inner)) = &mut module.content
        {
            remove_tests(inner);
        }
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|condition| condition.is_ident("test"))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

struct Finder {
    /// The module that the visit is in, inline modules included.
    module: Vec<String>,
    found: Vec<Named>,
}

impl Finder {
    /// Records a path if it leads through the root. `super` climbs from the module that the path is in.
    fn record(&mut self, path: &[String]) {
        let ups = path
            .iter()
            .take_while(|segment| *segment == "super")
            .count();
        let from_root = match path.first().map(String::as_str) {
            Some("crate") => &path[1..],
            Some("super") if ups >= self.module.len() => &path[ups..],
            _ => return,
        };
        let first = from_root.first().cloned().unwrap_or_default();
        self.found.push(Named {
            first,
            path: path.join("::"),
        });
    }

    fn record_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.record_tree(&path.tree, &with(path.ident.to_string())),
            UseTree::Name(name) => self.record(&with(name.ident.to_string())),
            UseTree::Rename(rename) => self.record(&with(rename.ident.to_string())),
            UseTree::Glob(_) => self.record(&with("*".to_owned())),
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|item| self.record_tree(item, before)),
        }
    }

    /// Arguments of macros are not syntax yet: `crate::name` is looked for among their tokens. `$crate::name` is the
    /// path of a macro's user.
    fn record_tokens(&mut self, tokens: TokenStream) {
        let mut last = [String::new(), String::new(), String::new(), String::new()];
        for token in tokens {
            if let TokenTree::Group(group) = &token {
                self.record_tokens(group.stream());
            }
            last.rotate_left(1);
            last[3] = token.to_string();
            if last[0] == "crate" && last[1] == ":" && last[2] == ":" {
                let name = last[3].clone();
                self.record(&["crate".to_owned(), name]);
            } else if last[3] == "crate" && last[2] == "$" {
                last[3].clear();
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.record_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.record(&segments);
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(crate)` and `pub(super)` hold a path that imports nothing.
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        // Not the macro's own path: an exported macro lives in the root wherever it is written.
        self.record_tokens(invocation.tokens.clone());
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }
}
