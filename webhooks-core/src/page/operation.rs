//! One webhook: its name, methods, texts, payload, parameters and the answers its sender expects.

use serde_json::Value;

use super::{
    body::{self, Role},
    html::Html,
    link, markdown,
    page_index::{Operation, Webhook},
    parameters,
    schema::text,
    signature,
    type_uses::TypeUses,
};

/// Up to this many bytes a summary is on the line of the method.
const SHORT: usize = 200;

/// The tags of headings on one level.
type Heading = (&'static str, &'static str);
const H4: Heading = ("<h4>", "</h4>");
const H5: Heading = ("<h5>", "</h5>");

/// Writes the section of a webhook. `known` answers whether a name is that of another webhook on the page.
pub(super) fn write<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    webhook: &Webhook<'a>,
    known: impl Fn(&str) -> bool,
) {
    let id = link::anchor("event", webhook.name);
    html.raw("<article class=\"event\"")
        .attribute("id", &id)
        .attribute("aria-labelledby", &format!("{id}~"));
    html.raw("><h3")
        .attribute("id", &format!("{id}~"))
        .raw("><a")
        .attribute("href", &format!("#{id}"))
        .raw(">");
    html.code(webhook.name).raw("</a></h3>");
    match &webhook.operations[..] {
        [] => {
            html.raw("<p>The document describes no operation for this event.</p>");
        }
        [only] => operation(html, uses, only, &known, H4),
        several => {
            for one in several {
                operation(html, uses, one, &known, H5);
            }
        }
    }
    html.raw("</article>");
}

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

fn operation<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    operation: &Operation<'a>,
    known: impl Fn(&str) -> bool,
    heading: Heading,
) {
    summary(html, operation, heading);
    replacement(html, operation, known);
    if let Some(description) = operation.text("description") {
        markdown::block(html, description, if heading == H4 { 3 } else { 4 });
    }
    if let Some(docs) = operation
        .members
        .get("externalDocs")
        .and_then(Value::as_object)
    {
        html.raw("<p>");
        let address = text(docs, "url").unwrap_or_default();
        link::write(html, address, text(docs, "description").unwrap_or(address));
        html.raw("</p>");
    }
    request(html, uses, operation, heading);
    parameters::write(html, uses, &operation.parameters, heading);
    signature::write_link(html, uses.resolver, operation);
    responses(html, uses, operation, heading);
}

/// Methods, deprecation and summary: a heading where the webhook has further operations.
fn summary(html: &mut Html, operation: &Operation<'_>, heading: Heading) {
    let alone = heading == H4;
    html.raw(if alone {
        "<p class=\"summary\">"
    } else {
        "<h4 class=\"summary\">"
    });
    for name in &operation.methods {
        method(html, name);
    }
    if operation.is_deprecated() {
        html.raw("<b class=\"old\">deprecated</b> ");
    }
    let summary = operation.text("summary");
    let (short, long) = summary.map_or((None, None), |text| {
        if text.len() <= SHORT {
            (Some(text), None)
        } else {
            (None, Some(text))
        }
    });
    if let Some(text) = short {
        markdown::inline(html, text);
    }
    html.raw(if alone { "</p>" } else { "</h4>" });
    // Some documents have their whole description here.
    if let Some(text) = long {
        markdown::block(html, text, if alone { 3 } else { 4 });
    }
}

/// What to use instead: the extension `x-replaced-by` names an event.
fn replacement(html: &mut Html, operation: &Operation<'_>, known: impl Fn(&str) -> bool) {
    let Some(name) = operation.text("x-replaced-by") else {
        return;
    };
    html.raw("<p class=\"note\">Use ");
    if known(name) {
        html.raw("<a")
            .attribute("href", &format!("#{}", link::anchor("event", name)))
            .raw(">");
        html.code(name).raw("</a>");
    } else {
        html.code(name);
    }
    html.raw(" instead.</p>");
}

fn request<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    operation: &Operation<'a>,
    heading: Heading,
) {
    let body = operation
        .members
        .get("requestBody")
        .and_then(|body| uses.resolver.object(body));
    let Some((body, content)) = body.and_then(|body| Some((body, body.get("content")?))) else {
        return;
    };
    html.raw(heading.0).raw("Payload").raw(heading.1);
    if let Some(description) = text(body, "description") {
        markdown::block(html, description, 6);
    }
    if body.get("required") != Some(&Value::Bool(true)) {
        html.raw("<p>The body may be missing.</p>");
    }
    body::write(html, uses, content, Role::Payload);
}

fn responses<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    operation: &Operation<'a>,
    heading: Heading,
) {
    let responses = operation
        .members
        .get("responses")
        .and_then(Value::as_object);
    let Some(responses) = responses.filter(|responses| !responses.is_empty()) else {
        return;
    };
    html.raw(heading.0).raw("Expected responses").raw(heading.1);
    html.raw("<dl class=\"responses\">");
    for (status, response) in responses {
        if status.starts_with("x-") {
            continue;
        }
        html.raw("<div><dt>").code(status).raw("</dt><dd>");
        let response = uses.resolver.object(response);
        if let Some(description) = response.and_then(|response| text(response, "description")) {
            markdown::block(html, description, 6);
        }
        if let Some(headers) = response.and_then(|response| response.get("headers")) {
            parameters::write_headers(html, uses, headers);
        }
        if let Some(content) = response.and_then(|response| response.get("content")) {
            body::write(html, uses, content, Role::Response);
        }
        html.raw("</dd></div>");
    }
    html.raw("</dl>");
}
