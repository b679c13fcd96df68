//! Rules for a function that receives: it runs, so it has a body; it outlives every borrow; its first parameter is the
//! payload.

use syn::{Attribute, FnArg, Ident, LitStr, Pat, PatType, ReturnType, Signature, Type};

use super::{argument, type_syntax};
use crate::args::{Event, OnArgs};
use crate::docs::Docs;
use crate::errors::Errors;
use crate::item::Function;
use crate::model::{CollectionKey, Handler, HandlerParameter as Parameter};
use crate::names::{self, Root};

/// The payload and eight extractors.
const MOST_PARAMETERS: usize = 9;

/// Checks a function, or a method of a block. The result counts if there are no errors; none where its signature is not
/// one of a handler.
pub(crate) fn check(
    args: OnArgs,
    item: &Function,
    in_block: bool,
    errors: &Errors,
) -> Option<Handler> {
    events(&args, item, errors);
    let shape = errors.part();
    signature(&item.sig, &shape);
    receiver(&item.sig, in_block, &shape);
    let parameters = parameters(&item.sig, &shape);
    let output = output(&item.sig, &shape);
    let Some(body) = item.body.clone() else {
        errors.push(
            &item.sig,
            "a handler has a body: write what happens when the event comes",
        );
        return None;
    };
    let (inner, outer) = item.attrs.iter().cloned().partition(belongs_inside);
    let handler = Handler {
        root: root(&args),
        docs: Docs::of(&item.attrs),
        outer,
        inner,
        vis: item.vis.clone(),
        ident: item.sig.ident.clone(),
        takes_self: item.sig.receiver().is_some(),
        parameters,
        output,
        body,
        collected: collected(&args, in_block, errors),
        events: args.events,
    };
    shape.is_empty().then_some(handler)
}

/// The runtime crate of receivers.
pub(crate) fn root(args: &OnArgs) -> Root {
    Root::receiver(args.root.as_ref().map(|(_, path)| path))
}

fn events(args: &OnArgs, item: &Function, errors: &Errors) {
    if args.events.is_empty() && !args.event_was_tried {
        errors.push(
            &item.sig.ident,
            "a handler needs its event: write `#[on(\"payment.created\")]`, or `#[on(\"*\")]` for all",
        );
    }
    let mut seen: Vec<&LitStr> = Vec::new();
    for event in &args.events {
        let Event::Name(name) = event else { continue };
        if let Err(rule) = pattern(&name.value()) {
            errors.push(name, rule);
        }
        if let Some(first) = seen.iter().find(|seen| seen.value() == name.value()) {
            errors.push_twice(
                &format!("`{}` is listed", name.value()),
                first,
                name,
                "remove one",
            );
        }
        seen.push(name);
    }
}

/// A name is the provider's text; only a star in it can be nothing but a slip.
fn pattern(text: &str) -> Result<(), &'static str> {
    if text.trim().is_empty() {
        return Err(
            "an event name cannot be empty; write the provider's name, as in `payment.created`",
        );
    }
    let name = if text == "*" {
        ""
    } else {
        text.strip_suffix(".*").unwrap_or(text)
    };
    if name.contains('*') {
        return Err("`*` stands alone for all events, or behind a final dot, as in `payment.*`");
    }
    Ok(())
}

fn signature(sig: &Signature, errors: &Errors) {
    if sig.asyncness.is_none() {
        errors.push(sig.fn_token, "a handler is an `async fn`");
    }
    if let Some(token) = &sig.constness {
        errors.push(token, "a handler is an `async fn`; remove `const`");
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        errors.push(token, "a handler is called by safe code; remove `unsafe`");
    }
    if let Some(abi) = &sig.abi {
        errors.push(abi, "a handler is an `async fn`; remove `extern`");
    }
    let advice =
        "a handler has no generic parameters: the receiver that calls it cannot choose them";
    if !sig.generics.params.is_empty() {
        errors.push(&sig.generics, advice);
    } else if let Some(clause) = &sig.generics.where_clause {
        errors.push(clause, advice);
    }
}

fn receiver(sig: &Signature, in_block: bool, errors: &Errors) {
    let Some(receiver) = sig.receiver() else {
        return;
    };
    if !in_block {
        errors.push(
            receiver,
            "a method is a handler of its block: write `#[on]` above the impl block too",
        );
    } else if !matches!(receiver.kind, syn::ReceiverKind::Reference(_, None, None)) {
        errors.push(
            receiver,
            "a handler takes `&self` or nothing: several calls run at the same time",
        );
    }
}

