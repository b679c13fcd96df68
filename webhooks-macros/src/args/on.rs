//! The arguments of `#[on]`: events as text or as declared webhooks, and where to collect the handler.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Lit, LitStr, Path, Token, Type};

use super::{is_near, list};
use crate::errors::Errors;
use crate::names;

/// An event that a handler is for.
#[derive(Clone)]
pub(crate) enum Event {
    Name(LitStr),
    /// The function that declares the webhook.
    Webhook(Path),
}

impl ToTokens for Event {
    /// As it was written, for messages.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Name(name) => name.to_tokens(tokens),
            Self::Webhook(path) => path.to_tokens(tokens),
        }
    }
}

/// What was said, not yet checked against the item.
#[derive(Default)]
pub(crate) struct OnArgs {
    pub(crate) events: Vec<Event>,
    pub(crate) receiver: Option<(Span, LitStr)>,
    pub(crate) state: Option<(Span, Type)>,
    pub(crate) root: Option<(Span, Path)>,
    /// Something was meant as an event, even if it is not an event.
    pub(crate) event_was_tried: bool,
}

const KEYS: [(&str, &str); 3] = [
    ("receiver", "receiver = \"github\""),
    ("state", "state = App"),
    ("crate", "crate = ::my_crate::webhooks_receiver"),
];

const EXPECTED: &str = "expected an event: its name, as in `\"payment.created\"`, or a declared webhook, as in `payment_created`";

impl OnArgs {
    /// Parses all arguments; what is wrong with them goes to `errors`.
    pub(crate) fn parse(tokens: TokenStream, errors: &Errors) -> Self {
        let mut args = Self::default();
        list::arguments(tokens, errors, |input| args.parse_one(input, errors));
        args
    }

    fn parse_one(&mut self, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
        let ahead = input.fork();
        if ahead.call(Ident::parse_any).is_ok() && ahead.peek(Token![=]) {
            return self.parse_key(input, errors);
        }
        self.event_was_tried = true;
        let start = input.span();
        if input.peek(Lit) {
            let name = input
                .parse::<LitStr>()
                .map_err(|_| syn::Error::new(start, EXPECTED))?;
            self.events.push(Event::Name(name));
        } else {
            let path = input
                .call(Path::parse_mod_style)
                .map_err(|_| syn::Error::new(start, EXPECTED))?;
            self.events.push(Event::Webhook(path));
        }
        Ok(())
    }

    fn parse_key(&mut self, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
        let ident = input.call(Ident::parse_any)?;
        let equals: Token![=] = input.parse()?;
        let name = names::without_raw_prefix(&ident);
        let Some((key, example)) = KEYS.into_iter().find(|(key, _)| *key == name) else {
            return Err(syn::Error::new_spanned(&ident, unknown(&name)));
        };
        let span = ident.span();
        let wrong =
            |_| syn::Error::new(equals.span, format!("`{key}` is written as in `{example}`"));
        let first = match key {
            "receiver" => {
                let value = input.parse().map_err(wrong)?;
                self.receiver.replace((span, value)).map(|(first, _)| first)
            }
            "state" => {
                let value = input.parse().map_err(wrong)?;
                self.state.replace((span, value)).map(|(first, _)| first)
            }
            _ => {
                let value = input.call(Path::parse_mod_style).map_err(wrong)?;
                self.root.replace((span, value)).map(|(first, _)| first)
            }
        };
        if let Some(first) = first {
            errors.push_twice_at(&format!("`{key}` is given"), first, span, "remove one");
        }
        Ok(())
    }
}

fn unknown(name: &str) -> String {
    match KEYS.into_iter().find(|(key, _)| is_near(name, key)) {
        Some((_, example)) => format!("unknown argument `{name}`; did you mean `{example}`?"),
        None => {
            format!("unknown argument `{name}`; expected events, `receiver`, `state` or `crate`")
        }
    }
}
