//! An impl block with handlers: the block itself, and how its methods are put into a receiver.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Type, WherePredicate, parse_quote};

use super::handler::{checks, events};
use crate::check::type_syntax;
use crate::model::{Handler, HandlerBlock, HandlerParameter as Parameter};
use crate::names::{self, ReceiverPaths};

/// Everything that an impl block leaves behind.
pub(crate) fn expand(block: &HandlerBlock) -> TokenStream {
    let items = items(block);
    let checks = block.handlers.iter().map(checks);
    // Inside of a method, so that the types may name `Self` and what the block is generic over.
    let (impl_generics, _, where_clause) = block.generics.split_for_impl();
    let self_ty = &block.self_ty;
    let registers = registers(block, &block.handlers);
    quote! {
        #items
        const _: () = {
            impl #impl_generics #self_ty #where_clause {
                // Its name says, in the error about two of them, what to do.
                #[allow(dead_code, non_upper_case_globals)]
                const __ONE_ON_BLOCK_PER_TYPE__PUT_ALL_HANDLERS_INTO_IT: () = { #(#checks)* };
            }
            #registers
        };
    }
}

/// The block where something in it is wrong: it can still be put into a receiver.
pub(crate) fn fallback(block: &HandlerBlock) -> TokenStream {
    let (items, registers) = (items(block), registers(block, &[]));
    quote! {
        #items
        const _: () = { #registers };
    }
}

fn items(block: &HandlerBlock) -> TokenStream {
    let HandlerBlock {
        attrs,
        impl_token,
        generics,
        self_ty,
        items,
        ..
    } = block;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quote! {
        #(#attrs)*
        #impl_token #impl_generics #self_ty #where_clause {
            #(#items)*
        }
    }
}

fn registers(block: &HandlerBlock, handlers: &[Handler]) -> TokenStream {
    let HandlerBlock {
        root,
        self_ty,
        generics,
        ..
    } = block;
    let ReceiverPaths {
        arc,
        attributed,
        block: block_marker,
        from_request_parts,
        registers,
        routes,
        ..
    } = root.receiver_paths();
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let all = handlers.iter().flat_map(events);
    let mut with_state = generics.clone();
    let state: GenericParam =
        parse_quote!(__S: ::core::marker::Send + ::core::marker::Sync + 'static);
    with_state.params.push(state);
    let clause = with_state.make_where_clause();
    for Parameter { ty, .. } in handlers
        .iter()
        .flat_map(|handler| handler.parameters.iter().skip(1))
    {
        let predicate: WherePredicate = parse_quote!(#ty: #from_request_parts<__S>);
        clause.predicates.push(predicate);
    }
    let (state_generics, _, state_clause) = with_state.split_for_impl();
    let added = handlers.iter().map(|handler| added(block, handler));
    quote! {
        impl #impl_generics #attributed<#block_marker> for #self_ty #where_clause {
            const EVENTS: &'static [&'static ::core::primitive::str] = &[#(#all),*];
            type Kind = #block_marker;
        }
        #[allow(unused_variables)]
        impl #state_generics #registers<__S> for #self_ty #state_clause {
            fn register(self, routes: &mut #routes<__S>) {
                let this = #arc::new(self);
                #(#added)*
            }
        }
    }
}

/// One method as a closure over the shared value.
fn added(block: &HandlerBlock, handler: &Handler) -> TokenStream {
    let HandlerBlock { root, self_ty, .. } = block;
    let arc = root.receiver_paths().arc;
    let Handler {
        ident,
        parameters,
        takes_self,
        ..
    } = handler;
    let events = events(handler);
    let name = type_name(self_ty) + "::" + &names::without_raw_prefix(ident);
    let arguments: Vec<_> = (1..=parameters.len())
        .map(|index| quote::format_ident!("argument_{index}"))
        .collect();
    let types = parameters.iter().map(|parameter| &parameter.ty);
    let (shared, receiver) = if *takes_self {
        (quote!(let this = #arc::clone(&this);), Some(quote!(&this,)))
    } else {
        (quote!(), None)
    };
    quote! {
        routes.add_named(&[#(#events),*], #name, {
            #shared
            move |#(#arguments: #types),*| {
                #shared
                async move { Self::#ident(#receiver #(#arguments),*).await }
            }
        });
    }
}

/// What reports call the type: its name without path and parameters.
fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map_or_else(String::new, |last| names::without_raw_prefix(&last.ident)),
        other => type_syntax::tight_tokens(other),
    }
}
