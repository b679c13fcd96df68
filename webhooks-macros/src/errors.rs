//! The mistakes of one attribute, collected so that all of them are reported at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects errors; nothing stops at the first.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// Adds an error that underlines these tokens.
    pub(crate) fn push(&mut self, wrong: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(wrong, message));
    }

    /// Adds an error at this place.
    pub(crate) fn push_at(&mut self, place: Span, message: impl std::fmt::Display) {
        self.add(syn::Error::new(place, message));
    }

    /// Adds an error that a parser found.
    pub(crate) fn add(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    /// Underlines both places where something stands twice.
    pub(crate) fn push_twice(
        &mut self,
        what: &str,
        first: impl ToTokens,
        second: impl ToTokens,
        advice: &str,
    ) {
        self.push(second, format!("{what} twice; {advice}"));
        self.push(first, "first here");
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The errors as tokens that the compiler reports.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0
            .into_iter()
            .map(syn::Error::into_compile_error)
            .collect()
    }
}
