//! Rules for what a webhook's documentation says.

use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue, Token, Type, punctuated::Punctuated};

use super::argument::Arguments;
use super::text;
use crate::args::{Args, Key, Response, Status, Text};
use crate::docs::Docs;
use crate::errors::Errors;
use crate::item::Function;
use crate::model::{Deprecation, Descriptor, EventName, Format, Role};
use crate::names::Method;

/// Checks the details and joins them with those of the view.
#[allow(
    clippy::too_many_arguments,
    reason = "the parts of one declaration, each checked before"
)]
pub(super) fn check(
    args: Args,
    item: &Function,
    view: Option<&Args>,
    name: EventName,
    methods: Vec<Method>,
    arguments: &Arguments,
    response: Option<Type>,
    errors: &mut Errors,
) -> Descriptor {
    texts(&args, errors);
    lists(&args, errors);
    replacement(&args, &name, errors);
    responses(&args.responses, args.status.as_ref(), errors);
    let has_payload = arguments
        .list
        .iter()
        .any(|argument| matches!(argument.role, Role::Payload));
    payload(&args, has_payload, errors);
    let format = args.content_type.as_ref().map(text::format).transpose();
    let format = format.unwrap_or_else(|rule| {
        errors.push(&args.content_type, rule);
        None
    });
    let deprecated = args.deprecated || view.is_some_and(|view| view.deprecated);
    let from_rust = item
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("deprecated"));
    let status = args
        .status
        .as_ref()
        .map(|status| status.text.clone())
        .filter(|status| status != "2XX");
    Descriptor {
        name,
        is_prefixed: view.is_some_and(|view| view.prefix.is_some()),
        methods,
        format: format.unwrap_or(Format::Json(None)),
        docs: Docs::of(&item.attrs),
        payload_docs: arguments.payload_docs.clone(),
        summary: args.summary,
        description: args.description,
        tags: tags(args.tags, view),
        operation_id: args.operation_id,
        deprecation: from_rust
            .map(|attr| deprecation(&attr.meta))
            .or(deprecated.then(Deprecation::default)),
        replaced_by: args.replaced_by,
        security: args
            .security
            .or_else(|| view.and_then(|view| view.security.clone())),
        response,
        responses: args.responses,
        response_description: args.response_description,
        status,
        external_docs: args.external_docs,
        examples: args.examples,
        extensions: args.extensions,
        include_in_schema: args
            .include_in_schema
            .or_else(|| view.and_then(|view| view.include_in_schema))
            .unwrap_or(true),
    }
}

/// Rules that webhooks and views share.
pub(super) fn lists(args: &Args, errors: &mut Errors) {
    text::distinct("the tag", &args.tags, errors);
    for security in args.security.iter().flatten() {
        text::distinct("the security scheme", [&security.scheme], errors);
        text::distinct("the scope", &security.scopes, errors);
    }
    text::distinct(
        "the example",
        args.examples.iter().map(|example| &example.name),
        errors,
    );
    text::distinct(
        "the extension",
        args.extensions.iter().map(|extension| &extension.name),
        errors,
    );
    for extension in &args.extensions {
        let name = extension.name.value();
        if !name.is_empty() && name.strip_prefix("x-").is_none_or(str::is_empty) {
            errors.push(
                &extension.name,
                format!(
                    "the name of an extension begins with `x-`: `\"x-{}\"`",
                    name.trim_start_matches("x-")
                ),
            );
        }
    }
}

fn texts(args: &Args, errors: &mut Errors) {
    text::not_empty("summary", args.summary.as_ref(), errors);
    text::not_empty("description", args.description.as_ref(), errors);
    text::not_empty("operation_id", args.operation_id.as_ref(), errors);
    text::not_empty(
        "response_description",
        args.response_description.as_ref(),
        errors,
    );
    if let Some(docs) = &args.external_docs {
        text::not_empty(
            "external_docs",
            Some(&Text::Literal(docs.url.clone())),
            errors,
        );
        text::not_empty(
            "external_docs",
            docs.description.clone().map(Text::Literal).as_ref(),
            errors,
        );
    }
}

fn replacement(args: &Args, name: &EventName, errors: &mut Errors) {
    let Some(Text::Literal(replacement)) = &args.replaced_by else {
        return;
    };
    if let Err(rule) = text::event_name(&replacement.value()) {
        errors.push(replacement, rule);
    } else if matches!(name, EventName::Literal(name) if name.value() == replacement.value()) {
        errors.push(
            replacement,
            "a webhook cannot replace itself; name the event that takes its place",
        );
    }
}

fn responses(responses: &[Response], success: Option<&Status>, errors: &mut Errors) {
    if let Some(status) = success
        && !(text::is_status(&status.text) && status.text.starts_with('2'))
    {
        errors.push_at(
            status.span,
            "`status` is what the sender takes for success: 200 to 299, or `\"2XX\"`; describe others with `responses`",
        );
    }
    let success = success.map_or("2XX", |status| status.text.as_str());
    let mut seen: Vec<&Status> = Vec::new();
    for Response {
        status,
        description,
        body,
    } in responses
    {
        let text = status.text.as_str();
        if !text::is_status(text) && text != "default" {
            errors.push_at(
                status.span,
                format!("`{text}` is no status; write a number from 100 to 599, a range such as `\"4XX\"`, or `\"default\"`"),
            );
        } else if text == success {
            let advice = "is the status of success; describe it with `response_description` and its body with the return type";
            errors.push_at(status.span, format!("`{text}` {advice}"));
        } else if let Some(first) = seen.iter().find(|seen| seen.text == text) {
            errors.push_at(
                status.span,
                format!("the status `{text}` is listed twice; remove one"),
            );
            errors.push_at(first.span, "first here");
        }
        seen.push(status);
        if description.value().trim().is_empty() {
            errors.push(
                description,
                "a response needs a description; say what the sender does then",
            );
        }
        if let Some(body) = body {
            super::shape::check(body, errors);
        }
    }
}

fn payload(args: &Args, has_payload: bool, errors: &mut Errors) {
    if has_payload {
        return;
    }
    for key in [Key::ContentType, Key::Examples] {
        if let Some(place) = args.place_of(key) {
            let name = key.name();
            let advice = "describes a payload, and this webhook has none; add an argument, as in `data: Payment`";
            errors.push_at(place, format!("`{name}` {advice}"));
        }
    }
}

fn tags(own: Vec<LitStr>, view: Option<&Args>) -> Vec<LitStr> {
    let mut tags: Vec<LitStr> = view.map(|view| view.tags.clone()).unwrap_or_default();
    for tag in own {
        if !tags.iter().any(|other| other.value() == tag.value()) {
            tags.push(tag);
        }
    }
    tags
}

/// Reads `#[deprecated]`; what is wrong with it the compiler says itself.
fn deprecation(meta: &Meta) -> Deprecation {
    let mut deprecation = Deprecation::default();
    match meta {
        Meta::Path(_) => {}
        Meta::NameValue(note) => deprecation.note = string(&note.value),
        Meta::List(list) => {
            let pairs =
                list.parse_args_with(Punctuated::<MetaNameValue, Token![,]>::parse_terminated);
            for pair in pairs.into_iter().flatten() {
                match pair.path.to_token_stream().to_string().as_str() {
                    "since" => deprecation.since = string(&pair.value),
                    "note" => deprecation.note = string(&pair.value),
                    _ => {}
                }
            }
        }
    }
    deprecation
}

fn string(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        _ => None,
    }
}
