//! Rules for what a webhook's documentation says.

use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue, Token, Type, punctuated::Punctuated};

use super::argument::Arguments;
use super::declaration::Declaration;
use super::{rules, type_syntax};
use crate::args::{Key, Member, Response, SharedArgs, Status, Text, WebhookArgs};
use crate::docs::Docs;
use crate::errors::Errors;
use crate::model::{Deprecation, Descriptor, EventName, Format, Role};
use crate::names::Method;

/// What was checked before: the parts of a descriptor that are not texts.
pub(super) struct Facts<'a> {
    pub(super) name: EventName,
    pub(super) methods: Vec<Method>,
    pub(super) arguments: &'a Arguments,
    pub(super) response: Option<Type>,
}

/// Checks what is said, and joins it with what the view says.
pub(super) fn check(declaration: Declaration<'_>, facts: Facts<'_>, errors: &Errors) -> Descriptor {
    let (args, item) = (declaration.args, declaration.item);
    let view = declaration.view.map(|view| &view.shared);
    keep_rules(args, &facts, errors);
    let format = args.content_type.as_ref().map(rules::format).transpose();
    let format = format.unwrap_or_else(|rule| {
        errors.push(&args.content_type, rule);
        None
    });
    let from_rust = item
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("deprecated"))
        .map(|attr| deprecation(&attr.meta));
    let deprecated = args.shared.deprecated || view.is_some_and(|view| view.deprecated);
    let status = args
        .status
        .as_ref()
        .map(|status| status.text.clone())
        .filter(|status| status != "2XX");
    let view_prefix = declaration.view.and_then(|view| view.prefix.as_ref());
    let responses = responses(&args.shared.responses, view, args.status.as_ref());
    Descriptor {
        name: facts.name,
        is_prefixed: view_prefix.is_some(),
        methods: facts.methods,
        format: format.unwrap_or(Format::Json(None)),
        docs: Docs::of(&item.attrs),
        payload_docs: facts.arguments.payload_docs.clone(),
        summary: args.shared.summary.clone(),
        description: args.shared.description.clone(),
        view_summary: view.and_then(|view| view.summary.clone()),
        view_description: view.and_then(|view| view.description.clone()),
        tags: tags(&args.shared.tags, view),
        operation_id: args.operation_id.clone(),
        deprecation: from_rust.or(deprecated.then(Deprecation::default)),
        replaced_by: args.replaced_by.clone(),
        security: args
            .shared
            .security
            .clone()
            .or_else(|| view.and_then(|view| view.security.clone())),
        response: facts.response,
        responses,
        response_description: args.response_description.clone(),
        status,
        external_docs: args.external_docs.clone(),
        examples: args.examples.clone(),
        extensions: args.extensions.clone(),
        extra: args.extra.clone(),
        callbacks: args.callbacks.clone(),
        optional_headers: args.optional_headers.clone(),
        include_in_schema: args
            .shared
            .include_in_schema
            .or_else(|| view.and_then(|view| view.include_in_schema))
            .unwrap_or(true),
    }
}

/// Every rule for what a webhook says of itself.
fn keep_rules(args: &WebhookArgs, facts: &Facts<'_>, errors: &Errors) {
    texts(args, errors);
    lists(args, errors);
    shared(&args.shared, errors);
    replacement(args, &facts.name, errors);
    success(args.status.as_ref(), facts.response.as_ref(), errors);
    further(&args.shared.responses, args.status.as_ref(), errors);
    payload(args, facts.arguments, errors);
}

/// Rules for what webhooks and views can both say.
pub(super) fn shared(args: &SharedArgs, errors: &Errors) {
    rules::not_empty("summary", args.summary.as_ref(), errors);
    rules::not_empty("description", args.description.as_ref(), errors);
    rules::distinct("the tag", &args.tags, errors);
    for security in args.security.iter().flatten() {
        rules::distinct("the security scheme", [&security.scheme], errors);
        rules::distinct("the scope", &security.scopes, errors);
    }
}

fn lists(args: &WebhookArgs, errors: &Errors) {
    rules::distinct(
        "the example",
        args.examples.iter().map(|example| &example.name),
        errors,
    );
    rules::distinct("the extension", names_of(&args.extensions), errors);
    rules::distinct("the member", names_of(&args.extra), errors);
    let headers = args.optional_headers.iter().map(|header| &header.name);
    rules::distinct("the header", headers, errors);
    for extension in &args.extensions {
        let name = extension.name.value();
        if !name.is_empty() && name.strip_prefix("x-").is_none_or(str::is_empty) {
            errors.push(
                &extension.name,
                format!(
                    "the name of an extension begins with `x-`: `\"x-{}\"`; other members of the operation are `extra`",
                    name.trim_start_matches("x-")
                ),
            );
        }
    }
    for member in &args.extra {
        let name = member.name.value();
        if rules::OPERATION_MEMBERS.contains(&name.as_str()) {
            errors.push(
                &member.name,
                format!("`{name}` of an operation has an argument of its own; use that"),
            );
        } else if name.starts_with("x-") {
            errors.push(
                &member.name,
                "members that begin with `x-` are `extensions`",
            );
        }
    }
    // Several of one name are one callback to several places.
    for callback in &args.callbacks {
        rules::distinct("the callback", [&callback.name], errors);
        if callback.expression.value().trim().is_empty() {
            errors.push(
                &callback.expression,
                "a callback goes to a URL, as in `{$request.body#/url}`",
            );
        }
    }
    for header in &args.optional_headers {
        if let Err(rule) = rules::sender_header(&header.name.value()) {
            errors.push(&header.name, rule);
        }
        rules::not_empty(
            "optional_headers",
            Some(&Text::Literal(header.description.clone())),
            errors,
        );
    }
}

