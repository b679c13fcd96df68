//! Which file of a crate uses which other: each path is followed to the file where its item is written.
//!
//! A module that only re-exports an item is not where the item is written, so a re-export ties no files together.
//! Method calls name no file; they are left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, ItemUse, UseTree, Visibility};

use crate::source::Source;

/// The files of a crate as modules, and for each the modules that it uses.
#[derive(Debug)]
pub struct Imports {
    edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
}

impl Imports {
    /// The imports between the files of one crate. Its root may use all and is left out.
    pub fn between(sources: &[Source]) -> Self {
        let files: BTreeMap<&[String], File> = sources
            .iter()
            .map(|source| (source.module.as_slice(), File::read(source)))
            .collect();
        let mut edges = BTreeMap::new();
        for source in sources.iter().filter(|source| !source.module.is_empty()) {
            let mut uses = Uses {
                module: source.module.clone(),
                file: &files[source.module.as_slice()],
                found: BTreeSet::new(),
            };
            uses.visit_file(&source.syntax);
            let targets = uses.found.iter().map(|path| home(&files, path, 0));
            let targets = targets.filter(|to| !to.is_empty() && *to != source.module);
            edges.insert(source.module.clone(), targets.collect());
        }
        Self { edges }
    }

    /// Each group of files that use one another in a circle, shown as one of its circles.
    pub fn cycles(&self) -> Vec<String> {
        let mut shown: Vec<BTreeSet<&Vec<String>>> = Vec::new();
        let mut cycles = Vec::new();
        for start in self.edges.keys() {
            if shown.iter().any(|group| group.contains(start)) {
                continue;
            }
            if let Some(path) = self.way_back(start) {
                let reachable = self.reachable(start);
                let group = reachable.iter().copied();
                let group = group.filter(|other| self.reachable(other).contains(start));
                let group: BTreeSet<_> = group.collect();
                let names = path.iter().map(|module| module.join("::"));
                let names: Vec<String> = names.collect();
                cycles.push(format!("{} ({} files)", names.join(" -> "), group.len()));
                shown.push(group);
            }
        }
        cycles
    }

