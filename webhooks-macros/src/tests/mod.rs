//! Expansions with their declarations, as files in `expansions/`: the declaration, a line of dashes, what comes out.
//!
//! `UPDATE=1 cargo test -p webhooks-macros` writes them anew; read them before they are kept.

/// Files of the runtime crate, which this crate cannot import: what it has a copy of is held against them.
#[allow(
    dead_code,
    unreachable_pub,
    reason = "of each file a part is needed, and there it is public"
)]
#[path = "../../../webhooks-core/src/method.rs"]
pub(crate) mod core_method;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "of each file a part is needed, and there it is public"
)]
#[path = "../../../webhooks-core/src/rules.rs"]
pub(crate) mod core_rules;

use std::path::Path;
use std::{env, fs};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, Meta};

use crate::names::Attribute;

const LINE: &str = "\n----------------------------------------\n\n";

macro_rules! expansions {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(concat!("src/tests/expansions/", stringify!($name), ".txt"));
                let text = fs::read_to_string(&path).expect("the declaration stands in the file");
                let input = text.split(LINE).next().expect("a text has a beginning").trim_end();
                let expected = format!("{input}\n{LINE}{}", pretty(expand(input)));
                if env::var_os("UPDATE").is_some() {
                    fs::write(&path, &expected).expect("the file can be written");
                }
                let mut lines = text.lines().zip(expected.lines());
                let changed = lines.find(|(old, new)| old != new);
                assert!(text == expected, "the expansion has changed, first in {changed:#?}");
            }
        )*
    };
}

expansions! {
    a_function,
    a_function_with_all_arguments,
    a_function_with_a_mistake,
    a_view,
    a_further_block_of_a_view,
    a_generic_view,
    a_view_with_a_mistake,
    a_handler,
    a_collected_handler_of_a_webhook,
    a_handler_with_a_mistake,
    a_function_that_is_no_handler,
    a_block_of_handlers,
    a_block_of_handlers_with_a_mistake,
}

#[test]
fn paths_into_the_runtime_stand_in_names_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/expand");
    for file in fs::read_dir(folder).expect("the folder is there") {
        let file = file.expect("the folder can be read").path();
        let text = fs::read_to_string(&file).expect("it is a file of Rust");
        let found = [
            "#root::",
            "webhooks_core::",
            "webhooks_receiver::",
            "__private",
        ];
        assert!(
            !found.iter().any(|path| text.contains(path)),
            "{}",
            file.display()
        );
    }
}

#[test]
fn with_another_crate_the_expansion_never_names_this_one() {
    let function = r#"
        #[whpost(NAME, crate = ::other::hooks, tags = ["a"], security = [("b", ["c"])], examples = [("d", 1)],
            extensions = [("x-e", 2)], responses = [(410, "f", u8)], external_docs = ("g", "h"), deprecated)]
        async fn created(data: Option<u8>, #[header] i: u8, #[query] j: Option<u8>, #[cookie] k: u8) -> u8;
    "#;
    let route = r#"
        #[whroute(methods = ["GET", "POST"], crate = ::other::hooks)]
        async fn created(data: Option<u8>);
    "#;
    let view = r#"
        #[whview(crate = ::other::hooks, prefix = "a")]
        impl View {
            #[whpost(NAME)]
            async fn created(&self, data: u8);
        }
    "#;
    let more = r#"
        #[whview(crate = ::other::hooks, more)]
        impl View {
            #[whpost("a")]
            async fn created(&self, data: u8);
        }
    "#;
    let mistake = r#"
        #[whpost("", crate = ::other::hooks)]
        async fn created(data: u8);
    "#;
    for declaration in [function, route, view, more, mistake] {
        let expanded = expand(declaration);
        assert!(has_ident(expanded.clone(), "hooks"), "{expanded}");
        assert!(!has_ident(expanded, "webhooks_core"), "{declaration}");
    }
}

#[test]
fn with_another_crate_the_expansion_of_a_handler_never_names_this_one() {
    let function = r#"
        #[on("a", created, crate = ::other::hooks, receiver = "b", state = App)]
        async fn handle(data: u8, State(db): State<Db>) -> Result<(), Error> {}
    "#;
    let block = r#"
        #[on(crate = ::other::hooks)]
        impl Hooks {
            #[on("a", created)]
            async fn handle(&self, data: u8, State(db): State<Db>) -> Result<(), Error> {}
        }
    "#;
    let mistake = r#"
        #[on("", crate = ::other::hooks)]
        async fn handle(data: u8) {}
    "#;
    for declaration in [function, block, mistake] {
        let expanded = expand(declaration);
        assert!(has_ident(expanded.clone(), "hooks"), "{expanded}");
        assert!(!has_ident(expanded, "webhooks_receiver"), "{declaration}");
    }
}

fn has_ident(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => has_ident(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Expands the first attribute of an item, as the compiler does.
fn expand(declaration: &str) -> TokenStream {
    let item: TokenStream = declaration
        .parse()
        .expect("the declaration is made of tokens");
    let (attribute, item) = first_attribute(item);
    let args = match &attribute {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    match Attribute::from_path(attribute.path()) {
        Some(attribute) => crate::webhook(attribute, args, item),
        None if attribute.path().is_ident("on") => crate::on_item(args, item),
        None => crate::view(args, item),
    }
}

/// Takes our attribute from the item; what comes before it, such as a doc comment, stays.
fn first_attribute(item: TokenStream) -> (Meta, TokenStream) {
    let mut tokens = item.into_iter();
    let mut before = TokenStream::new();
    while let Some(token) = tokens.next() {
        let Some(TokenTree::Group(group)) = tokens.next() else {
            break;
        };
        let meta: Meta = syn::parse2(group.stream()).expect("an attribute begins the declaration");
        let is_ours = ["whview", "on"]
            .iter()
            .any(|name| meta.path().is_ident(name));
        if is_ours || Attribute::from_path(meta.path()).is_some() {
            return (meta, before.into_iter().chain(tokens).collect());
        }
        before.extend([token, group.into()]);
    }
    panic!("one of our attributes stands on the declaration");
}

/// The expansion as a person would format it. `inventory::submit!` takes an expression, which stays in one line.
fn pretty(tokens: TokenStream) -> String {
    let file: syn::File = syn::parse2(tokens).expect("an expansion is Rust");
    assert!(
        file.items
            .iter()
            .all(|item| !matches!(item, Item::Verbatim(_))),
        "all of it is known Rust"
    );
    prettyplease::unparse(&file)
}
