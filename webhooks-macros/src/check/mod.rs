//! Arguments and item become the model. Every rule is tried; what breaks one goes to the errors.

pub(crate) mod argument;
mod details;
pub(crate) mod handler;
mod handler_block;
pub(crate) mod shape;
mod signature;
mod text;
mod view;

pub(crate) use handler_block::check as handler_block;
pub(crate) use view::check as view;

use proc_macro2::Span;
use quote::ToTokens;
use syn::LitStr;

use crate::args::{Args, Key, Text};
use crate::errors::Errors;
use crate::item::Function;
use crate::model::{EventName, Webhook};
use crate::names::{self, Attribute, Method, Root};

/// The attribute that declares a webhook, and where.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'a> {
    pub(crate) attribute: Attribute,
    pub(crate) place: Span,
    /// The arguments of the view around it.
    pub(crate) view: Option<&'a Args>,
}

/// Checks a function, or a method of a view. The result counts if there are no errors.
pub(crate) fn webhook(
    declared: Declared<'_>,
    args: Args,
    item: &Function,
    errors: &mut Errors,
) -> Option<Webhook> {
    let view = declared.view;
    signature::check(item, &args, view.is_some(), errors);
    let methods = methods(declared, &args, errors);
    let name = event_name(declared, &args, item, errors);
    let arguments = argument::check(&item.sig, &methods, errors);
    let response = signature::response(&item.sig.output, errors);
    let root = Root(
        args.root
            .clone()
            .or_else(|| view.and_then(|view| view.root.clone())),
    );
    let marker = args
        .marker
        .clone()
        .unwrap_or_else(|| item.sig.ident.clone());
    let register = args.register.unwrap_or(true);
    let descriptor = details::check(
        args, item, view, name?, methods, &arguments, response, errors,
    );
    Some(Webhook {
        root,
        attrs: item.attrs.clone(),
        vis: item.vis.clone(),
        ident: item.sig.ident.clone(),
        receiver: item.sig.receiver().cloned(),
        arguments: arguments.list,
        descriptor,
        marker,
        register,
    })
}

/// The method in the attribute's name, or those of `methods`.
fn methods(declared: Declared<'_>, args: &Args, errors: &mut Errors) -> Vec<Method> {
    if let Attribute::Method(method) = declared.attribute {
        return vec![method];
    }
    let Some((list, names)) = &args.methods else {
        // Where `methods` was given but could not be read, that is said already.
        if args.place_of(Key::Methods).is_none() {
            let message = "`#[whroute]` needs its methods, as in `methods = [\"PUT\", \"POST\"]`";
            errors.push_at(declared.place, message);
        }
        return Vec::new();
    };
    if names.is_empty() {
        errors.push_at(
            *list,
            "`methods` is empty; name at least one, as in `methods = [\"POST\"]`",
        );
    }
    let mut methods: Vec<(Method, &LitStr)> = Vec::new();
    for literal in names {
        let Some(method) = method(literal, errors) else {
            continue;
        };
        match methods.iter().find(|(other, _)| *other == method) {
            Some((_, first)) => {
                errors.push_twice(
                    &format!("`{}` is listed", method.as_str()),
                    first,
                    literal,
                    "remove one",
                );
            }
            None => methods.push((method, literal)),
        }
    }
    methods.into_iter().map(|(method, _)| method).collect()
}

fn method(literal: &LitStr, errors: &mut Errors) -> Option<Method> {
    let text = literal.value();
    let find = |name: &str| Method::ALL.into_iter().find(|(_, known)| *known == name);
    if let Some((method, _)) = find(&text) {
        return Some(method);
    }
    if let Some((_, name)) = find(&text.to_uppercase()) {
        errors.push(
            literal,
            format!("methods are written in upper case: `\"{name}\"`"),
        );
        return None;
    }
    let known: Vec<_> = Method::ALL
        .iter()
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    errors.push(
        literal,
        format!(
            "OpenAPI has no method `{text}`; expected one of {}",
            known.join(", ")
        ),
    );
    None
}

/// The event's name, with the view's prefix before it.
fn event_name(
    declared: Declared<'_>,
    args: &Args,
    item: &Function,
    errors: &mut Errors,
) -> Option<EventName> {
    let Declared {
        attribute,
        place,
        view,
    } = declared;
    let prefix = view.and_then(|view| view.prefix.clone());
    let literal = match &args.name {
        Some(Text::Constant(constant)) => {
            return Some(EventName::Constant {
                prefix,
                constant: constant.clone(),
            });
        }
        Some(Text::Literal(literal)) => literal.clone(),
        None if attribute == Attribute::Route => {
            LitStr::new(&names::plain(&item.sig.ident), item.sig.ident.span())
        }
        None if args.name_was_tried => return None,
        None => {
            let name = attribute.name();
            let message =
                format!("the event's name is missing; write `#[{name}(\"payment.created\")]`");
            errors.push_at(place, message);
            return None;
        }
    };
    if let Err(rule) = text::event_name(&literal.value()) {
        errors.push(&literal, rule);
        return None;
    }
    let joined = match prefix {
        Some(prefix) => format!("{}.{}", prefix.value(), literal.value()),
        None => return Some(EventName::Literal(literal)),
    };
    if let Err(rule) = text::event_name(&joined) {
        // Two good parts can only be too long together. A wrong prefix is reported once, where it stands.
        if view.is_some_and(prefix_is_valid) {
            let length = joined.len();
            errors.push(
                &literal,
                format!("{rule}; with the prefix of the view this one has {length}"),
            );
        }
        return None;
    }
    Some(EventName::Literal(LitStr::new(&joined, literal.span())))
}

fn prefix_is_valid(view: &Args) -> bool {
    view.prefix
        .as_ref()
        .is_none_or(|prefix| text::event_name(&prefix.value()).is_ok())
}

/// A type as a person writes it, for messages.
fn shown(tokens: impl ToTokens) -> String {
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
