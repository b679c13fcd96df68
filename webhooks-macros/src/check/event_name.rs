//! Rules for the event's name, with the prefix of a view before it.

use syn::LitStr;

use super::declaration::Declaration;
use super::rules;
use crate::args::{Text, ViewArgs};
use crate::errors::Errors;
use crate::model::EventName;
use crate::names::{self, Attribute};

/// The name, or none where it is missing or wrong.
pub(super) fn check(declaration: Declaration<'_>, errors: &Errors) -> Option<EventName> {
    let Declaration {
        attribute,
        attribute_span,
        args,
        item,
        view,
    } = declaration;
    let any = args.any_name;
    let prefix = view.and_then(|view| view.prefix.clone());
    let literal = match &args.name {
        Some(Text::Constant(constant)) => {
            return Some(EventName::Constant {
                prefix,
                constant: constant.clone(),
                any,
            });
        }
        Some(Text::Literal(literal)) => literal.clone(),
        None if attribute == Attribute::Route => LitStr::new(
            &names::without_raw_prefix(&item.sig.ident),
            item.sig.ident.span(),
        ),
        None if args.name_was_tried => return None,
        None => {
            let name = attribute.name();
            let message =
                format!("the event's name is missing; write `#[{name}(\"payment.created\")]`");
            errors.push_at(attribute_span, message);
            return None;
        }
    };
    if let Err(rule) = rules::event_name(&literal.value(), any) {
        errors.push(&literal, rule);
        return None;
    }
    let joined = match prefix {
        Some(prefix) => format!("{}.{}", prefix.value(), literal.value()),
        None => return Some(EventName::Literal(literal)),
    };
    if let Err(rule) = rules::event_name(&joined, any) {
        // Two good parts can only be too long together. A wrong prefix is reported once, where it is.
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

fn prefix_is_valid(view: &ViewArgs) -> bool {
    view.prefix
        .as_ref()
        .is_none_or(|prefix| rules::event_name(&prefix.value(), false).is_ok())
}
