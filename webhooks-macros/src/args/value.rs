//! The values of arguments, and how each is parsed. Lists go on behind a wrong element.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseBuffer, ParseStream};
use syn::{Expr, Ident, Lit, LitBool, LitInt, LitStr, Path, Token, Type, token};

use super::key::Key;
use super::list;
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

/// A member of an operation: an extension, or one that the runtime does not know.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: LitStr,
    pub(crate) value: Expr,
}

/// A request that the receiver of the webhook is promised in return.
#[derive(Clone)]
pub(crate) struct Callback {
    pub(crate) name: LitStr,
    /// Where it goes: a URL with runtime expressions.
    pub(crate) expression: LitStr,
    pub(crate) operation: Expr,
}

/// A header of the sender that a request of this webhook may lack.
#[derive(Clone)]
pub(crate) struct OptionalHeader {
    pub(crate) name: LitStr,
    pub(crate) description: LitStr,
}

/// Parses the value of one key.
pub(crate) struct Value<'a, 'b> {
    pub(crate) key: Key,
    /// A flag without a value, which means `true`.
    pub(crate) is_flag_alone: bool,
    pub(crate) input: ParseStream<'a>,
    pub(crate) errors: &'b Errors,
}

impl Value<'_, '_> {
    pub(crate) fn text(&self) -> syn::Result<Text> {
        text(self.input).map_err(wrong(self.key))
    }

    pub(crate) fn string(&self) -> syn::Result<LitStr> {
        string(self.input).map_err(wrong(self.key))
    }

    pub(crate) fn flag(&self) -> syn::Result<bool> {
        if self.is_flag_alone {
            return Ok(true);
        }
        self.parse().map(|LitBool { value, .. }| value)
    }

    pub(crate) fn status(&self) -> syn::Result<Status> {
        status(self.input).map_err(wrong(self.key))
    }

    pub(crate) fn marker(&self) -> syn::Result<Ident> {
        self.parse()
    }

    pub(crate) fn path(&self) -> syn::Result<Path> {
        let start = self.input.span();
        self.input
            .call(Path::parse_mod_style)
            .map_err(|_| wrong(self.key)(start))
    }

    pub(crate) fn external_docs(&self) -> syn::Result<ExternalDocs> {
        if !self.input.peek(token::Paren) {
            return self.string().map(|url| ExternalDocs {
                url,
                description: None,
            });
        }
        tuple(self.key, self.input, |content, wrong| {
            let url = string(content).map_err(wrong)?;
            comma(content).map_err(wrong)?;
            let description = Some(string(content).map_err(wrong)?);
            Ok(ExternalDocs { url, description })
        })
    }

    pub(crate) fn strings(&mut self) -> syn::Result<Vec<LitStr>> {
        let wrong = wrong(self.key);
        self.list(|input| string(input).map_err(&wrong))
    }

    pub(crate) fn security(&mut self) -> syn::Result<Vec<Security>> {
        let key = self.key;
        self.list(|input| {
            if !input.peek(token::Paren) {
                let scheme = string(input).map_err(wrong(key))?;
                return Ok(Security {
                    scheme,
                    scopes: Vec::new(),
                });
            }
            tuple(key, input, |content, wrong| {
                let scheme = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                Ok(Security {
                    scheme,
                    scopes: scopes(content, wrong)?,
                })
            })
        })
    }

    pub(crate) fn responses(&mut self) -> syn::Result<Vec<Response>> {
        let key = self.key;
        self.list(|input| {
            tuple(key, input, |content, wrong| {
                let status = status(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                let description = string(content).map_err(wrong)?;
                let body = if optional_comma(content) {
                    Some(content.parse()?)
                } else {
                    None
                };
                Ok(Response {
                    status,
                    description,
                    body,
                })
            })
        })
    }

    pub(crate) fn examples(&mut self) -> syn::Result<Vec<Example>> {
        let key = self.key;
        self.list(|input| {
            tuple(key, input, |content, wrong| {
                let name = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                let value: Expr = content.parse()?;
                if !optional_comma(content) {
                    return Ok(Example {
                        name,
                        summary: None,
                        value,
                    });
                }
                let Expr::Lit(syn::ExprLit {
                    lit: Lit::Str(summary),
                    ..
                }) = value
                else {
                    return Err(syn::Error::new_spanned(
                        value,
                        "the summary of an example is a string literal",
                    ));
                };
                Ok(Example {
                    name,
                    summary: Some(summary),
                    value: content.parse()?,
                })
            })
        })
    }

    pub(crate) fn members(&mut self) -> syn::Result<Vec<Member>> {
        let key = self.key;
        self.list(|input| {
            tuple(key, input, |content, wrong| {
                let name = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                Ok(Member {
                    name,
                    value: content.parse()?,
                })
            })
        })
    }

    pub(crate) fn callbacks(&mut self) -> syn::Result<Vec<Callback>> {
        let key = self.key;
        self.list(|input| {
            tuple(key, input, |content, wrong| {
                let name = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                let expression = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                Ok(Callback {
                    name,
                    expression,
                    operation: content.parse()?,
                })
            })
        })
    }

    pub(crate) fn optional_headers(&mut self) -> syn::Result<Vec<OptionalHeader>> {
        let key = self.key;
        self.list(|input| {
            tuple(key, input, |content, wrong| {
                let name = string(content).map_err(wrong)?;
                comma(content).map_err(wrong)?;
                Ok(OptionalHeader {
                    name,
                    description: string(content).map_err(wrong)?,
                })
            })
        })
    }

    /// A list in brackets; a wrong element is reported and skipped.
    fn list<T>(
        &mut self,
        element: impl Fn(ParseStream<'_>) -> syn::Result<T>,
    ) -> syn::Result<Vec<T>> {
        if !self.input.peek(token::Bracket) {
            return Err(wrong(self.key)(self.input.span()));
        }
        let content;
        syn::bracketed!(content in self.input);
        let mut elements = Vec::new();
        list::elements(&content, "elements", self.errors, &mut |input| {
            elements.push(element(input)?);
            Ok(())
        });
        Ok(elements)
    }

    fn parse<T: Parse>(&self) -> syn::Result<T> {
        let start = self.input.span();
        self.input.parse().map_err(|_| wrong(self.key)(start))
    }
}

/// A string literal, or a constant expression that is one when the program is compiled.
///
/// The error is the place of what was found instead, here and in the functions below.
pub(crate) fn text(input: ParseStream<'_>) -> Result<Text, Span> {
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

/// Says what a key takes, at a place where something else stands.
fn wrong(key: Key) -> impl Fn(Span) -> syn::Error {
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

fn string(input: ParseStream<'_>) -> Result<LitStr, Span> {
    let start = input.span();
    input.parse().map_err(|_| start)
}

fn status(input: ParseStream<'_>) -> Result<Status, Span> {
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

fn comma(input: ParseStream<'_>) -> Result<(), Span> {
    let start = input.span();
    input.parse::<Token![,]>().map(drop).map_err(|_| start)
}

/// Whether a comma with something behind it follows.
fn optional_comma(input: ParseStream<'_>) -> bool {
    input.parse::<Token![,]>().is_ok() && !input.is_empty()
}

fn scopes(input: ParseStream<'_>, wrong: &dyn Fn(Span) -> syn::Error) -> syn::Result<Vec<LitStr>> {
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
fn tuple<T>(
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

/// Parses all that stands between two delimiters. What is left over is an error, and never remains in the buffer.
fn whole<T>(
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
