//! A free function: the constructor, a type of the same name, the descriptor and its registration.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;

use super::{constructor, descriptor};
use crate::model::Webhook;

/// Everything that a function leaves behind.
pub(crate) fn expand(webhook: &Webhook) -> TokenStream {
    let Webhook {
        root, vis, marker, ..
    } = webhook;
    let constructor = constructor::of_function(webhook);
    let descriptor = descriptor::expand(webhook);
    let carries =
        carried(webhook).map(|payload| quote!(impl #root::Carries<#payload> for #marker {}));
    let registration = webhook.register.then(
        || quote!(#root::__private::inventory::submit! { #root::__private::Registered::Webhook(&__WEBHOOK) }),
    );
    quote! {
        #constructor
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, clippy::exhaustive_enums)]
        #vis enum #marker {}
        const _: () = {
            static __WEBHOOK: #root::Descriptor = #descriptor;
            impl #root::Webhook for #marker {
                const DESCRIPTOR: &'static #root::Descriptor = &__WEBHOOK;
            }
            #carries
            #registration
        };
    }
}

/// The payload as the parameter of `Carries`: unit where there is none.
pub(super) fn carried(webhook: &Webhook) -> Option<TokenStream> {
    webhook.payload().map(|payload| {
        let ty: &Type = &payload.value;
        ty.to_token_stream()
    })
}
