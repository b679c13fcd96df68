//! The attributes of `webhooks-core` and `webhooks-receiver`: `#[whpost]` and its family, `#[whview]`; `#[on]`.
//!
//! Their documentation stands where they are re-exported. An attribute goes through four stages, each in files of its
//! own: `args` and `item` are parsed, `check` makes a `model` of them or says everything that is wrong, and
//! `expand` writes the model as Rust, beside the user's item.

mod args;
mod check;
mod docs;
mod errors;
mod expand;
mod item;
mod model;
mod names;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};

use args::{Args, OnArgs, Site};
use check::Declared;
use errors::Errors;
use item::{Block, Function};
use names::{Attribute, Method, Root};

macro_rules! webhook_attributes {
    ($($name:ident => $attribute:expr,)*) => {
        $(
            #[allow(missing_docs, reason = "documented where it is re-exported: its examples need the runtime")]
            #[proc_macro_attribute]
            pub fn $name(args: TokenStream, item: TokenStream) -> TokenStream {
                webhook($attribute, args.into(), item.into()).into()
            }
        )*
    };
}

webhook_attributes! {
    whget => Attribute::Method(Method::Get),
    whput => Attribute::Method(Method::Put),
    whpost => Attribute::Method(Method::Post),
    whpatch => Attribute::Method(Method::Patch),
    whdelete => Attribute::Method(Method::Delete),
    whead => Attribute::Method(Method::Head),
    whhead => Attribute::Method(Method::Head),
    whoptions => Attribute::Method(Method::Options),
    whtrace => Attribute::Method(Method::Trace),
    whroute => Attribute::Route,
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported: its examples need the runtime"
)]
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
    let mut errors = Errors::default();
    let args = Args::parse(args, Site::Function(attribute), &mut errors);
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        let name = attribute.name();
        let message =
            format!("`#[{name}]` stands on a function, as in `async fn created(data: Payment);`");
        return not_a(&message, item, errors);
    };
    let root = Root(args.root.clone());
    let declared = Declared {
        attribute,
        place: Span::call_site(),
        view: None,
    };
    match check::webhook(declared, args, &function, &mut errors) {
        Some(webhook) if errors.is_empty() => expand::function(&webhook),
        _ => with_errors(expand::fallback_function(&function, &root), errors),
    }
}

fn view(args: Tokens, item: Tokens) -> Tokens {
    let mut errors = Errors::default();
    let args = Args::parse(args, Site::View, &mut errors);
    let Ok(block) = syn::parse2::<Block>(item.clone()) else {
        return not_a(
            "`#[whview]` stands on an impl block, as in `impl PaymentWebhook { .. }`",
            item,
            errors,
        );
    };
    let view = check::view(&args, &block, &mut errors);
    if errors.is_empty() {
        expand::view(&view)
    } else {
        with_errors(expand::fallback_block(&block, &view), errors)
    }
}

fn on_item(args: Tokens, item: Tokens) -> Tokens {
    let mut errors = Errors::default();
    let args = OnArgs::parse(args, &mut errors);
    // The block first: a function that is half typed must not be taken for one.
    if let Ok(block) = syn::parse2::<Block>(item.clone()) {
        let handlers = check::handler_block(&args, &block, &mut errors);
        if errors.is_empty() {
            return expand::handler_block(&handlers);
        }
        return with_errors(expand::fallback_handler_block(&handlers), errors);
    }
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        return not_a(
            "`#[on]` stands on an `async fn` or on an impl block with such methods",
            item,
            errors,
        );
    };
    match check::handler::check(args, &function, false, &mut errors) {
        Some(handler) if errors.is_empty() => expand::handler(&handler),
        Some(handler) => with_errors(expand::fallback_handler(&handler), errors),
        None => with_errors(item, errors),
    }
}

/// The attribute sits on something else: the item stays as it is.
fn not_a(message: &str, item: Tokens, mut errors: Errors) -> Tokens {
    errors.push_at(Span::call_site(), message);
    with_errors(item, errors)
}

fn with_errors(mut tokens: Tokens, errors: Errors) -> Tokens {
    tokens.extend(errors.into_tokens());
    tokens
}
