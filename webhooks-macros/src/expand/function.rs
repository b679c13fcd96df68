//! A free function: the constructor, a type of the same name, the descriptor and its registration.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;

use super::{constructor, descriptor};
use crate::model::Webhook;
use crate::names::CorePaths;

/// Everything that a function leaves behind.
pub(crate) fn expand(webhook: &Webhook) -> TokenStream {
    let Webhook {
        root, vis, marker, ..
    } = webhook;
    let CorePaths {
        carries,
        descriptor: descriptor_type,
        registration,
        submit,
        webhook: webhook_trait,
        ..
    } = root.core_paths();
    let constructor = constructor::of_function(webhook);
    let descriptor = descriptor::expand(webhook);
    let carried = carried(webhook).map(|payload| quote!(impl #carries<#payload> for #marker {}));
    let registered = webhook
        .register
        .then(|| quote!(#submit! { #registration::Webhook(&__WEBHOOK) }));
    quote! {
        #constructor
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, clippy::exhaustive_enums)]
        #vis enum #marker {}
        const _: () = {
            static __WEBHOOK: #descriptor_type = #descriptor;
            impl #webhook_trait for #marker {
                const DESCRIPTOR: &'static #descriptor_type = &__WEBHOOK;
            }
            #carried
            #registered
        };
    }
}

/// The payload as the parameter of `Carries`: unit for a webhook without one.
pub(super) fn carried(webhook: &Webhook) -> Option<TokenStream> {
    webhook.payload().map(|payload| {
        let ty: &Type = &payload.value;
        ty.to_token_stream()
    })
}
