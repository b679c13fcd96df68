//! The crates from outside whose types and traits a public signature names.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{ImplItem, Item, TraitItem, UseTree, Visibility};

/// The crates that a file's public items name: in signatures, public fields, bounds and implemented traits. What a
/// macro writes is not seen, derived traits neither.
pub fn crates_named(syntax: &syn::File) -> BTreeSet<String> {
    let mut names = Names::default();
    names.bring_in(&syntax.items);
    names.items(&syntax.items);
    names.found
}

#[derive(Default)]
struct Names {
    /// What `use` declarations bring in, with the first segment of its path.
    brought: BTreeMap<String, String>,
    /// Types that are written in the file and not public.
    private: BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Names {
    fn bring_in(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Use(item) => self.bring(&item.tree, None),
                Item::Struct(item) if !is_public(&item.vis) => self.keep(&item.ident),
                Item::Enum(item) if !is_public(&item.vis) => self.keep(&item.ident),
                Item::Mod(module) => {
                    if let Some((_, items)) = &module.content {
                        self.bring_in(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn keep(&mut self, private: &syn::Ident) {
        self.private.insert(private.to_string());
    }

    /// Whether an implementation is for a type that no user sees.
    fn is_private(&self, item: &syn::ItemImpl) -> bool {
        let syn::Type::Path(own) = &*item.self_ty else {
            return false;
        };
        let name = own.path.segments.last();
        name.is_some_and(|name| self.private.contains(&name.ident.to_string()))
    }

    fn bring(&mut self, tree: &UseTree, first: Option<&str>) {
        let mut enter = |name: &syn::Ident, own: &syn::Ident| {
            let first = first.map_or_else(|| own.to_string(), str::to_owned);
            self.brought.insert(name.to_string(), first);
        };
        match tree {
            UseTree::Name(name) => enter(&name.ident, &name.ident),
            UseTree::Rename(rename) => enter(&rename.rename, &rename.ident),
            UseTree::Path(path) => {
                let own = path.ident.to_string();
                let first = first.unwrap_or(&own);
                // `use axum::body::{self}` binds the last name before the braces.
                self.brought.insert(own.clone(), first.to_owned());
                self.bring(&path.tree, Some(first));
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.bring(tree, first)),
            UseTree::Glob(_) => {}
        }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Fn(item) if is_public(&item.vis) => self.visit_signature(&item.sig),
                Item::Struct(item) if is_public(&item.vis) => {
                    self.visit_generics(&item.generics);
                    let fields = item.fields.iter().filter(|field| is_public(&field.vis));
                    fields.for_each(|field| self.visit_type(&field.ty));
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    self.visit_generics(&item.generics);
                    let variants = item.variants.iter();
                    variants
                        .flat_map(|variant| &variant.fields)
                        .for_each(|field| self.visit_type(&field.ty));
                }
                Item::Trait(item) if is_public(&item.vis) => self.visit_public_trait(item),
                Item::Type(item) if is_public(&item.vis) => self.visit_item_type(item),
                Item::Const(item) if is_public(&item.vis) => self.visit_type(&item.ty),
                Item::Static(item) if is_public(&item.vis) => self.visit_type(&item.ty),
                Item::Use(item) if is_public(&item.vis) => self.re_export(&item.tree),
                Item::Impl(item) if !self.is_private(item) => self.visit_public_impl(item),
                Item::Mod(item) => {
                    if let Some((_, items)) = &item.content {
                        self.items(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn visit_public_trait(&mut self, item: &syn::ItemTrait) {
        self.visit_generics(&item.generics);
        item.supertraits
            .iter()
            .for_each(|bound| self.visit_type_param_bound(bound));
        for item in &item.items {
            match item {
                TraitItem::Fn(item) => self.visit_signature(&item.sig),
                other => self.visit_trait_item(other),
            }
        }
    }

    fn visit_public_impl(&mut self, item: &syn::ItemImpl) {
        if let Some((path, _)) = &item.trait_ {
            self.visit_generics(&item.generics);
            self.visit_path(path);
            for item in &item.items {
                if let ImplItem::Type(item) = item {
                    self.visit_type(&item.ty);
                }
            }
            return;
        }
        for item in &item.items {
            match item {
                ImplItem::Fn(item) if is_public(&item.vis) => self.visit_signature(&item.sig),
                ImplItem::Const(item) if is_public(&item.vis) => self.visit_type(&item.ty),
                _ => {}
            }
        }
    }

    fn re_export(&mut self, tree: &UseTree) {
        if let UseTree::Path(path) = tree {
            self.named(&path.ident.to_string());
        }
    }

    fn named(&mut self, name: &str) {
        let name = self.brought.get(name).map_or(name, String::as_str);
        self.found.insert(name.to_owned());
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            self.named(&first.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
