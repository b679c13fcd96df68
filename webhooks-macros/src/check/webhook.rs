//! A declared function or method becomes a webhook of the model.

use super::declaration::Declaration;
use super::{argument, descriptor, event_name, methods, signature};
use crate::errors::Errors;
use crate::model::Webhook;
use crate::names::Root;

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
