//! The mistakes of one attribute, collected so that all of them are reported together.
//!
//! Checking goes on behind a mistake, and whether a *part* is sound must be known where it is used. So a part gets an
//! [`Errors`] of its own by [`Errors::part`]: what goes into it is also in the whole, and it alone says whether it has
//! any. Nothing has to compare how many errors there were before and after.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects the errors of an attribute, or of a part of what it sits on.
#[derive(Default)]
pub(crate) struct Errors {
    all: Rc<RefCell<Vec<syn::Error>>>,
    found: Cell<bool>,
}

/// The errors of a part; those around it learn of them when it goes out of scope.
pub(crate) struct Part<'a> {
    errors: Errors,
    whole: &'a Errors,
}

impl Errors {
    /// Errors of a part, which are also errors of the whole.
    pub(crate) fn part(&self) -> Part<'_> {
        Part {
            errors: Self {
                all: Rc::clone(&self.all),
                found: Cell::new(false),
            },
            whole: self,
        }
    }

    /// Adds an error that underlines these tokens.
    pub(crate) fn push(&self, wrong: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(wrong, message));
    }

    /// Adds an error at this place.
    pub(crate) fn push_at(&self, place: Span, message: impl std::fmt::Display) {
        self.add(syn::Error::new(place, message));
    }

    /// Adds an error that a parser found.
    pub(crate) fn add(&self, error: syn::Error) {
        self.found.set(true);
        self.all.borrow_mut().push(error);
    }

    /// Underlines both places of something that is there twice.
    pub(crate) fn push_twice(
        &self,
        what: &str,
        first: impl ToTokens,
        second: impl ToTokens,
        advice: &str,
    ) {
        self.push(second, format!("{what} twice; {advice}"));
        self.push(first, "first here");
    }

    /// As [`push_twice`](Self::push_twice), for places without tokens.
    pub(crate) fn push_twice_at(&self, what: &str, first: Span, second: Span, advice: &str) {
        self.push_at(second, format!("{what} twice; {advice}"));
        self.push_at(first, "first here");
    }

    /// Whether nothing is wrong with the part that these errors are of.
    pub(crate) fn is_empty(&self) -> bool {
        !self.found.get()
    }

    /// The errors as tokens that the compiler reports.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.all
            .take()
            .into_iter()
            .map(syn::Error::into_compile_error)
            .collect()
    }
}

impl std::ops::Deref for Part<'_> {
    type Target = Errors;

    fn deref(&self) -> &Errors {
        &self.errors
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if !self.errors.is_empty() {
            self.whole.found.set(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_knows_its_own_errors_and_the_whole_knows_all() {
        let whole = Errors::default();
        let sound = whole.part();
        {
            let broken = whole.part();
            broken.push_at(Span::call_site(), "wrong");
            assert!(!broken.is_empty() && sound.is_empty());
        }
        assert!(sound.is_empty() && !whole.is_empty());
        drop(sound);
        assert_eq!(whole.into_tokens().to_string().matches("wrong").count(), 1);
    }
}
