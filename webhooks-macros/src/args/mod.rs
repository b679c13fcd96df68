//! The arguments of an attribute: `"payment.created", tags = ["payments"], status = 202`.
//!
//! What can only be said of one webhook, and what can only be said of a view, are types of their own: a value that a
//! site cannot have is not an empty one.

mod key;
mod list;
mod on;
mod part;
mod value;

pub(crate) use key::{Key, Site, is_near};
pub(crate) use on::{Event, OnArgs};
pub(crate) use part::{Status, Text};
pub(crate) use value::{
    Callback, Example, ExternalDocs, Member, OptionalHeader, Response, Security,
};

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Path, Token, token};

use crate::errors::Errors;
use crate::names;
use value::Value;

/// What is said of one webhook, not yet checked against its function.
#[derive(Default)]
pub(crate) struct WebhookArgs {
    pub(crate) name: Option<Text>,
    /// Something stands where the name does, even if it is not a name.
    pub(crate) name_was_tried: bool,
    pub(crate) any_name: bool,
    pub(crate) methods: Option<(Span, Vec<LitStr>)>,
    pub(crate) operation_id: Option<Text>,
    pub(crate) replaced_by: Option<Text>,
    pub(crate) response_description: Option<Text>,
    pub(crate) status: Option<Status>,
    pub(crate) external_docs: Option<ExternalDocs>,
    pub(crate) examples: Vec<Example>,
    pub(crate) extensions: Vec<Member>,
    pub(crate) extra: Vec<Member>,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) optional_headers: Vec<OptionalHeader>,
    pub(crate) content_type: Option<LitStr>,
    pub(crate) marker: Option<Ident>,
    pub(crate) shared: SharedArgs,
}

/// What is said of a view.
#[derive(Default)]
pub(crate) struct ViewArgs {
    pub(crate) prefix: Option<LitStr>,
    pub(crate) more: bool,
    pub(crate) shared: SharedArgs,
}

/// What can be said of a webhook and of all webhooks of a view.
#[derive(Default)]
pub(crate) struct SharedArgs {
    pub(crate) summary: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) deprecated: bool,
    pub(crate) security: Option<Vec<Security>>,
    pub(crate) responses: Vec<Response>,
    pub(crate) include_in_schema: Option<bool>,
    pub(crate) register: Option<bool>,
    pub(crate) root: Option<Path>,
    given: Vec<(Key, Span)>,
}

/// Arguments that are filled in one by one.
trait Arguments: Default {
    fn shared(&mut self) -> &mut SharedArgs;

    /// Takes the one argument without a key.
    fn set_name(&mut self, input: ParseStream<'_>) -> syn::Result<()>;

    /// Takes the value of a key that may stand here.
    fn set(&mut self, value: Value<'_, '_>) -> syn::Result<()>;

    /// Parses all arguments; what is wrong with them goes to `errors`.
    fn parse_all(tokens: TokenStream, site: Site, errors: &Errors) -> Self {
        let mut args = Self::default();
        list::arguments(tokens, errors, |input| args.parse_one(input, site, errors));
        args
    }

    fn parse_one(
        &mut self,
        input: ParseStream<'_>,
        site: Site,
        errors: &Errors,
    ) -> syn::Result<()> {
        if !begins_with_key(input) {
            return self.set_name(input);
        }
        let ident = input.call(Ident::parse_any)?;
        let name = names::without_raw_prefix(&ident);
        let Some(key) = Key::from_name(&name) else {
            return Err(syn::Error::new_spanned(ident, key::unknown(&name, site)));
        };
        if let Some(reason) = key.misplaced(site) {
            return Err(syn::Error::new_spanned(ident, reason));
        }
        let first = self.shared().place_of(key);
        self.shared().given.push((key, ident.span()));
        let has_value = input.parse::<Option<Token![=]>>()?.is_some();
        let is_flag_alone = !has_value && key.is_flag();
        if !is_flag_alone && (!has_value || input.is_empty() || input.peek(Token![,])) {
            let message = format!("`{name}` needs a value, as in `{}`", key.example());
            return Err(syn::Error::new_spanned(ident, message));
        }
        if let Some(first) = first {
            let what = format!("`{name}` is given");
            errors.push_twice_at(&what, first, ident.span(), "remove one");
            // The value is parsed all the same, so that the next argument is found behind it.
            return Self::default().set(Value {
                key,
                is_flag_alone,
                input,
                errors,
            });
        }
        self.set(Value {
            key,
            is_flag_alone,
            input,
            errors,
        })
    }
}

impl WebhookArgs {
    pub(crate) fn parse(tokens: TokenStream, site: Site, errors: &Errors) -> Self {
        Self::parse_all(tokens, site, errors)
    }
}

impl ViewArgs {
    pub(crate) fn parse(tokens: TokenStream, errors: &Errors) -> Self {
        Self::parse_all(tokens, Site::View, errors)
    }
}

impl SharedArgs {
    /// Where a key was given, if it was; its value may have been wrong.
    pub(crate) fn place_of(&self, key: Key) -> Option<Span> {
        self.given
            .iter()
            .find(|(given, _)| *given == key)
            .map(|(_, span)| *span)
    }

