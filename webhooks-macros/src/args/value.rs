//! The values of arguments, and how each is parsed. Lists go on behind a wrong element.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseBuffer, ParseStream};
use syn::{Expr, Ident, Lit, LitBool, LitInt, LitStr, Path, Token, Type, token};

use super::key::Key;
use crate::errors::Errors;

/// Text that stands in the program: a literal, a constant, or a macro such as `include_str!`.
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

/// One way to satisfy `security`.
#[derive(Clone)]
pub(crate) struct Security {
    pub(crate) scheme: LitStr,
    pub(crate) scopes: Vec<LitStr>,
}

/// A status: `202`, `"4XX"`.
#[derive(Clone)]
pub(crate) struct Status {
    pub(crate) text: String,
    pub(crate) span: Span,
}

#[derive(Clone)]
pub(crate) struct Response {
    pub(crate) status: Status,
    pub(crate) description: LitStr,
    pub(crate) body: Option<Type>,
}

#[derive(Clone)]
pub(crate) struct ExternalDocs {
    pub(crate) url: LitStr,
    pub(crate) description: Option<LitStr>,
}

#[derive(Clone)]
pub(crate) struct Example {
    pub(crate) name: LitStr,
    pub(crate) summary: Option<LitStr>,
    pub(crate) value: Expr,
}

#[derive(Clone)]
pub(crate) struct Extension {
    pub(crate) name: LitStr,
    pub(crate) value: Expr,
}

/// Parses the value of one key.
pub(crate) struct Value<'a, 'b> {
    pub(crate) key: Key,
    pub(crate) input: ParseStream<'a>,
    pub(crate) errors: &'b mut Errors,
}

impl Value<'_, '_> {
    pub(crate) fn text(&self) -> syn::Result<Text> {
        text(self.input).map_err(|span| self.wrong(span, "a string"))
    }

    pub(crate) fn string(&self) -> syn::Result<LitStr> {
        string(self.input).map_err(|span| self.wrong(span, "a string literal"))
    }

    pub(crate) fn boolean(&self) -> syn::Result<bool> {
        self.input
            .parse()
            .map(|LitBool { value, .. }| value)
            .map_err(|_| self.wrong(self.input.span(), "`true` or `false`"))
    }

    pub(crate) fn status(&self) -> syn::Result<Status> {
        status(self.input).map_err(|span| self.wrong(span, "a status"))
    }

    pub(crate) fn marker(&self) -> syn::Result<Ident> {
        self.input.parse().map_err(|_| self.wrong(self.input.span(), "the name of a type"))
    }

    pub(crate) fn path(&self) -> syn::Result<Path> {
        let start = self.input.span();
        let path = self.input.call(Path::parse_mod_style);
        path.map_err(|_| self.wrong(start, "a path without quotes"))
    }