    /// The shortest way from a file to itself.
    fn way_back<'a>(&'a self, start: &'a Vec<String>) -> Option<Vec<&'a Vec<String>>> {
        let mut came_from: BTreeMap<&Vec<String>, &Vec<String>> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(module) = queue.pop_front() {
            for next in self.edges.get(module).into_iter().flatten() {
                if next == start {
                    let mut path = vec![start, module];
                    while path.last() != Some(&start) {
                        path.push(came_from[path[path.len() - 1]]);
                    }
                    path.reverse();
                    return Some(path);
                }
                if !came_from.contains_key(next) {
                    came_from.insert(next, module);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    fn reachable<'a>(&'a self, start: &'a Vec<String>) -> BTreeSet<&'a Vec<String>> {
        let mut found = BTreeSet::new();
        let mut queue = vec![start];
        while let Some(module) = queue.pop() {
            for next in self.edges.get(module).into_iter().flatten() {
                if found.insert(next) {
                    queue.push(next);
                }
            }
        }
        found
    }
}

/// The file where an absolute path's item is written: re-exports are followed.
fn home(files: &BTreeMap<&[String], File>, path: &[String], followed: usize) -> Vec<String> {
    let known = (0..=path.len())
        .rev()
        .find(|&length| files.contains_key(&path[..length]));
    let length = known.unwrap_or(0);
    let module = &path[..length];
    let (Some(file), Some(name)) = (files.get(module), path.get(length)) else {
        return module.to_vec();
    };
    // Two files that re-export one name from one another do not compile; the limit is for what we misread.
    if followed > 8 || file.items.contains(name) {
        return module.to_vec();
    }
    if let Some(target) = file.bindings.get(name) {
        let target: Vec<String> = target.iter().chain(&path[length + 1..]).cloned().collect();
        return home(files, &target, followed + 1);
    }
    for glob in &file.globs {
        let owner = files.get(glob.as_slice());
        if owner.is_some_and(|owner| owner.items.contains(name)) {
            return glob.clone();
        }
    }
    module.to_vec()
}

/// What a file's names mean.
struct File {
    /// Items that are written in it.
    items: BTreeSet<String>,
    /// Names that its `use` declarations bring in, with where they lead from the crate's root.
    bindings: BTreeMap<String, Vec<String>>,
    /// Names among them that only a re-export brings in: the file depends on those it uses itself.
    modules: BTreeSet<String>,
    /// Modules whose names are all brought in.
    globs: Vec<Vec<String>>,
}

impl File {
    fn read(source: &Source) -> Self {
        let mut file = File {
            items: BTreeSet::new(),
            bindings: BTreeMap::new(),
            modules: BTreeSet::new(),
            globs: Vec::new(),
        };
        file.enter(&source.syntax.items, &source.module);
        file
    }

    fn enter(&mut self, items: &[Item], module: &[String]) {
        for item in items {
            match item {
                Item::Use(item) => self.bring(&item.tree, &[], module),
                Item::Mod(inner) => {
                    let name = inner.ident.to_string();
                    if let Some((_, items)) = &inner.content {
                        let module: Vec<String> = with(module, &name);
                        self.items.insert(name);
                        self.enter(items, &module);
                    } else {
                        self.modules.insert(name);
                    }
                }
                other => self.items.extend(name_of(other)),
            }
        }
    }

    fn bring(&mut self, tree: &UseTree, before: &[String], module: &[String]) {
        match tree {
            UseTree::Path(path) => {
                self.bring(&path.tree, &with(before, &path.ident.to_string()), module);
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.bind(name.clone(), &with(before, &name), module);
            }
            UseTree::Rename(rename) => {
                let path = with(before, &rename.ident.to_string());
                self.bind(rename.rename.to_string(), &path, module);
            }
            UseTree::Glob(_) => self.globs.extend(self.absolute(before, module)),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.bring(tree, before, module);
                }
            }
        }
    }

    fn bind(&mut self, name: String, path: &[String], module: &[String]) {
        if let Some(mut path) = self.absolute(path, module) {
            // `use name::{self}` binds the module.
            if path.last().is_some_and(|last| last == "self") {
                path.pop();
            }
            let name = if name == "self" {
                path.last().cloned().unwrap_or_default()
            } else {
                name
            };
            self.bindings.insert(name, path);
        }
    }

    /// A path as it leads from the crate's root; `None` for a path into another crate or to a local name.
    fn absolute(&self, path: &[String], module: &[String]) -> Option<Vec<String>> {
        let first = path.first()?;
        match first.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([module, &path[1..]].concat()),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let kept = module.len().checked_sub(ups)?;
                Some([&module[..kept], &path[ups..]].concat())
            }
            _ if self.modules.contains(first) && path.len() > 1 => Some([module, path].concat()),
            _ => {
                let bound = self.bindings.get(first)?;
                Some([bound.as_slice(), &path[1..]].concat())
            }
        }
    }
}

fn with(before: &[String], name: &str) -> Vec<String> {
    [before, &[name.to_owned()]].concat()
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The paths that a file uses, each from the crate's root.
struct Uses<'a> {
    /// The module that the visit is in, inline modules included.
    module: Vec<String>,
    file: &'a File,
    found: BTreeSet<Vec<String>>,
}

impl Uses<'_> {
    fn record(&mut self, path: &[String]) {
        self.found.extend(self.file.absolute(path, &self.module));
    }

    fn record_tree(&mut self, tree: &UseTree, before: &[String]) {
        match tree {
            UseTree::Path(path) => {
                self.record_tree(&path.tree, &with(before, &path.ident.to_string()));
            }
            UseTree::Name(name) if name.ident == "self" => self.record(before),
            UseTree::Name(name) => self.record(&with(before, &name.ident.to_string())),
            UseTree::Rename(rename) => self.record(&with(before, &rename.ident.to_string())),
            UseTree::Glob(_) => self.record(before),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.record_tree(tree, before);
                }
            }
        }
    }

    /// Arguments of macros are not syntax yet: names joined by `::` are taken from their tokens. A `super` without a name
    /// behind it is left out, because a macro's text may be that of an inner module.
    fn record_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.record_named(&std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.record_named(&std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.record_tokens(group.stream());
                    }
                }
            }
        }
        self.record_named(&path);
    }

    fn record_named(&mut self, path: &[String]) {
        if path.iter().any(|name| name != "super") {
            self.record(path);
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        // A re-export ties nothing by itself.
        if matches!(item.vis, Visibility::Inherited) {
            self.record_tree(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        let names: Vec<String> = names.collect();
        self.record(&names);
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {
        // `pub(crate)` holds a path that uses nothing.
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.record_tokens(invocation.tokens.clone());
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }
}
