//! What remains of an item with a mistake in it: enough that the rest of the program sees no second error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, FnArg, Signature};

use crate::check::argument;
use crate::item::{Block, BlockItem, Function};
use crate::names::{self, Root};

/// A function that returns the message of no webhook.
pub(crate) fn function(item: &Function, root: &Root) -> TokenStream {
    let Function { attrs, vis, sig, .. } = item;
    let attrs = attrs.iter().filter(|attr| !is_ours(attr));
    let Signature { fn_token, ident, generics, inputs, .. } = sig;
    let inputs = inputs.iter().map(plain);
    let where_clause = &generics.where_clause;
    quote! {
        #(#attrs)*
        #[allow(unused)]
        #vis #fn_token #ident #generics (#(#inputs),*) -> #root::Message<#root::__private::Invalid> #where_clause {
            ::core::unreachable!()
        }
    }
}

/// An impl block whose webhooks are such functions; the type remains a view.
pub(crate) fn block(block: &Block, root: &Root, more: bool) -> TokenStream {
    let Block { attrs, unsafe_token, impl_token, generics, of_trait, self_ty, items } = block;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let items = items.iter().map(|item| match item {
        BlockItem::Function(item) if item.attrs.iter().any(is_ours) => function(item, root),
        BlockItem::Function(item) => quote!(#item),
        BlockItem::Other(tokens) => tokens.clone(),
    });
    let items = quote!({ #(#items)* });
    if of_trait.is_some() {
        return quote!(#(#attrs)* #unsafe_token #impl_token #impl_generics #of_trait for #self_ty #where_clause #items);
    }
    let has_lifetimes = generics.lifetimes().next().is_some();
    let view = (!more && !has_lifetimes).then(|| {
        quote! {
            impl #impl_generics #root::View for #self_ty #where_clause {
                const DESCRIPTORS: &'static [&'static #root::Descriptor] = &[];
            }
        }
    });
    quote! {
        #(#attrs)* #impl_token #impl_generics #self_ty #where_clause #items
        #view
    }
}

fn is_ours(attr: &Attribute) -> bool {
    names::Attribute::from_path(attr.path()).is_some()
}

/// An argument without the attributes that only we understand.
fn plain(input: &FnArg) -> FnArg {
    let mut input = input.clone();
    match &mut input {
        FnArg::Typed(input) => input.attrs.retain(argument::stays),
        FnArg::Receiver(receiver) => receiver.attrs.clear(),
    }
    input
}
