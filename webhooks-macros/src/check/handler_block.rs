//! Rules for an impl block whose methods receive.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Meta, parse_quote};

use super::{handler, type_syntax};
use crate::args::OnArgs;
use crate::errors::Errors;
use crate::item::{Block, BlockItem, Function};
use crate::model::{Handler, HandlerBlock};
use crate::names::Root;

/// Checks an impl block and everything in it. The result counts if there are no errors.
pub(crate) fn check(args: &OnArgs, block: &Block, errors: &Errors) -> HandlerBlock {
    header(args, block, errors);
    let root = handler::root(args);
    let (mut items, mut handlers) = (Vec::new(), Vec::new());
    let mut found = false;
    for item in &block.items {
        match item {
            BlockItem::Function(function) => {
                let mut function = (**function).clone();
                if let Some(tokens) = remove_on_attribute(&mut function, errors) {
                    found = true;
                    handlers.extend(method(tokens, &function, &root, errors));
                    // A handler is one also where it never waits.
                    function
                        .attrs
                        .push(parse_quote!(#[allow(clippy::unused_async)]));
                }
                items.push(function.into_token_stream());
            }
            BlockItem::Other(tokens) => items.push(tokens.clone()),
        }
    }
    if !found {
        errors.push(
            &block.self_ty,
            "there is no handler in this block; write `#[on(\"payment.created\")]` above a method, or remove `#[on]` here",
        );
    }
    HandlerBlock {
        root,
        attrs: block.attrs.clone(),
        impl_token: block.impl_token,
        generics: block.generics.clone(),
        self_ty: block.self_ty.clone(),
        items,
        handlers,
    }
}

/// Removes `#[on(..)]` from a method and gives what is in it.
fn remove_on_attribute(function: &mut Function, errors: &Errors) -> Option<TokenStream> {
    let index = function.attrs.iter().position(handler::is_on)?;
    let attr = function.attrs.remove(index);
    if let Some(second) = function.attrs.iter().find(|attr| handler::is_on(attr)) {
        errors.push(
            second,
            "a handler has one `#[on]`; list its events in it, as in `#[on(\"a\", \"b\")]`",
        );
        function.attrs.retain(|attr| !handler::is_on(attr));
    }
    Some(match attr.meta {
        Meta::List(list) => list.tokens,
        Meta::Path(_) => quote!(),
        Meta::NameValue(pair) => {
            errors.push(pair, "write `#[on(\"payment.created\")]`");
            return None;
        }
    })
}

fn method(
    tokens: TokenStream,
    function: &Function,
    root: &Root,
    errors: &Errors,
) -> Option<Handler> {
    let args = OnArgs::parse(tokens, errors);
    if let Some((place, _)) = &args.root {
        errors.push_at(*place, "`crate` belongs on the `#[on]` of the block");
    }
    for attr in function
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
    {
        errors.push(
            attr,
            "a handler of a block is always there; write a function with `#[on(..)]` instead",
        );
    }
    let handler = handler::check(args, function, true, errors)?;
    Some(Handler {
        root: root.clone(),
        ..handler
    })
}

fn header(args: &OnArgs, block: &Block, errors: &Errors) {
    for event in &args.events {
        errors.push(
            event,
            "the methods have the events; a block has `#[on]` alone",
        );
    }
    for (place, key) in [
        args.receiver
            .as_ref()
            .map(|(place, _)| (*place, "receiver")),
        args.state.as_ref().map(|(place, _)| (*place, "state")),
    ]
    .into_iter()
    .flatten()
    {
        errors.push_at(
            place,
            format!("`{key}` is for functions that a receiver collects; a block needs a value, so add it with `.on(value)`"),
        );
    }
    if let Some(of_trait) = &block.of_trait {
        errors.push(
            of_trait,
            "handlers are methods of the type itself; move them into `impl Type { .. }`",
        );
    }
    if let Some(token) = &block.unsafe_token {
        errors.push(
            token,
            "handlers stand in a plain impl block; remove `unsafe`",
        );
    }
    let advice = "handlers outlive every borrow; put them on a type that owns what it needs";
    let mut found = false;
    for param in &block.generics.params {
        if let GenericParam::Lifetime(param) = param {
            errors.push(param, advice);
            found = true;
        }
    }
    if let Some(lifetime) = type_syntax::lifetime(&block.self_ty).filter(|_| !found) {
        errors.push(lifetime, advice);
    }
}
