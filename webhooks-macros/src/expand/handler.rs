//! A handler: a function that can be called as it was written, whose return type knows the events.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::args::Event;
use crate::check::handler::shown;
use crate::model::{Collected, Handler, HandlerParameter as Parameter};

/// Everything that a function leaves behind.
pub(crate) fn expand(handler: &Handler) -> TokenStream {
    let function = function(handler);
    let checks = checks(handler);
    let registration = handler
        .collected
        .as_ref()
        .map(|collected| registration(handler, collected));
    quote! {
        #function
        const _: () = {
            #checks
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
    let (page, events, output) = (page(handler), events(handler), output(handler));
    let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
    let types: Vec<_> = parameters.iter().map(|parameter| &parameter.ty).collect();
    let written = parameters
        .iter()
        .map(|Parameter { attrs, pat, ty, .. }| quote!(#(#attrs)* #pat: #ty));
    quote! {
        #(#outer)*
        #page
        #[allow(clippy::too_many_arguments)]
        #vis fn #ident(#(#names: #types),*) -> #root::On<
            impl #root::__private::Named + use<>,
            impl ::core::future::Future<Output = #output> + ::core::marker::Send + use<>,
        > {
            #(#inner)*
            #[allow(clippy::unused_async, clippy::too_many_arguments, clippy::needless_pass_by_value)]
            async fn __handle(#(#written),*) -> #output #body
            enum __Events {}
            impl #root::__private::Named for __Events {
                const EVENTS: &'static [&'static ::core::primitive::str] = &[#(#events),*];
            }
            #root::On::<__Events, _>::new(__handle(#(#names),*))
        }
    }
}

/// The events as constants.
pub(super) fn events(handler: &Handler) -> Vec<TokenStream> {
    let root = &handler.root;
    let event = |event: &Event| match event {
        Event::Name(name) => name.to_token_stream(),
        Event::Webhook(path) => {
            let declared = declared(handler, path);
            quote!(#root::__private::event_of(#declared))
        }
    };
    handler.events.iter().map(event).collect()
}

/// What the compiler says about the types of a handler, each at its place.
pub(super) fn checks(handler: &Handler) -> TokenStream {
    let root = &handler.root;
    let payload = handler.parameters.first().map(|Parameter { ty, .. }| {
        let place = at(ty.span());
        let declared = handler.events.iter().filter_map(|event| match event {
            Event::Webhook(path) => {
                let declared = declared(handler, path);
                Some(quote_spanned!(place=> #root::__private::payload_of::<#ty, _, _>(#declared);))
            }
            Event::Name(_) => None,
        });
        let declared: TokenStream = declared.collect();
        quote_spanned!(place=> #root::__private::payload::<#ty, _>(); #declared)
    });
    let outcome = handler
        .output
        .as_ref()
        .map(|ty| quote_spanned!(at(ty.span())=> #root::__private::outcome::<#ty>();));
    let state = handler.collected.as_ref().map(state);
    let extractors = state.iter().flat_map(|state| {
        handler.parameters.iter().skip(1).map(move |Parameter { ty, .. }| {
            quote_spanned!(at(ty.span())=> #root::__private::extractor::<#ty, #state>();)
        })
    });
    quote!(#payload #outcome #(#extractors)*)
}

/// The webhook behind a path; that it is none is reported there.
fn declared(handler: &Handler, path: &Path) -> TokenStream {
    let root = &handler.root;
    quote_spanned!(at(path.span())=> #root::__private::declared(&#path))
}

fn registration(handler: &Handler, collected: &Collected) -> TokenStream {
    let Handler { root, ident, .. } = handler;
    let (receiver, state) = (&collected.receiver, state(collected));
    quote! {
        #root::__private::inventory::submit! {
            #root::__private::CollectedHandler::new::<#state>(
                #receiver,
                |routes| #root::__private::collect::<#state, _, _, _>(routes, #ident),
            )
        }
    }
}

fn state(collected: &Collected) -> TokenStream {
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
            Event::Webhook(path) => format!("[`{}`]", shown(path)),
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
