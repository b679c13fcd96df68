//! What remains of an item with a mistake in it: enough that the rest of the program sees no second error.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, FnArg, Lifetime, Signature};

use super::view::used;
use crate::check::{argument, type_syntax};
use crate::item::{Block, BlockItem, Function};
use crate::model::View;
use crate::names::{self, CorePaths, Root};

/// A function that returns the message of no webhook.
pub(crate) fn function(item: &Function, root: &Root) -> TokenStream {
    let CorePaths {
        invalid, message, ..
    } = root.core_paths();
    let output = quote!(-> #message<#invalid>);
    returning(item, &TokenStream::new(), &output)
}

/// An impl block whose webhooks are such functions; the type remains a view.
pub(crate) fn block(block: &Block, view: &View) -> TokenStream {
    let Block {
        attrs,
        unsafe_token,
        impl_token,
        generics,
        of_trait,
        self_ty,
        items,
    } = block;
    let root = &view.root;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let of_trait = of_trait.as_ref().map(|of_trait| quote!(#of_trait for));
    let items = items.iter().map(|item| match item {
        BlockItem::Function(item) if !item.attrs.iter().any(is_our_attribute) => {
            item.to_token_stream()
        }
        BlockItem::Function(item) if of_trait.is_some() => {
            let Signature {
                asyncness, output, ..
            } = &item.sig;
            returning(item, asyncness, output)
        }
        BlockItem::Function(item) => function(item, root),
        BlockItem::Other(tokens) => tokens.clone(),
    });
    let has_lifetimes =
        generics.lifetimes().next().is_some() || type_syntax::lifetime(self_ty).is_some();
    let CorePaths {
        descriptor,
        view: view_trait,
        ..
    } = root.core_paths();
    let is_view = of_trait.is_none() && !view.more && !has_lifetimes;
    let listing = is_view.then(|| {
        quote! {
            impl #impl_generics #view_trait for #self_ty #where_clause {
                const DESCRIPTORS: &'static [&'static #descriptor] = &[];
            }
        }
    });
    let used = used(view);
    quote! {
        #(#attrs)*
        #unsafe_token #impl_token #impl_generics #of_trait #self_ty #where_clause {
            #(#items)*
        }
        const _: () = {
            #used
            #listing
        };
    }
}

fn returning(item: &Function, asyncness: &impl ToTokens, output: &impl ToTokens) -> TokenStream {
    let mut item = item.clone();
    StaticLifetimes(&item.sig.generics.clone()).visit_signature_mut(&mut item.sig);
    let Function {
        attrs, vis, sig, ..
    } = item;
    let attrs = attrs.iter().filter(|attr| !is_our_attribute(attr));
    let Signature {
        fn_token,
        ident,
        generics,
        inputs,
        ..
    } = sig;
    let inputs = inputs.into_iter().map(without_our_attributes);
    let where_clause = &generics.where_clause;
    quote! {
        #(#attrs)*
        #[allow(unused)]
        #vis #asyncness #fn_token #ident #generics (#(#inputs),*) #output #where_clause {
            ::core::unreachable!()
        }
    }
}

fn is_our_attribute(attr: &Attribute) -> bool {
    names::Attribute::from_path(attr.path()).is_some() || names::hides_webhook(attr)
}

/// An argument without the attributes that only we understand.
fn without_our_attributes(mut input: FnArg) -> FnArg {
    match &mut input {
        FnArg::Typed(input) => input.attrs.retain(argument::is_lint),
        FnArg::Receiver(receiver) => receiver.attrs.clear(),
    }
    input
}

/// Makes lifetimes that the function does not declare `'static`: that they are wrong is said already.
struct StaticLifetimes<'a>(&'a syn::Generics);

impl VisitMut for StaticLifetimes<'_> {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let declared = self
            .0
            .lifetimes()
            .any(|param| param.lifetime.ident == lifetime.ident);
        if !declared && lifetime.ident != "_" {
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
    }
}
