//! The parts of which values are made: strings, statuses, tuples. The error of a part is the place of what was found
//! instead; only the key knows what to say about it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseBuffer, ParseStream};
use syn::{Expr, Lit, LitInt, LitStr, Token, token};

use super::key::Key;

/// Text that is written in the program: a literal, a constant, or a macro such as `include_str!`.
#[derive(Clone)]
pub(crate) enum Text {
    Literal(LitStr),
    Constant(Expr),
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(literal) => literal.to_tokens(tokens),
            Self::Constant(constant) => constant.to_tokens(tokens),
        }
    }
}

/// A status: `202`, `"4XX"`.
#[derive(Clone)]
pub(crate) struct Status {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A string literal, or a constant expression that is one when the program is compiled.
pub(super) fn text(input: ParseStream<'_>) -> Result<Text, Span> {
    if input.peek(Lit) {
        return string(input).map(Text::Literal);
    }
    let start = input.span();
    match input.parse() {
        Ok(constant @ (Expr::Path(_) | Expr::Macro(_))) => Ok(Text::Constant(constant)),
        Ok(Expr::Group(group)) => match *group.expr {
            Expr::Lit(syn::ExprLit {
                lit: Lit::Str(literal),
                ..
            }) => Ok(Text::Literal(literal)),
            constant @ (Expr::Path(_) | Expr::Macro(_)) => Ok(Text::Constant(constant)),
            _ => Err(start),
        },
        _ => Err(start),
    }
}

/// Says what a key takes, at a place where something else is.
pub(super) fn wrong(key: Key) -> impl Fn(Span) -> syn::Error {
    move |place| {
        syn::Error::new(
            place,
            format!(
                "`{}` takes {}, as in `{}`",
                key.name(),
                key.takes(),
                key.example()
            ),
        )
    }
}

pub(super) fn string(input: ParseStream<'_>) -> Result<LitStr, Span> {
    let start = input.span();
    input.parse().map_err(|_| start)
}

pub(super) fn status(input: ParseStream<'_>) -> Result<Status, Span> {
    let span = input.span();
    if input.peek(LitInt) {
        let number: LitInt = input.parse().map_err(|_| span)?;
        return Ok(Status {
            text: number.to_string(),
            span,
        });
    }
    string(input).map(|text| Status {
        text: text.value(),
        span,
    })
}

pub(super) fn comma(input: ParseStream<'_>) -> Result<(), Span> {
    let start = input.span();
    input.parse::<Token![,]>().map(drop).map_err(|_| start)
}

/// Whether a comma with something behind it follows.
pub(super) fn optional_comma(input: ParseStream<'_>) -> bool {
    input.parse::<Token![,]>().is_ok() && !input.is_empty()
}

pub(super) fn scopes(
    input: ParseStream<'_>,
    wrong: &dyn Fn(Span) -> syn::Error,
) -> syn::Result<Vec<LitStr>> {
    if !input.peek(token::Bracket) {
        return Err(wrong(input.span()));
    }
    let content;
    syn::bracketed!(content in input);
    let parse = |content: ParseStream<'_>| {
        let mut scopes = Vec::new();
        while !content.is_empty() {
            scopes.push(string(content).map_err(wrong)?);
            if !content.is_empty() {
                comma(content).map_err(wrong)?;
            }
        }
        Ok(scopes)
    };
    whole(&content, parse, wrong)
}

/// A tuple in parentheses.
pub(super) fn tuple<T>(
    key: Key,
    input: ParseStream<'_>,
    parse: impl FnOnce(ParseStream<'_>, &dyn Fn(Span) -> syn::Error) -> syn::Result<T>,
) -> syn::Result<T> {
    let wrong = wrong(key);
    if !input.peek(token::Paren) {
        return Err(wrong(input.span()));
    }
    let content;
    syn::parenthesized!(content in input);
    whole(&content, |content| parse(content, &wrong), &wrong)
}

/// Parses all that is between two delimiters. What is left over is an error, and never remains in the buffer.
pub(super) fn whole<T>(
    content: &ParseBuffer<'_>,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    wrong: &dyn Fn(Span) -> syn::Error,
) -> syn::Result<T> {
    let mut parsed = parse(content);
    optional_comma(content);
    if parsed.is_ok() && !content.is_empty() {
        parsed = Err(wrong(content.span()));
    }
    while !content.is_empty() {
        let _ = TokenTree::parse(content);
    }
    parsed
}
