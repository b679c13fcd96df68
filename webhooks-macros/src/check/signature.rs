//! Rules for the signature of a webhook, apart from its arguments.

use quote::ToTokens;
use syn::{Receiver, ReceiverKind, ReturnType, Safety, Signature, Type};

use super::declaration::Declaration;
use super::type_syntax;
use crate::errors::Errors;
use crate::names::{self, Attribute};

/// Says what a webhook's function may not be.
pub(super) fn check(declaration: Declaration<'_>, errors: &Errors) {
    let Declaration {
        args, item, view, ..
    } = declaration;
    let in_view = view.is_some();
    qualifiers(&item.sig, errors);
    generics(&item.sig, errors);
    if let Some(receiver) = item.sig.receiver() {
        self::receiver(receiver, in_view, errors);
    }
    if let Some(body) = &item.body
        && !body.stream().is_empty()
    {
        errors.push(
            body,
            "a webhook is declared, never called: this body would not run; end the declaration with `;`",
        );
    }
    if let Some(other) = item
        .attrs
        .iter()
        .find(|attr| Attribute::from_path(attr.path()).is_some())
    {
        errors.push(
            other.path(),
            "a function declares one webhook; for several methods use `#[whroute(\"..\", methods = [..])]`",
        );
    }
    let name = names::without_raw_prefix(&item.sig.ident);
    if !in_view && args.marker.is_none() && names::is_primitive(&name) {
        errors.push(
            &item.sig.ident,
            format!(
                "a webhook has a type of its name, which would hide the primitive type `{name}` in this module; \
                 rename the function or add `marker = OtherName`"
            ),
        );
    }
}

/// The type of the response's body, if one is said.
pub(super) fn response(output: &ReturnType, errors: &Errors) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    match type_syntax::ungrouped(ty) {
        Type::Tuple(unit) if unit.elems.is_empty() => None,
        result
            if type_syntax::last_segment(result)
                .is_some_and(|segment| segment.ident == "Result") =>
        {
            errors.push(
                result,
                "the return type documents the body of the response, and a response has no `Result`; \
                 write its body alone and describe failures with `responses = [..]`",
            );
            None
        }
        body => {
            type_syntax::check(body, errors);
            Some(body.clone())
        }
    }
}

fn qualifiers(sig: &Signature, errors: &Errors) {
    let refuse = |token: &dyn ToTokens, name: &str| {
        errors.push(
            token.to_token_stream(),
            format!("a webhook is a plain function or `async fn`; remove `{name}`"),
        );
    };
    if let Some(token) = &sig.constness {
        refuse(token, "const");
    }
    match &sig.safety {
        Safety::Unsafe(token) => refuse(token, "unsafe"),
        Safety::Safe(token) => refuse(token, "safe"),
        Safety::Default => {}
    }
    if let Some(abi) = &sig.abi {
        refuse(abi, "extern");
    }
    if let Some(variadic) = &sig.variadic {
        refuse(variadic, "...");
    }
}

fn generics(sig: &Signature, errors: &Errors) {
    let advice = "a webhook has no generic parameters: its payload is one type; declare a webhook for each, \
                  or a generic view";
    if !sig.generics.params.is_empty() {
        errors.push(&sig.generics, advice);
    } else if let Some(clause) = &sig.generics.where_clause {
        errors.push(clause, advice);
    }
}

fn receiver(receiver: &Receiver, in_view: bool, errors: &Errors) {
    if !in_view {
        errors.push(
            receiver,
            "a method is declared in a view: mark the impl block with `#[whview]`",
        );
    } else if !matches!(receiver.kind, ReceiverKind::Reference(_, None, None)) {
        errors.push(
            receiver,
            "a webhook takes `&self` or nothing: building a message changes nothing",
        );
    }
}
