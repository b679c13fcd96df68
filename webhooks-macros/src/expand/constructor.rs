//! The function or method that builds a message: the user's signature around a few calls of the runtime.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, GenericParam, Generics, Lifetime, Type};

use super::{descriptor, page};
use crate::model::{Argument, Role, Webhook};
use crate::names::{self, CorePaths};

/// The constructor of a function's webhook.
pub(super) fn of_function(webhook: &Webhook) -> TokenStream {
    let Webhook {
        root, marker, vis, ..
    } = webhook;
    let CorePaths {
        draft,
        message,
        webhook: webhook_trait,
        ..
    } = root.core_paths();
    let (attrs, signature) = (attributes(webhook), signature(webhook));
    let calls = calls(webhook);
    quote! {
        #attrs
        #vis fn #signature -> #message<#marker> {
            #draft::new(<#marker as #webhook_trait>::DESCRIPTOR)#calls.of()
        }
    }
}

/// The constructor of a view's method. Its type is opaque, because an impl block holds no types.
pub(super) fn of_method(webhook: &Webhook, generics: &Generics) -> TokenStream {
    let Webhook {
        root, ident, vis, ..
    } = webhook;
    let (attrs, signature) = (attributes(webhook), signature(webhook));
    let calls = calls(webhook);
    let CorePaths {
        carries,
        draft,
        message,
        method_descriptor,
        method_of,
        webhook: webhook_trait,
        ..
    } = root.core_paths();
    let number = names::number_of(ident);
    let captured = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    });
    let payload = webhook
        .payload()
        .map(|payload| without_elided_lifetimes(&payload.value));
    let what = payload.map_or_else(
        || quote!(#webhook_trait),
        |payload| quote!(#carries<#payload>),
    );
    quote! {
        #attrs
        #vis fn #signature -> #message<impl #what + use<#(#captured),*>> {
            #draft::new(<Self as #method_descriptor<#number>>::DESCRIPTOR)
                #calls
                .of::<#method_of<Self, #number>>()
        }
    }
}

/// The user's attributes, the generated paragraph of documentation, and lints about what the user did not write.
fn attributes(webhook: &Webhook) -> TokenStream {
    let attrs = &webhook.attrs;
    let page = page::attribute(webhook);
    let unused_self = webhook
        .receiver
        .as_ref()
        .map(|_| quote!(clippy::unused_self,));
    let underscored = webhook
        .arguments
        .iter()
        .any(|argument| names::without_raw_prefix(&argument.ident).starts_with('_'));
    let used_underscore = underscored.then(|| quote!(clippy::used_underscore_binding,));
    // The arguments are written, not kept; a declaration is used by being linked.
    quote! {
        #(#attrs)*
        #page
        #[allow(dead_code, #unused_self #used_underscore clippy::needless_pass_by_value)]
    }
}

fn signature(webhook: &Webhook) -> TokenStream {
    let Webhook {
        ident, receiver, ..
    } = webhook;
    let receiver = receiver.as_ref().map(|receiver| quote!(#receiver,));
    let arguments = webhook.arguments.iter().map(
        |Argument {
             ident, ty, lints, ..
         }| {
            let lints: &[Attribute] = lints;
            quote!(#(#lints)* #ident: #ty)
        },
    );
    quote!(#ident(#receiver #(#arguments),*))
}

/// The calls that put each argument into the message.
fn calls(webhook: &Webhook) -> TokenStream {
    let calls = webhook.arguments.iter().map(|argument| {
        let codec = descriptor::codec(webhook, argument);
        let ident = &argument.ident;
        let (required, optional) = match argument.role {
            Role::Payload => (quote!(payload), quote!(optional_payload)),
            Role::Parameter(_) => (quote!(with), quote!(with_optional)),
        };
        match (argument.is_optional, argument.is_reference) {
            (true, true) => quote!(.#optional(#codec, #ident)),
            (true, false) => quote!(.#optional(#codec, #ident.as_ref())),
            (false, true) => quote!(.#required(#codec, #ident)),
            (false, false) => quote!(.#required(#codec, &#ident)),
        }
    });
    quote!(#(#calls)*)
}

/// `Cow<'_, str>` in an argument borrows from the call; the opaque type of the result must not.
fn without_elided_lifetimes(ty: &Type) -> Type {
    struct Static;
    impl VisitMut for Static {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            *lifetime = Lifetime::new("'static", lifetime.span());
        }

        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            let span = reference.and_token.span;
            reference
                .lifetime
                .get_or_insert_with(|| Lifetime::new("'static", span));
            visit_mut::visit_type_reference_mut(self, reference);
        }
    }
    let mut ty = ty.clone();
    Static.visit_type_mut(&mut ty);
    ty
}
