//! An error that holds another one leads to it, so that a log can say what was behind it.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};
use syn::{Fields, ImplItem, Item, ItemImpl, Type, Visibility};
use webhooks_tests::{source, workspace};

#[test]
fn an_error_that_holds_another_leads_to_it() {
    let found = workspace::libraries().into_iter().flat_map(|name| {
        let files = source::library(&name);
        let items = files.into_iter().flat_map(|file| file.syntax.items);
        let problems = problems(items.collect()).into_iter();
        problems.map(move |problem| format!("{name}: {problem}"))
    });
    let found: Vec<_> = found.collect();
    assert!(
        found.is_empty(),
        "return what it holds from `source`\n{}",
        found.join("\n")
    );
}

#[test]
fn every_way_to_lose_a_source_is_found() {
    let cases = [
        ("pub struct AError;", Some("AError is public and no error")),
        (
            "struct A(io::Error); impl std::error::Error for A {}",
            Some("A has no `source`"),
        ),
        (
            "struct A { cause: Box<dyn Error + Send> } impl Error for A {}",
            Some("A has no `source`"),
        ),
        (
            "enum A { B(FmtError), C } impl Error for A {}",
            Some("A has no `source`"),
        ),
        (
            "enum A { B(FmtError), C { error: DError } }
             impl Error for A { fn source(&self) -> X { match self { Self::B(error) => Some(error), _ => None } } }",
            Some("A::C is not named in `source`"),
        ),
        (
            "enum A { B(FmtError) } impl Error for A { fn source(&self) -> X { match self { A::B(e) => Some(e) } } }",
            None,
        ),
        (
            "struct A { cause: Option<Arc<dyn Error>> } impl Error for A { fn source(&self) -> X { None } }",
            None,
        ),
        ("pub struct AError(String); impl Error for AError {}", None),
        ("enum A { B(ErrorKind) } impl Error for A {}", None),
        ("struct A(BError);", None),
    ];
    for (text, problem) in cases {
        let file: syn::File = syn::parse_str(text).expect("the case is Rust");
        let found = problems(file.items);
        assert_eq!(found, Vec::from_iter(problem), "{text}");
    }
}

/// What is wrong with the errors among these items.
fn problems(items: Vec<Item>) -> Vec<String> {
    let mut types = BTreeMap::new();
    let mut sources = BTreeMap::new();
    for item in all(items) {
        match item {
            Item::Enum(item) => {
                let variants = item.variants.iter();
                let holding = variants.filter(|variant| holds_error(&variant.fields));
                let holding: Vec<_> = holding.map(|variant| variant.ident.to_string()).collect();
                types.insert(item.ident.to_string(), (is_public(&item.vis), holding));
            }
            Item::Struct(item) => {
                let holding = holds_error(&item.fields).then(String::new);
                let holding = holding.into_iter().collect();
                types.insert(item.ident.to_string(), (is_public(&item.vis), holding));
            }
            Item::Impl(item) if is_of_error(&item) => {
                sources.insert(last_name(&item.self_ty), source_of(&item));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (name, (is_public, holding)) in types {
        match sources.get(&name) {
            None if is_public && name.ends_with("Error") => {
                found.push(format!("{name} is public and no error"));
            }
            Some(None) if !holding.is_empty() => found.push(format!("{name} has no `source`")),
            Some(Some(named)) => {
                // A struct has no variants to name.
                let lost = holding.iter().filter(|variant| !variant.is_empty());
                let lost = lost.filter(|variant| !named.contains(variant));
                found.extend(lost.map(|lost| format!("{name}::{lost} is not named in `source`")));
            }
            _ => {}
        }
    }
    found
}

/// The items, and those of modules among them.
fn all(items: Vec<Item>) -> Vec<Item> {
    let inner = |item| match item {
        Item::Mod(module) => module.content.map_or(Vec::new(), |(_, items)| all(items)),
        item => vec![item],
    };
    items.into_iter().flat_map(inner).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// `std::error::Error`, not that of serde.
fn is_of_error(item: &ItemImpl) -> bool {
    let Some((path, _)) = &item.trait_ else {
        return false;
    };
    let names: Vec<_> = path.segments.iter().map(|part| &part.ident).collect();
    match names.as_slice() {
        [name] => *name == "Error",
        [.., before, name] => *name == "Error" && *before == "error",
        [] => false,
    }
}

/// The last names of the paths in the method, if there is one.
fn source_of(item: &ItemImpl) -> Option<Vec<String>> {
    struct Finder(Vec<String>);

    impl Visit<'_> for Finder {
        fn visit_path(&mut self, path: &syn::Path) {
            self.0
                .extend(path.segments.last().map(|part| part.ident.to_string()));
            visit::visit_path(self, path);
        }
    }

    item.items.iter().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == "source" => {
            let mut finder = Finder(Vec::new());
            finder.visit_block(&method.block);
            Some(finder.0)
        }
        _ => None,
    })
}

fn last_name(of: &Type) -> String {
    match of {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.map(|part| part.ident.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn holds_error(fields: &Fields) -> bool {
    struct Finder(bool);

    impl Visit<'_> for Finder {
        fn visit_path_segment(&mut self, part: &syn::PathSegment) {
            self.0 |= part.ident.to_string().ends_with("Error");
            visit::visit_path_segment(self, part);
        }
    }

    let mut finder = Finder(false);
    finder.visit_fields(fields);
    finder.0
}
