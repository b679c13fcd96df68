//! A handler: a function that can be called as it was written, whose return type knows the events.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Path, Signature, Type};

use crate::args::Event;
use crate::check::type_syntax;
use crate::item::Function;
use crate::model::{CollectionKey, Handler, HandlerParameter as Parameter};
use crate::names::{ReceiverPaths, Root};

/// Everything that a function leaves behind.
pub(crate) fn expand(handler: &Handler) -> TokenStream {
    let function = function(handler);
    let (declared, extractors) = (declared_payload(handler), extractors(handler));
    let registration = handler
        .collected
        .as_ref()
        .map(|collected| registration(handler, collected));
    if declared.is_empty() && registration.is_none() {
        return function;
    }
    quote! {
        #function
        const _: () = {
            #declared
            #extractors
            #registration
        };
    }
}

/// The function alone, with the events it has so far: also where something is wrong with them.
pub(crate) fn function(handler: &Handler) -> TokenStream {
    let Handler {
        root,
        outer,
        inner,
        vis,
        ident,
        parameters,
        body,
        ..
    } = handler;
    let ReceiverPaths {
        answer,
        answer_type,
        gives_answer,
        named,
        on,
        reads_payload,
        ..
    } = root.receiver_paths();
    let (page, events, output) = (page(handler), events(handler), output(handler));
    let payload = parameters.first().map(|payload| &payload.ty);
    let reads = payload.map(|ty| quote!(+ #reads_payload<#ty>));
    let read = payload.map(|ty| reader(root, ty));
    let place = handler
        .output
        .as_ref()
        .map_or_else(Span::call_site, Spanned::span);
    let answer = quote_spanned!(at(place)=> #answer::<#output>);
    let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
    let types: Vec<_> = parameters.iter().map(|parameter| &parameter.ty).collect();
    let written = parameters
        .iter()
        .map(|Parameter { attrs, pat, ty, .. }| quote!(#(#attrs)* #pat: #ty));
    quote! {
        #(#outer)*
        #page
        #[allow(clippy::too_many_arguments)]
        #vis fn #ident(#(#names: #types),*) -> #on<
            impl #named + #gives_answer<#output> #reads + use<>,
            impl ::core::future::Future<Output = #output> + ::core::marker::Send + use<>,
        > {
            #(#inner)*
            #[allow(clippy::unused_async, clippy::too_many_arguments, clippy::needless_pass_by_value)]
            async fn __handle(#(#written),*) -> #output #body
            enum __Events {}
            impl #named for __Events {
                const EVENTS: &'static [&'static ::core::primitive::str] = &[#(#events),*];
            }
            impl #gives_answer<#output> for __Events {
                const ANSWER: fn(#output) -> #answer_type = #answer;
            }
            #read
            #on::<__Events, _>::new(__handle(#(#names),*))
        }
    }
}

/// How the payload is read, named with the span of its type: there a payload that cannot be read is the mistake.
fn reader(root: &Root, ty: &Type) -> TokenStream {
    let ReceiverPaths {
        read,
        read_type,
        reads_payload,
        ..
    } = root.receiver_paths();
    let read = quote_spanned!(at(ty.span())=> #read::<#ty, _>);
    quote! {
        impl #reads_payload<#ty> for __Events {
            const READ: #read_type<#ty> = #read;
        }
    }
}

/// What remains of a function whose signature is not one of a handler: it can be put into a receiver, so that nothing
/// else is wrong, and where its parameters can stay, it can be called.
pub(crate) fn no_handler(item: &Function, root: &Root) -> TokenStream {
    let ReceiverPaths { mistaken, on, .. } = root.receiver_paths();
    let Function {
        attrs, vis, sig, ..
    } = item;
    let ident = &sig.ident;
    let attrs = attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    let parameters = owned_parameters(sig).unwrap_or_default();
    quote! {
        #(#attrs)*
        #[allow(unused)]
        #vis fn #ident(#(#parameters),*) -> #on<
            #mistaken,
            impl ::core::future::Future<Output = ()> + ::core::marker::Send + use<>,
        > {
            #on::<#mistaken, _>::new(async {})
        }
    }
}

/// The parameters by name, if each has a type that a handler can have.
fn owned_parameters(sig: &Signature) -> Option<Vec<TokenStream>> {
    let is_concrete = sig.generics.params.is_empty() && sig.receiver().is_none();
    let parameters = sig.inputs.iter().enumerate().map(|(index, input)| {
        let FnArg::Typed(input) = input else {
            return None;
        };
        let is_owned = type_syntax::lifetime(&input.ty).is_none()
            && !matches!(
                type_syntax::ungrouped(&input.ty),
                Type::Reference(_) | Type::ImplTrait(_)
            );
        let (name, ty) = (quote::format_ident!("argument_{}", index + 1), &input.ty);
        is_owned.then(|| quote!(#name: #ty))
    });
    parameters
        .collect::<Option<Vec<_>>>()
        .filter(|parameters| is_concrete && parameters.len() <= 9)
}

/// The events as constants.
pub(super) fn events(handler: &Handler) -> Vec<TokenStream> {
    let event_of = handler.root.receiver_paths().event_of;
    let event = |event: &Event| match event {
        Event::Name(name) => name.to_token_stream(),
        Event::Webhook(path) => {
            let declared = declared(handler, path);
            quote!(#event_of(#declared))
        }
    };
    handler.events.iter().map(event).collect()
}

/// What the compiler says about the types of a method of a block, each at its place.
pub(super) fn checks(handler: &Handler) -> TokenStream {
    let ReceiverPaths {
        outcome, payload, ..
    } = handler.root.receiver_paths();
    let checked_payload = handler
        .parameters
        .first()
        .map(|Parameter { ty, .. }| quote_spanned!(at(ty.span())=> #payload::<#ty, _>();));
    let checked_outcome = handler
        .output
        .as_ref()
        .map(|ty| quote_spanned!(at(ty.span())=> #outcome::<#ty>();));
    let (declared, extractors) = (declared_payload(handler), extractors(handler));
    quote!(#checked_payload #declared #checked_outcome #extractors)
}

/// Whether the payload is that of each declared webhook.
fn declared_payload(handler: &Handler) -> TokenStream {
    let payload_of = handler.root.receiver_paths().payload_of;
    let Some(Parameter { ty, .. }) = handler.parameters.first() else {
        return TokenStream::new();
    };
    let declared = handler.events.iter().filter_map(|event| match event {
        Event::Webhook(path) => {
            let declared = declared(handler, path);
            Some(quote_spanned!(at(ty.span())=> #payload_of::<#ty, _, _>(#declared);))
        }
        Event::Name(_) => None,
    });
    declared.collect()
}

/// Whether the extractors fit the state, where that is known.
fn extractors(handler: &Handler) -> TokenStream {
    let extractor = handler.root.receiver_paths().extractor;
    let state = handler.collected.as_ref().map(state);
    let extractors = state.iter().flat_map(|state| {
        handler.parameters.iter().skip(1).map(move |Parameter { ty, .. }| {
            quote_spanned!(at(ty.span())=> #extractor::<#ty, #state>();)
        })
    });
    extractors.collect()
}

/// The webhook behind a path; where it is not one, that is reported there.
fn declared(handler: &Handler, path: &Path) -> TokenStream {
    let declared = handler.root.receiver_paths().declared;
    quote_spanned!(at(path.span())=> #declared(&#path))
}

fn registration(handler: &Handler, key: &CollectionKey) -> TokenStream {
    let Handler { root, ident, .. } = handler;
    let ReceiverPaths {
        collect,
        collected,
        submit,
        ..
    } = root.receiver_paths();
    let (receiver, state) = (&key.receiver, state(key));
    quote! {
        #submit! {
            #collected::new::<#state>(
                #receiver,
                |routes| #collect::<#state, _, _>(routes, #ident),
            )
        }
    }
}

fn state(collected: &CollectionKey) -> TokenStream {
    collected
        .state
        .as_ref()
        .map_or_else(|| quote!(()), Type::to_token_stream)
}

fn output(handler: &Handler) -> TokenStream {
    handler
        .output
        .as_ref()
        .map_or_else(|| quote!(()), Type::to_token_stream)
}

/// The paragraph that a handler's rustdoc page gets behind the user's own words.
fn page(handler: &Handler) -> TokenStream {
    let events: Vec<_> = handler
        .events
        .iter()
        .map(|event| match event {
            Event::Name(name) => format!("`{}`", name.value()),
            Event::Webhook(path) => format!("[`{}`]", type_syntax::tight_tokens(path)),
        })
        .collect();
    let text = format!("**Handles** {}.", events.join(", "));
    if handler.docs.is_empty() {
        quote!(#[cfg_attr(doc, doc = #text)])
    } else {
        let text = format!("\n\n{text}");
        quote!(#[doc = #text])
    }
}

/// Reported there, but not taken for something that the user wrote.
fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}
