//! The values of arguments, and how each is parsed. Lists go on behind a wrong element.

use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, Lit, LitBool, LitStr, Path, Type, token};

use super::key::Key;
use super::list;
use super::part::{
    Status, Text, comma, optional_comma, scopes, status, string, text, tuple, wrong,
};
use crate::errors::Errors;

/// One way to satisfy `security`.
#[derive(Clone)]
pub(crate) struct Security {
    pub(crate) scheme: LitStr,
    pub(crate) scopes: Vec<LitStr>,
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
