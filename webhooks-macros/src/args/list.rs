//! Lists separated by commas, parsed with recovery: a wrong element is reported and skipped, and the next one is parsed.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::errors::Errors;

/// Parses the arguments of an attribute.
pub(super) fn arguments(
    tokens: TokenStream,
    errors: &Errors,
    mut parse: impl FnMut(ParseStream<'_>) -> syn::Result<()>,
) {
    let parser = |input: ParseStream<'_>| {
        elements(input, "arguments", errors, &mut parse);
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.add(error);
    }
}

/// Parses all that is left of the input; `what` is the word for it in an error.
pub(super) fn elements(
    input: ParseStream<'_>,
    what: &str,
    errors: &Errors,
    parse: &mut dyn FnMut(ParseStream<'_>) -> syn::Result<()>,
) {
    while !input.is_empty() {
        if let Err(error) = parse(input) {
            errors.add(error);
            skip_to_comma(input);
        }
        if !input.is_empty() && input.parse::<Token![,]>().is_err() {
            errors.push_at(input.span(), format!("expected `,` between two {what}"));
            skip_to_comma(input);
            let _: syn::Result<Token![,]> = input.parse();
        }
    }
}

/// Skips what is left of an element that could not be parsed.
fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _: syn::Result<TokenTree> = input.parse();
    }
}
