//! The arguments of an attribute: `"payment.created", tags = ["payments"], status = 202`.
//!
//! Parsed with recovery: a wrong argument is reported and skipped, and the next one is parsed.

mod key;
mod on;
mod value;

pub(crate) use key::{Key, Site, is_near};
pub(crate) use on::{Event, OnArgs};
pub(crate) use value::{Example, Extension, ExternalDocs, Response, Security, Status, Text};

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token, token};

use crate::errors::Errors;
use value::Value;

/// What was said, not yet checked against the item.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Option<Text>,
    pub(crate) methods: Option<(Span, Vec<LitStr>)>,
    pub(crate) summary: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) operation_id: Option<Text>,
    pub(crate) deprecated: bool,
    pub(crate) replaced_by: Option<Text>,
    pub(crate) security: Option<Vec<Security>>,
    pub(crate) responses: Vec<Response>,
    pub(crate) response_description: Option<Text>,
    pub(crate) status: Option<Status>,
    pub(crate) external_docs: Option<ExternalDocs>,
    pub(crate) examples: Vec<Example>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) content_type: Option<LitStr>,
    pub(crate) include_in_schema: Option<bool>,
    pub(crate) register: Option<bool>,
    pub(crate) marker: Option<Ident>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) more: bool,
    pub(crate) root: Option<Path>,
    /// Something stands where the name does, even if it is none.
    pub(crate) name_was_tried: bool,
    given: Vec<(Key, Span)>,
}

impl Args {
    /// Parses all arguments; what is wrong with them goes to `errors`.
    pub(crate) fn parse(tokens: TokenStream, site: Site, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = args.parse_one(input, site, errors) {
                    errors.add(error);
                    value::skip_to_comma(input);
                }
                if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                    errors.push_at(input.span(), "expected `,` between two arguments");
                    value::skip_to_comma(input);
                    let _: syn::Result<Token![,]> = input.parse();
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            errors.add(error);
        }
        args
    }

    fn parse_one(
        &mut self,
        input: ParseStream<'_>,
        site: Site,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if !begins_with_key(input) {
            return self.parse_name(input, site);
        }
        let ident = input.call(Ident::parse_any)?;
        let name = crate::names::plain(&ident);
        let Some(key) = Key::from_name(&name) else {
            return Err(syn::Error::new_spanned(ident, key::unknown(&name, site)));
        };
        if let Some(reason) = key.misplaced(site) {
            return Err(syn::Error::new_spanned(ident, reason));
        }
        if let Some((_, first)) = self.given.iter().find(|(given, _)| *given == key) {
            let mut error =
                syn::Error::new_spanned(ident, format!("`{name}` is given twice; remove one"));
            error.combine(syn::Error::new(
                *first,
                format!("`{name}` is first given here"),
            ));
            return Err(error);
        }
        self.given.push((key, ident.span()));
        let has_value = input.parse::<Option<Token![=]>>()?.is_some();
        if !has_value && key.is_flag() {
            self.flag(key, true);
            return Ok(());
        }
        if !has_value || input.is_empty() || input.peek(Token![,]) {
            let message = format!("`{name}` needs a value, as in `{}`", key.example());
            return Err(syn::Error::new_spanned(ident, message));
        }
        self.parse_value(Value { key, input, errors })
    }

    /// The one argument without a key: the event's name.
    fn parse_name(&mut self, input: ParseStream<'_>, site: Site) -> syn::Result<()> {
        let start = input.span();
        self.name_was_tried = true;
        let text = value::text(input).map_err(|span| {
            let found = "expected `key = value`, or the event's name as a string or a constant, as in `\"payment.created\"`";
            syn::Error::new(span, found)
        })?;
        if site == Site::View {
            let advice = "a view has no event name of its own; `prefix = \"payment\"` stands before the names of its methods";
            return Err(syn::Error::new(start, advice));
        }
        if self.name.is_some() {
            return Err(syn::Error::new(
                start,
                "a second event name; every argument behind the name is `key = value`",
            ));
        }
        if !self.given.is_empty() {
            return Err(syn::Error::new(
                start,
                "the event's name comes first, before every `key = value`",
            ));
        }
        self.name = Some(text);
        Ok(())
    }

    fn parse_value(&mut self, mut value: Value<'_, '_>) -> syn::Result<()> {
        match value.key {
            Key::Methods => {
                let (span, before) = (value.input.span(), value.errors.len());
                let methods = value.strings()?;
                if value.errors.len() == before {
                    self.methods = Some((span, methods));
                }
            }
            Key::Summary => self.summary = Some(value.text()?),
            Key::Description => self.description = Some(value.text()?),
            Key::Tags => self.tags = value.strings()?,
            Key::OperationId => self.operation_id = Some(value.text()?),
            Key::ReplacedBy => self.replaced_by = Some(value.text()?),
            Key::Security => self.security = Some(value.security()?),
            Key::Responses => self.responses = value.responses()?,
            Key::ResponseDescription => self.response_description = Some(value.text()?),
            Key::Status => self.status = Some(value.status()?),
            Key::ExternalDocs => self.external_docs = Some(value.external_docs()?),
            Key::Examples => self.examples = value.examples()?,
            Key::Extensions => self.extensions = value.extensions()?,
            Key::ContentType => self.content_type = Some(value.string()?),
            Key::Marker => self.marker = Some(value.marker()?),
            Key::Prefix => self.prefix = Some(value.string()?),
            Key::Crate => self.root = Some(value.path()?),
            flag @ (Key::Deprecated | Key::IncludeInSchema | Key::Register | Key::More) => {
                let said = value.boolean()?;
                self.flag(flag, said);
            }
        }
        Ok(())
    }

    fn flag(&mut self, key: Key, said: bool) {
        match key {
            Key::Deprecated => self.deprecated = said,
            Key::IncludeInSchema => self.include_in_schema = Some(said),
            Key::Register => self.register = Some(said),
            Key::More => self.more = said,
            _ => {}
        }
    }

    /// Where a key was given, if it was; its value may have been wrong.
    pub(crate) fn place_of(&self, key: Key) -> Option<Span> {
        self.given
            .iter()
            .find(|(given, _)| *given == key)
            .map(|(_, span)| *span)
    }
}

/// Whether `key =`, a flag, or a lone word that can only be meant as one follows.
fn begins_with_key(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(ident) = ahead.call(Ident::parse_any) else {
        return false;
    };
    if ahead.peek(Token![=]) || ahead.peek(token::Paren) {
        return true;
    }
    let alone = ahead.is_empty() || ahead.peek(Token![,]);
    // Constants are upper case, keys are not.
    alone
        && ident
            .to_string()
            .chars()
            .all(|c| c.is_lowercase() || c == '_')
}
