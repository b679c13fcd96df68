//! The attributes of `webhooks-core` and `webhooks-receiver`: `#[whpost]` and its family, `#[whview]`; `#[on]`.
//!
//! Their documentation is where they are re-exported, because its examples need the runtime. An attribute goes through
//! four stages, each in files of its own: `args` and `item` are parsed, `check` makes a `model` of them or reports
//! everything that is wrong, and `expand` writes the model as Rust, behind the user's item.
//!
//! This crate depends on no runtime crate: it names them as text, from the tables in `names`.

#[macro_use]
mod names;

mod args;
mod check;
mod docs;
mod errors;
mod expand;
mod item;
mod model;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};

use args::{OnArgs, Site, ViewArgs, WebhookArgs};
use check::Declaration;
use errors::Errors;
use item::{Block, Function};
use names::{Attribute, Method, Root};

macro_rules! webhook_attributes {
    ($($method:ident $_name:literal $_body:literal [$($name:ident)*];)*) => {
        $($(
            #[allow(missing_docs, reason = "documented where it is re-exported: its examples need the runtime")]
            #[proc_macro_attribute]
            pub fn $name(args: TokenStream, item: TokenStream) -> TokenStream {
                webhook(Attribute::Method(Method::$method), args.into(), item.into()).into()
            }
        )*)*
    };
}

each_method!(webhook_attributes);

/// Documented in `webhooks-core`.
#[proc_macro_attribute]
pub fn whroute(args: TokenStream, item: TokenStream) -> TokenStream {
    webhook(Attribute::Route, args.into(), item.into()).into()
}

/// Documented in `webhooks-core`.
#[proc_macro_attribute]
pub fn whview(args: TokenStream, item: TokenStream) -> TokenStream {
    view(args.into(), item.into()).into()
}

/// Documented in `webhooks-receiver`.
#[proc_macro_attribute]
pub fn on(args: TokenStream, item: TokenStream) -> TokenStream {
    on_item(args.into(), item.into()).into()
}

fn webhook(attribute: Attribute, args: Tokens, item: Tokens) -> Tokens {
    let errors = Errors::default();
    let args = WebhookArgs::parse(args, Site::Function(attribute), &errors);
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        let name = attribute.name();
        let message =
            format!("`#[{name}]` stands on a function, as in `async fn created(data: Payment);`");
        return wrong_item(&message, item, errors);
    };
    let declaration = Declaration {
        attribute,
        attribute_span: Span::call_site(),
        args: &args,
        item: &function,
        view: None,
    };
    match check::webhook(declaration, &errors) {
        Some(webhook) if errors.is_empty() => expand::function(&webhook),
        _ => {
            let root = Root::core(args.shared.root.as_ref());
            with_errors(expand::fallback_function(&function, &root), errors)
        }
    }
}

fn view(args: Tokens, item: Tokens) -> Tokens {
    let errors = Errors::default();
    let args = ViewArgs::parse(args, &errors);
    let Ok(block) = syn::parse2::<Block>(item.clone()) else {
        return wrong_item(
            "`#[whview]` stands on an impl block, as in `impl PaymentWebhook { .. }`",
            item,
            errors,
        );
    };
    let view = check::view(&args, &block, &errors);
    if errors.is_empty() {
        expand::view(&view)
    } else {
        with_errors(expand::fallback_block(&block, &view), errors)
    }
}

fn on_item(args: Tokens, item: Tokens) -> Tokens {
    let errors = Errors::default();
    let args = OnArgs::parse(args, &errors);
    // The block first: a function that is half typed must not be taken for one.
    if let Ok(block) = syn::parse2::<Block>(item.clone()) {
        let handlers = check::handler_block(&args, &block, &errors);
        if errors.is_empty() {
            return expand::handler_block(&handlers);
        }
        return with_errors(expand::fallback_handler_block(&handlers), errors);
    }
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        return wrong_item(
            "`#[on]` stands on an `async fn` or on an impl block with such methods",
            item,
            errors,
        );
    };
    let root = check::handler::root(&args);
    match check::handler::check(args, &function, false, &errors) {
        Some(handler) if errors.is_empty() => expand::handler(&handler),
        Some(handler) => with_errors(expand::fallback_handler(&handler), errors),
        None => with_errors(expand::fallback_no_handler(&function, &root), errors),
    }
}

/// The attribute sits on something else: the item stays as it is.
fn wrong_item(message: &str, item: Tokens, errors: Errors) -> Tokens {
    errors.push_at(Span::call_site(), message);
    with_errors(item, errors)
}

fn with_errors(mut tokens: Tokens, errors: Errors) -> Tokens {
    tokens.extend(errors.into_tokens());
    tokens
}
