//! Rules for a view: what the impl block is, and that its webhooks differ.

use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, GenericParam, Path};

use super::declaration::Declaration;
use super::webhook::webhook;
use super::{descriptor, rules, type_syntax};
use crate::args::{Key, Site, ViewArgs, WebhookArgs};
use crate::errors::Errors;
use crate::item::{Block, BlockItem, Function};
use crate::model::{EventName, View, ViewItem, Webhook};
use crate::names::{self, Root};

/// Checks an impl block and everything in it. The result counts if there are no errors.
pub(crate) fn check(args: &ViewArgs, block: &Block, errors: &Errors) -> View {
    header(block, args, errors);
    descriptor::shared(&args.shared, errors);
    descriptor::further(&args.shared.responses, None, errors);
    if let Some(prefix) = &args.prefix
        && let Err(rule) = rules::event_name(&prefix.value(), false)
    {
        errors.push(
            prefix,
            format!("a prefix is the beginning of event names: {rule}"),
        );
    }
    let mut items = Vec::new();
    let mut attributes = Vec::new();
    for item in &block.items {
        match item {
            BlockItem::Function(function) => {
                items.extend(method((**function).clone(), args, &mut attributes, errors));
            }
            BlockItem::Other(tokens) => items.push(ViewItem::Other(tokens.clone())),
        }
    }
    if attributes.is_empty() {
        errors.push(
            &block.self_ty,
            "there is no webhook in this view; declare one with `#[whpost(\"..\")]` or a relative, or remove `#[whview]`",
        );
    }
    distinct(&items, errors);
    View {
        root: Root::core(args.shared.root.as_ref()),
        attrs: block.attrs.clone(),
        impl_token: block.impl_token,
        generics: block.generics.clone(),
        self_ty: block.self_ty.clone(),
        items,
        attributes,
        more: args.more,
        register: args.shared.register.unwrap_or(true),
    }
}

fn header(block: &Block, args: &ViewArgs, errors: &Errors) {
    if let Some(of_trait) = &block.of_trait {
        errors.push(
            of_trait,
            "a view is an impl block of the type itself; move the webhooks into `impl Type { .. }`",
        );
    }
    if let Some(token) = &block.unsafe_token {
        errors.push(token, "a view is a plain impl block; remove `unsafe`");
    }
    let lifetimes = "a view has no lifetimes, because its webhooks are listed without a value; \
                     declare them on a type that borrows nothing";
    let mut found = false;
    for param in &block.generics.params {
        if let GenericParam::Lifetime(param) = param {
            errors.push(param, lifetimes);
            found = true;
        }
    }
    if let Some(lifetime) = type_syntax::lifetime(&block.self_ty).filter(|_| !found) {
        errors.push(lifetime, lifetimes);
    }
    if let Some(place) = args.shared.place_of(Key::More)
        && !block.generics.params.is_empty()
    {
        errors.push_at(
            place,
            "further blocks are found by their type, and a generic view is many types; put its webhooks into one block",
        );
    }
}

/// A method of the block: a webhook, or anything else.
fn method(
    mut function: Function,
    view: &ViewArgs,
    attributes: &mut Vec<Path>,
    errors: &Errors,
) -> Option<ViewItem> {
    hidden_in_cfg_attr(&function.attrs, errors);
    let our_attribute = |attr: &Attribute| names::Attribute::from_path(attr.path());
    let Some((index, attribute)) = function
        .attrs
        .iter()
        .enumerate()
        .find_map(|(index, attr)| Some((index, our_attribute(attr)?)))
    else {
        return Some(ViewItem::Other(function.into_token_stream()));
    };
    let attr = function.attrs.remove(index);
    let path = attr.path();
    if !attributes.iter().any(|known| is_same(known, path)) {
        attributes.push(path.clone());
    }
    let tokens = match &attr.meta {
        syn::Meta::Path(_) => quote!(),
        syn::Meta::List(list) => list.tokens.clone(),
        syn::Meta::NameValue(pair) => {
            let name = attribute.name();
            errors.push(pair, format!("write `#[{name}(\"payment.created\")]`"));
            return None;
        }
    };
    let args = WebhookArgs::parse(tokens, Site::Method(attribute), errors);
    let declaration = Declaration {
        attribute,
        attribute_span: path.span(),
        args: &args,
        item: &function,
        view: Some(view),
    };
    let webhook = webhook(declaration, errors);
    webhook.map(|webhook| ViewItem::Webhook(Box::new(webhook)))
}

/// `cfg_attr` on a method reaches the view unevaluated.
fn hidden_in_cfg_attr(attrs: &[Attribute], errors: &Errors) {
    for attr in attrs.iter().filter(|attr| names::hides_webhook(attr)) {
        errors.push(
            attr,
            "a view does not see webhooks in `cfg_attr`; put a `#[cfg(..)]` of its own above the method",
        );
    }
}

/// Two webhooks of one name and method; `#[cfg]` may leave one of them out.
fn distinct(items: &[ViewItem], errors: &Errors) {
    let mut seen: Vec<&Webhook> = Vec::new();
    for item in items {
        let ViewItem::Webhook(webhook) = item else {
            continue;
        };
        if webhook.cfgs().next().is_some() {
            continue;
        }
        let new = &webhook.descriptor;
        let same = seen.iter().find_map(|old| {
            let old = &old.descriptor;
            let method = new
                .methods
                .iter()
                .find(|method| old.methods.contains(method))?;
            (same_name(&old.name, &new.name)).then_some((&old.name, *method))
        });
        if let Some((first, method)) = same {
            let what = format!("this view declares the event with {}", method.as_str());
            errors.push_twice(
                &what,
                first,
                &new.name,
                "rename one or give it another method",
            );
        }
        seen.push(webhook);
    }
}

fn same_name(a: &EventName, b: &EventName) -> bool {
    match (a, b) {
        (EventName::Literal(a), EventName::Literal(b)) => a.value() == b.value(),
        (EventName::Constant { constant: a, .. }, EventName::Constant { constant: b, .. }) => {
            is_same(a, b)
        }
        _ => false,
    }
}

fn is_same(a: impl ToTokens, b: impl ToTokens) -> bool {
    a.into_token_stream().to_string() == b.into_token_stream().to_string()
}