    pub(crate) fn external_docs(&self) -> syn::Result<ExternalDocs> {
        let wrong = |span| self.wrong(span, "a URL, or a URL and a description");
        if !self.input.peek(token::Paren) {
            return Ok(ExternalDocs { url: string(self.input).map_err(wrong)?, description: None });
        }
        let content;
        syn::parenthesized!(content in self.input);
        let parse = |content: ParseStream<'_>| {
            let url = string(content).map_err(wrong)?;
            comma(content).map_err(wrong)?;
            let description = Some(string(content).map_err(wrong)?);
            Ok(ExternalDocs { url, description })
        };
        whole(&content, parse, wrong)
    }

    pub(crate) fn strings(&mut self) -> syn::Result<Vec<LitStr>> {
        let (key, what) = (self.key, "strings");
        self.list(what, move |input| string(input).map_err(|span| wrong(key, span, "a list of strings")))
    }

    pub(crate) fn security(&mut self) -> syn::Result<Vec<Security>> {
        let key = self.key;
        let what = "names of security schemes, each alone or with a list of scopes";
        let wrong = move |span| wrong(key, span, what);
        self.list(what, move |input| {
            if !input.peek(token::Paren) {
                return Ok(Security { scheme: string(input).map_err(wrong)?, scopes: Vec::new() });
            }
            let content;
            syn::parenthesized!(content in input);
            let parse = |content: ParseStream<'_>| {
                let scheme = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                if !content.peek(token::Bracket) {
                    return Err(wrong(content.span()));
                }
                let list;
                syn::bracketed!(list in content);
                let scopes = |list: ParseStream<'_>| {
                    let mut scopes = Vec::new();
                    while !list.is_empty() {
                        scopes.push(string(list).map_err(wrong)?);
                        if !list.is_empty() {
                            comma(list).map_err(wrong)?;
                        }
                    }
                    Ok(scopes)
                };
                Ok(Security { scheme, scopes: whole(&list, scopes, wrong)? })
            };
            whole(&content, parse, wrong)
        })
    }

    pub(crate) fn responses(&mut self) -> syn::Result<Vec<Response>> {
        self.tuples("a status and a description, perhaps a type", |content, wrong| {
            let status = status(content).map_err(wrong)?;
            comma(content).map_err(wrong)?;
            let description = string(content).map_err(wrong)?;
            let body = match optional_comma(content) {
                true => Some(content.parse().map_err(|error: syn::Error| wrong(error.span()))?),
                false => None,
            };
            Ok(Response { status, description, body })
        })
    }

    pub(crate) fn examples(&mut self) -> syn::Result<Vec<Example>> {
        self.tuples("a name and a value, perhaps with a summary between them", |content, wrong| {
            let name = string(content).map_err(wrong)?;
            comma(content).map_err(wrong)?;
            let value: Expr = content.parse()?;
            if !optional_comma(content) {
                return Ok(Example { name, summary: None, value });
            }
            let Expr::Lit(syn::ExprLit { lit: Lit::Str(summary), .. }) = value else {
                return Err(syn::Error::new_spanned(value, "the summary of an example is a string literal"));
            };
            Ok(Example { name, summary: Some(summary), value: content.parse()? })
        })
    }

    pub(crate) fn extensions(&mut self) -> syn::Result<Vec<Extension>> {
        self.tuples("a name and a value", |content, wrong| {
            let name = string(content).map_err(wrong)?;
            comma(content).map_err(wrong)?;
            Ok(Extension { name, value: content.parse()? })
        })
    }

    /// A list of tuples, each parsed as a whole.
    fn tuples<T>(
        &mut self,
        what: &'static str,
        parse: impl Fn(ParseStream<'_>, &dyn Fn(Span) -> syn::Error) -> syn::Result<T>,
    ) -> syn::Result<Vec<T>> {
        let key = self.key;
        let wrong = move |span| wrong(key, span, &format!("a list of tuples, each of {what}"));
        self.list(what, move |input| {
            if !input.peek(token::Paren) {
                return Err(wrong(input.span()));
            }
            let content;
            syn::parenthesized!(content in input);
            whole(&content, |content| parse(content, &wrong), wrong)
        })
    }

    /// A list in brackets; a wrong element is reported and skipped.
    fn list<T>(
        &mut self,
        what: &str,
        element: impl Fn(ParseStream<'_>) -> syn::Result<T>,
    ) -> syn::Result<Vec<T>> {
        if !self.input.peek(token::Bracket) {
            return Err(self.wrong(self.input.span(), &format!("a list of {what}")));
        }
        let content;
        syn::bracketed!(content in self.input);
        let mut elements = Vec::new();
        while !content.is_empty() {
            match element(&content) {
                Ok(value) => elements.push(value),
                Err(error) => {
                    self.errors.add(error);
                    skip_to_comma(&content);
                }
            }
            if !content.is_empty() && content.parse::<Token![,]>().is_err() {
                self.errors.push_at(content.span(), "expected `,` between two elements");
                skip_to_comma(&content);
                let _: syn::Result<Token![,]> = content.parse();
            }
        }
        Ok(elements)
    }

    fn wrong(&self, span: Span, what: &str) -> syn::Error {
        wrong(self.key, span, what)
    }
}

/// Skips what is left of an argument that could not be parsed.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _: syn::Result<TokenTree> = input.parse();
    }
}

/// A string literal, or a constant expression that is one when the program is compiled.
pub(crate) fn text(input: ParseStream<'_>) -> Result<Text, Span> {
    if input.peek(Lit) {
        return string(input).map(Text::Literal);
    }
    let start = input.span();
    match input.parse() {
        Ok(constant @ (Expr::Path(_) | Expr::Macro(_))) => Ok(Text::Constant(constant)),
        _ => Err(start),
    }
}

fn wrong(key: Key, span: Span, what: &str) -> syn::Error {
    syn::Error::new(span, format!("`{}` takes {what}, as in `{}`", key.name(), key.example()))
}

/// A string literal; the place where there is none otherwise.
fn string(input: ParseStream<'_>) -> Result<LitStr, Span> {
    input.parse().map_err(|_| input.span())
}

fn status(input: ParseStream<'_>) -> Result<Status, Span> {
    let span = input.span();
    if input.peek(LitInt) {
        let number: LitInt = input.parse().map_err(|_| span)?;
        return Ok(Status { text: number.to_string(), span });
    }
    string(input).map(|text| Status { text: text.value(), span })
}

fn comma(input: ParseStream<'_>) -> Result<(), Span> {
    input.parse::<Token![,]>().map(drop).map_err(|_| input.span())
}

/// Whether a comma with something behind it follows.
fn optional_comma(input: ParseStream<'_>) -> bool {
    input.parse::<Token![,]>().is_ok() && !input.is_empty()
}

/// Parses all that stands between two delimiters. What is left over is an error, and never remains in the buffer.
fn whole<T>(
    content: &ParseBuffer<'_>,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    wrong: impl Fn(Span) -> syn::Error,
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
