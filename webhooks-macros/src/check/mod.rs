//! Arguments and item become the model. Every rule is tried; what breaks one goes to the errors.

pub(crate) mod argument;
mod descriptor;
mod event_name;
pub(crate) mod handler;
mod handler_block;
mod methods;
mod rules;
mod signature;
pub(crate) mod types;
mod view;

pub(crate) use handler_block::check as handler_block;
pub(crate) use view::check as view;

use proc_macro2::Span;
use quote::ToTokens;

use crate::args::{ViewArgs, WebhookArgs};
use crate::errors::Errors;
use crate::item::Function;
use crate::model::Webhook;
use crate::names::{Attribute, Root};

/// A declaration as it was parsed: the attribute, its arguments, what it sits on, and the view around it.
#[derive(Clone, Copy)]
pub(crate) struct Declaration<'a> {
    pub(crate) attribute: Attribute,
    /// Where the attribute stands, for what is missing in it.
    pub(crate) attribute_span: Span,
    pub(crate) args: &'a WebhookArgs,
    pub(crate) item: &'a Function,
    pub(crate) view: Option<&'a ViewArgs>,
}

/// Checks a function, or a method of a view. The result counts if there are no errors.
pub(crate) fn webhook(declaration: Declaration<'_>, errors: &Errors) -> Option<Webhook> {
    let Declaration {
        args, item, view, ..
    } = declaration;
    signature::check(declaration, errors);
    let methods = methods::check(declaration, errors);
    let name = event_name::check(declaration, errors);
    let arguments = argument::check(&item.sig, &methods, errors);
    let response = signature::response(&item.sig.output, errors);
    let facts = descriptor::Facts {
        name: name?,
        methods,
        arguments: &arguments,
        response,
    };
    let descriptor = descriptor::check(declaration, facts, errors);
    let root = args
        .shared
        .root
        .as_ref()
        .or_else(|| view.and_then(|view| view.shared.root.as_ref()));
    Some(Webhook {
        root: Root::core(root),
        attrs: item.attrs.clone(),
        vis: item.vis.clone(),
        ident: item.sig.ident.clone(),
        receiver: item.sig.receiver().cloned(),
        arguments: arguments.list,
        descriptor,
        marker: args
            .marker
            .clone()
            .unwrap_or_else(|| item.sig.ident.clone()),
        register: args.shared.register.unwrap_or(true),
    })
}

/// Tokens as a person writes them, for messages.
pub(crate) fn tight_tokens(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