fn parameters(sig: &Signature, errors: &Errors) -> Vec<Parameter> {
    let inputs: Vec<&PatType> = sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(input) => Some(input),
            FnArg::Receiver(_) => None,
        })
        .collect();
    if let Some(tenth) = inputs.get(MOST_PARAMETERS) {
        let found = inputs.len() - 1;
        errors.push(
            tenth,
            format!(
                "a handler takes its payload and at most eight extractors, and this one has {found}"
            ),
        );
    }
    let named = inputs.into_iter().enumerate();
    named
        .map(|(index, input)| parameter(input, index, errors))
        .collect()
}

fn parameter(input: &PatType, index: usize, errors: &Errors) -> Parameter {
    for attr in input.attrs.iter().filter(|attr| !argument::is_lint(attr)) {
        errors.push(
            attr,
            "a parameter of a handler has no attributes but lints; remove this one",
        );
    }
    match type_syntax::ungrouped(&input.ty) {
        Type::Reference(reference) => {
            errors.push(
                reference,
                "a handler owns what it gets; write the type without `&`",
            );
        }
        Type::ImplTrait(ty) => {
            errors.push(
                ty,
                "a handler says which type it takes; write it instead of `impl Trait`",
            );
        }
        ty => {
            if let Some(lifetime) = type_syntax::lifetime(ty) {
                errors.push(
                    lifetime,
                    "a handler owns what it gets; write `'static`, or a type that borrows nothing",
                );
            }
        }
    }
    Parameter {
        attrs: input.attrs.clone(),
        pat: (*input.pat).clone(),
        name: name(&input.pat).unwrap_or_else(|| quote::format_ident!("argument_{}", index + 1)),
        ty: (*input.ty).clone(),
    }
}

/// The one name in a pattern such as `data`, `mut data` or `State(db)`.
fn name(pat: &Pat) -> Option<Ident> {
    match pat {
        Pat::Ident(pat) if pat.subpat.is_none() => Some(pat.ident.clone()),
        Pat::TupleStruct(pat) if pat.elems.len() == 1 => name(&pat.elems[0]),
        _ => None,
    }
}

fn output(sig: &Signature, errors: &Errors) -> Option<Type> {
    let ReturnType::Type(_, ty) = &sig.output else {
        return None;
    };
    if let Type::ImplTrait(opaque) = type_syntax::ungrouped(ty) {
        errors.push(
            opaque,
            "a handler says what it returns, as in `Result<(), Error>` or `Response`",
        );
    } else if let Some(lifetime) = type_syntax::lifetime(ty) {
        errors.push(
            lifetime,
            "what a handler returns outlives it; write `'static`",
        );
    }
    Some((**ty).clone())
}

fn collected(args: &OnArgs, in_block: bool, errors: &Errors) -> Option<CollectionKey> {
    let state = args.state.as_ref().map(|(_, state)| state.clone());
    let Some((place, receiver)) = &args.receiver else {
        if let Some((place, _)) = &args.state {
            errors.push_at(
                *place,
                "the state matters where a receiver collects the handler: add `receiver = \"github\"`, the key that \
                 it collects by",
            );
        }
        return None;
    };
    if receiver.value().trim().is_empty() {
        errors.push(
            receiver,
            "the key is empty; write the one that the receiver collects by, as in `\"github\"`",
        );
    }
    if in_block {
        errors.push_at(
            *place,
            "methods need a value, which is not at hand where handlers are collected; add the block with `.on(value)`",
        );
    }
    Some(CollectionKey {
        receiver: receiver.clone(),
        state,
    })
}

/// Whether an attribute is for the function that runs. Documentation, conditions and lints are for the one that people
/// see, and reach the other through it.
fn belongs_inside(attr: &Attribute) -> bool {
    let outside = ["doc", "cfg", "cfg_attr", "deprecated", "must_use"];
    !argument::is_lint(attr) && !outside.iter().any(|name| attr.path().is_ident(name))
}

/// Whether this is `#[on]` itself, by its last segment.
pub(crate) fn is_on(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| names::without_raw_prefix(&last.ident) == "on")
}
