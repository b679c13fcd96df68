//! What a webhook and a route have in common: texts, parameters, body, answers.

use serde_json::{Map, Value};

use super::{
    body::{self, Role},
    heading::{Direction, Heading},
    html::Html,
    link, markdown,
    page_index::Operation,
    parameters,
    schema::text,
    type_uses::TypeUses,
};

/// A method as a badge.
pub(super) fn method(html: &mut Html, method: &str) {
    html.raw(match method.to_ascii_lowercase().as_str() {
        "post" => "<span class=\"method post\">",
        "put" | "patch" => "<span class=\"method put\">",
        "delete" => "<span class=\"method delete\">",
        _ => "<span class=\"method get\">",
    });
    html.text(&method.to_uppercase()).raw("</span> ");
}

/// A text of the document, unless the page has shown all that it may.
pub(super) fn description(html: &mut Html, uses: &mut TypeUses<'_>, text: &str, parent: u8) {
    if !uses.is_exhausted() {
        uses.spend_text(text);
        markdown::block(html, text, parent);
    }
}

/// Documentation elsewhere.
pub(super) fn external_docs(html: &mut Html, operation: &Operation<'_>) {
    let docs = operation
        .members
        .get("externalDocs")
        .and_then(Value::as_object);
    if let Some(docs) = docs {
        html.raw("<p>");
        let address = text(docs, "url").unwrap_or_default();
        link::write(html, address, text(docs, "description").unwrap_or(address));
        html.raw("</p>");
    }
}

/// The body of the request and its parameters.
pub(super) fn request<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    operation: &Operation<'a>,
    heading: Heading,
    direction: Direction,
) {
    let body = operation
        .members
        .get("requestBody")
        .and_then(|body| uses.resolver.object(body));
    if let Some((body, content)) = body.and_then(|body| Some((body, body.get("content")?))) {
        let (title, role, optional) = match direction {
            Direction::ToReader => ("Payload", Role::Payload, "<p>The body may be missing.</p>"),
            Direction::FromReader => ("Body", Role::Request, "<p>The body can be left out.</p>"),
        };
        html.raw(heading.open).raw(title).raw(heading.close);
        if let Some(text) = text(body, "description") {
            description(html, uses, text, 6);
        }
        if body.get("required") != Some(&Value::Bool(true)) {
            html.raw(optional);
        }
        body::write(html, uses, content, role);
    }
    parameters::write(html, uses, &operation.parameters, heading, direction);
}

/// The answers: those that are expected from the reader, or those that the reader gets.
pub(super) fn responses<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    operation: &Operation<'a>,
    heading: Heading,
    direction: Direction,
) {
    let responses = operation
        .members
        .get("responses")
        .and_then(Value::as_object);
    let Some(responses) = responses.filter(|responses| !responses.is_empty()) else {
        return;
    };
    let mut responses: Vec<_> = responses
        .iter()
        .filter(|(status, _)| !status.starts_with("x-"))
        .collect();
    responses.sort_by_key(|(status, _)| (rank(status), status.as_str()));
    let (title, role) = match direction {
        Direction::ToReader => ("Expected responses", Role::Response),
        Direction::FromReader => ("Answers", Role::Answer),
    };
    html.raw(heading.open).raw(title).raw(heading.close);
    html.raw("<dl class=\"responses\">");
    for (status, response) in responses {
        html.raw("<div><dt>").code(status).raw("</dt><dd>");
        if let Some(response) = uses.resolver.object(response) {
            one_response(html, uses, response, role);
        }
        html.raw("</dd></div>");
    }
    html.raw("</dl>");
}

/// What a reader looks for first is what happens when all is well.
fn rank(status: &str) -> u8 {
    match status.as_bytes().first() {
        Some(b'2') => 0,
        Some(b'0'..=b'9') => 1,
        _ => 2,
    }
}

fn one_response<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    response: &'a Map<String, Value>,
    role: Role,
) {
    if let Some(text) = text(response, "description") {
        description(html, uses, text, 6);
    }
    if let Some(headers) = response.get("headers") {
        parameters::write_headers(html, uses, headers);
    }
    if let Some(content) = response.get("content") {
        body::write(html, uses, content, role);
    }
}