fn names_of(members: &[Member]) -> impl Iterator<Item = &LitStr> {
    members.iter().map(|member| &member.name)
}

fn texts(args: &WebhookArgs, errors: &Errors) {
    rules::not_empty("operation_id", args.operation_id.as_ref(), errors);
    rules::not_empty(
        "response_description",
        args.response_description.as_ref(),
        errors,
    );
    if let Some(docs) = &args.external_docs {
        let texts = [Some(&docs.url), docs.description.as_ref()];
        for text in texts.into_iter().flatten() {
            let text = Text::Literal(text.clone());
            rules::not_empty("external_docs", Some(&text), errors);
        }
    }
}

fn replacement(args: &WebhookArgs, name: &EventName, errors: &Errors) {
    let Some(Text::Literal(replacement)) = &args.replaced_by else {
        return;
    };
    if let Err(rule) = rules::event_name(&replacement.value(), args.any_name) {
        errors.push(replacement, rule);
    } else if matches!(name, EventName::Literal(name) if name.value() == replacement.value()) {
        errors.push(
            replacement,
            "a webhook cannot replace itself; name the event that takes its place",
        );
    }
}

fn success(status: Option<&Status>, response: Option<&Type>, errors: &Errors) {
    let Some(status) = status else {
        return;
    };
    if !(rules::is_status(&status.text) && status.text.starts_with('2')) {
        errors.push_at(
            status.span,
            "`status` is what the sender takes for success: 200 to 299, or `\"2XX\"`; describe others with `responses`",
        );
    } else if let Some(body) = response.filter(|_| rules::is_bodiless_status(&status.text)) {
        let text = &status.text;
        errors.push(
            body,
            format!("a response with the status {text} has no body; remove the return type or take another status"),
        );
    }
}

/// Rules for the responses other than that of success.
pub(super) fn further(responses: &[Response], success: Option<&Status>, errors: &Errors) {
    let success = success.map_or("2XX", |status| status.text.as_str());
    let mut seen: Vec<&Status> = Vec::new();
    for Response {
        status,
        description,
        body,
    } in responses
    {
        let text = status.text.as_str();
        if !rules::is_status(text) && text != "default" {
            errors.push_at(
                status.span,
                format!("`{text}` is not a status; write a number from 100 to 599, a range such as `\"4XX\"`, or `\"default\"`"),
            );
        } else if text == success {
            let advice = "is the status of success; describe it with `response_description` and its body with the return type";
            errors.push_at(status.span, format!("`{text}` {advice}"));
        } else if let Some(first) = seen.iter().find(|seen| seen.text == text) {
            let what = format!("the status `{text}` is listed");
            errors.push_twice_at(&what, first.span, status.span, "remove one");
        }
        seen.push(status);
        if description.value().trim().is_empty() {
            errors.push(
                description,
                "a response needs a description; say what the sender does then",
            );
        }
        if let Some(body) = body {
            type_syntax::check(body, errors);
            if rules::is_bodiless_status(text) {
                errors.push(
                    body,
                    format!("a response with the status {text} has no body; remove the type"),
                );
            }
        }
    }
}

/// The webhook's own responses, then those of the view for other statuses.
fn responses(
    own: &[Response],
    view: Option<&SharedArgs>,
    success: Option<&Status>,
) -> Vec<Response> {
    let mut responses = own.to_vec();
    let success = success.map_or("2XX", |status| status.text.as_str());
    for response in view.into_iter().flat_map(|view| &view.responses) {
        let status = &response.status.text;
        if status != success && !own.iter().any(|own| own.status.text == *status) {
            responses.push(response.clone());
        }
    }
    responses
}

/// What describes a payload needs one.
fn payload(args: &WebhookArgs, arguments: &Arguments, errors: &Errors) {
    let has_payload = arguments
        .list
        .iter()
        .any(|argument| matches!(argument.role, Role::Payload));
    if has_payload {
        return;
    }
    for key in [Key::ContentType, Key::Examples] {
        if let Some(place) = args.shared.place_of(key) {
            let name = key.name();
            let advice = "describes a payload, and this webhook has none; add an argument, as in `data: Payment`";
            errors.push_at(place, format!("`{name}` {advice}"));
        }
    }
}

fn tags(own: &[LitStr], view: Option<&SharedArgs>) -> Vec<LitStr> {
    let mut tags: Vec<LitStr> = view.map(|view| view.tags.clone()).unwrap_or_default();
    for tag in own {
        if !tags.iter().any(|other| other.value() == tag.value()) {
            tags.push(tag.clone());
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
