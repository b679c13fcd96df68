//! The words of the trade by which rustdoc's search finds an item.
//!
//! `cargo xtask interop search` searches the built documentation; this is what can be said without building it.

use syn::Item;
use webhooks_tests::{source, workspace};

/// rustdoc (1.95) shows a re-exported type under its new path, and forgets the aliases that are written on the type.
#[test]
fn an_alias_of_a_type_stands_where_the_type_is_public() {
    let mut lost = Vec::new();
    for name in workspace::libraries() {
        let files = source::library(&name);
        let root = files.iter().find(|file| file.module.is_empty());
        let public = public_modules(&root.expect("a library has a root").syntax.items);
        let in_private = files.iter().filter(|file| match file.module.as_slice() {
            [] => false,
            [module] => !public.contains(module),
            // A module of a public module is private itself, or its items are re-exported from there.
            _ => true,
        });
        for file in in_private {
            let types = with_aliases(&file.syntax.items).into_iter();
            lost.extend(types.map(|item| format!("{}: {item}", workspace::shown(&file.path))));
        }
    }
    assert!(
        lost.is_empty(),
        "write the alias on the `pub use` of the type\n{}",
        lost.join("\n")
    );
}

#[test]
fn an_alias_on_a_type_is_found() {
    let found = |text: &str| {
        let file: syn::File = syn::parse_str(text).expect("the case is Rust");
        with_aliases(&file.items)
    };
    assert_eq!(found("#[doc(alias = \"a\")] pub struct A;"), ["A"]);
    assert_eq!(found("#[doc(alias(\"a\", \"b\"))] pub enum A {}"), ["A"]);
    assert_eq!(found("#[doc(alias = \"a\")] pub trait A {}"), ["A"]);
    let none: [&str; 0] = [];
    assert_eq!(found("/// An alias.\n#[doc(hidden)] pub struct A;"), none);
    assert_eq!(
        found("impl A { #[doc(alias = \"a\")] pub fn f() {} }"),
        none
    );
    assert_eq!(found("#[doc(alias = \"a\")] pub use b::A;"), none);
}

/// The names of the modules that are public.
fn public_modules(items: &[Item]) -> Vec<String> {
    let public = items.iter().filter_map(|item| match item {
        Item::Mod(module) if matches!(module.vis, syn::Visibility::Public(_)) => {
            Some(module.ident.to_string())
        }
        _ => None,
    });
    public.collect()
}

/// The types with an alias.
fn with_aliases(items: &[Item]) -> Vec<String> {
    let found = items.iter().filter_map(|item| {
        let (attributes, name) = match item {
            Item::Enum(item) => (&item.attrs, &item.ident),
            Item::Struct(item) => (&item.attrs, &item.ident),
            Item::Trait(item) => (&item.attrs, &item.ident),
            Item::Type(item) => (&item.attrs, &item.ident),
            _ => return None,
        };
        let has_alias = attributes.iter().any(|attribute| {
            attribute.path().is_ident("doc")
                && attribute
                    .meta
                    .require_list()
                    .is_ok_and(|list| list.tokens.to_string().starts_with("alias"))
        });
        has_alias.then(|| name.to_string())
    });
    found.collect()
}