    fn set(&mut self, mut value: Value<'_, '_>) -> syn::Result<()> {
        match value.key {
            Key::Summary => self.summary = Some(value.text()?),
            Key::Description => self.description = Some(value.text()?),
            Key::Tags => self.tags = value.strings()?,
            Key::Deprecated => self.deprecated = value.flag()?,
            Key::Security => self.security = Some(value.security()?),
            Key::Responses => self.responses = value.responses()?,
            Key::IncludeInSchema => self.include_in_schema = Some(value.flag()?),
            Key::Register => self.register = Some(value.flag()?),
            Key::Crate => self.root = Some(value.path()?),
            // Keys of one site only: they were taken or refused before.
            _ => {}
        }
        Ok(())
    }
}

impl Arguments for WebhookArgs {
    fn shared(&mut self) -> &mut SharedArgs {
        &mut self.shared
    }

    fn set_name(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let start = input.span();
        self.name_was_tried = true;
        let text = name(input)?;
        if self.name.is_some() {
            return Err(syn::Error::new(
                start,
                "a second event name; every argument behind the name is `key = value`",
            ));
        }
        if !self.shared.given.is_empty() {
            return Err(syn::Error::new(
                start,
                "the event's name comes first, before every `key = value`",
            ));
        }
        self.name = Some(text);
        Ok(())
    }

    fn set(&mut self, mut value: Value<'_, '_>) -> syn::Result<()> {
        match value.key {
            Key::Methods => {
                let span = value.input.span();
                let part = value.errors.part();
                let methods = Value {
                    errors: &part,
                    ..value
                }
                .strings()?;
                // A list with a wrong element is not one that was meant to be shorter.
                self.methods = part.is_empty().then_some((span, methods));
            }
            Key::AnyName => self.any_name = value.flag()?,
            Key::OperationId => self.operation_id = Some(value.text()?),
            Key::ReplacedBy => self.replaced_by = Some(value.text()?),
            Key::ResponseDescription => self.response_description = Some(value.text()?),
            Key::Status => self.status = Some(value.status()?),
            Key::ExternalDocs => self.external_docs = Some(value.external_docs()?),
            Key::Examples => self.examples = value.examples()?,
            Key::Extensions => self.extensions = value.members()?,
            Key::Extra => self.extra = value.members()?,
            Key::Callbacks => self.callbacks = value.callbacks()?,
            Key::OptionalHeaders => self.optional_headers = value.optional_headers()?,
            Key::ContentType => self.content_type = Some(value.string()?),
            Key::Marker => self.marker = Some(value.marker()?),
            _ => self.shared.set(value)?,
        }
        Ok(())
    }
}

impl Arguments for ViewArgs {
    fn shared(&mut self) -> &mut SharedArgs {
        &mut self.shared
    }

    fn set_name(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let start = input.span();
        name(input)?;
        let advice = "a view has no event name of its own; `prefix = \"payment\"` stands before the names of its methods";
        Err(syn::Error::new(start, advice))
    }

    fn set(&mut self, value: Value<'_, '_>) -> syn::Result<()> {
        match value.key {
            Key::Prefix => self.prefix = Some(value.string()?),
            Key::More => self.more = value.flag()?,
            _ => self.shared.set(value)?,
        }
        Ok(())
    }
}

/// The one argument without a key: the event's name.
fn name(input: ParseStream<'_>) -> syn::Result<Text> {
    part::text(input).map_err(|span| {
        let found = "expected `key = value`, or the event's name as a string or a constant, as in `\"payment.created\"`";
        syn::Error::new(span, found)
    })
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
