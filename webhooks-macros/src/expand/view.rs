//! A view: the user's impl block with constructors in it, the descriptors of its methods, and one registration.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Ident, Type};

use super::{constructor, descriptor};
use crate::model::{View, ViewItem, Webhook};
use crate::names::{self, CorePaths};

/// Everything that an impl block leaves behind.
pub(crate) fn expand(view: &View) -> TokenStream {
    let View {
        attrs,
        impl_token,
        generics,
        self_ty,
        ..
    } = view;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let items = view.items.iter().map(|item| match item {
        ViewItem::Webhook(webhook) => constructor::of_method(webhook, generics),
        ViewItem::Other(tokens) => tokens.clone(),
    });
    let methods = webhooks(view).map(|webhook| method(view, webhook));
    let listing = listing(view);
    let used = used(view);
    quote! {
        #(#attrs)*
        #impl_token #impl_generics #self_ty #where_clause {
            #(#items)*
        }
        const _: () = {
            #used
            #(#methods)*
            #listing
        };
    }
}

/// The attributes of the methods never run; their imports count as used all the same, and lead to their docs.
pub(super) fn used(view: &View) -> TokenStream {
    view.attributes
        .iter()
        .map(|path| quote!(#[allow(unused_imports)] use #path as _;))
        .collect()
}

fn webhooks(view: &View) -> impl Iterator<Item = &Webhook> {
    view.items.iter().filter_map(|item| match item {
        ViewItem::Webhook(webhook) => Some(&**webhook),
        ViewItem::Other(_) => None,
    })
}

/// The descriptor of a method, as a constant of a trait: inherent constants would show up in the user's type.
fn method(view: &View, webhook: &Webhook) -> TokenStream {
    let View {
        generics, self_ty, ..
    } = view;
    let CorePaths {
        descriptor: descriptor_type,
        method_descriptor,
        ..
    } = webhook.root.core_paths();
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let number = names::number_of(&webhook.ident);
    let descriptor = descriptor::expand(webhook);
    let value = if generics.params.is_empty() {
        // A static has one address in the whole program, by which a webhook that is listed twice is recognised.
        let descriptor = without_self(descriptor, self_ty);
        quote!({
            static __WEBHOOK: #descriptor_type = #descriptor;
            &__WEBHOOK
        })
    } else {
        quote!(&#descriptor.of_view::<Self>())
    };
    let cfgs = webhook.cfgs();
    quote! {
        #(#cfgs)*
        impl #impl_generics #method_descriptor<#number> for #self_ty #where_clause {
            const DESCRIPTOR: &'static #descriptor_type = #value;
        }
    }
}

/// The list of a block's webhooks, and its registration.
fn listing(view: &View) -> TokenStream {
    let View {
        root,
        generics,
        self_ty,
        more,
        register,
        ..
    } = view;
    let CorePaths {
        descriptor,
        method_descriptor,
        registration,
        submit,
        type_id,
        view: view_trait,
        ..
    } = root.core_paths();
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let descriptors = |ty: &dyn ToTokens| {
        let entries = webhooks(view).map(|webhook| {
            let number = names::number_of(&webhook.ident);
            let cfgs = webhook.cfgs();
            quote!(#(#cfgs)* <#ty as #method_descriptor<#number>>::DESCRIPTOR)
        });
        quote!(&[#(#entries),*])
    };
    let submitted = |registered: TokenStream| quote!(#submit! { #registration::#registered });
    if *more {
        let descriptors = descriptors(self_ty);
        return submitted(quote!(More {
            view: || #type_id::of::<#self_ty>(),
            descriptors: #descriptors,
            collected: #register,
        }));
    }
    let descriptors = descriptors(&Ident::new("Self", Span::call_site()));
    let registered = (generics.params.is_empty() && *register)
        .then(|| submitted(quote!(View(<#self_ty as #view_trait>::DESCRIPTORS))));
    quote! {
        impl #impl_generics #view_trait for #self_ty #where_clause {
            const DESCRIPTORS: &'static [&'static #descriptor] = #descriptors;
        }
        impl #impl_generics #self_ty #where_clause {
            // Only there to say, in the error about two of them, what to do.
            #[allow(dead_code)]
            #[doc(hidden)]
            const __ONE_WHVIEW_BLOCK_PER_TYPE__WRITE_WHVIEW_MORE_ON_THE_OTHERS: () = ();
        }
        #registered
    }
}

/// Names the type instead of `Self`, which a static inside of an impl block cannot see.
fn without_self(tokens: TokenStream, self_ty: &Type) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "Self" => self_ty.to_token_stream(),
        TokenTree::Group(group) => {
            let mut replaced =
                proc_macro2::Group::new(group.delimiter(), without_self(group.stream(), self_ty));
            replaced.set_span(group.span());
            TokenTree::Group(replaced).into()
        }
        other => other.into(),
    });
    replaced.collect()
}
