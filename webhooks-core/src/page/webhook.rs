//! One webhook: its name, methods, texts, payload, parameters, the answers its sender expects, and how to try it.

use super::{
    addresses::Addresses,
    heading::{Direction, H4, H5, Heading},
    html::Html,
    link, markdown, operation,
    page_index::{Operation, Webhook},
    sample::Sample,
    signature,
    type_uses::TypeUses,
};

/// Up to this many bytes a summary is on the line of the method.
const SHORT: usize = 200;

/// Writes the section of a webhook.
pub(super) fn write<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    webhook: &Webhook<'a>,
    addresses: &Addresses<'_>,
) {
    let id = link::anchor("event", webhook.name);
    html.raw("<article class=\"event\"")
        .attribute("id", &id)
        .attribute("aria-labelledby", &format!("{id}~"));
    html.raw("><h3").attribute("id", &format!("{id}~")).raw(">");
    if let [only] = &webhook.operations[..] {
        for name in &only.methods {
            operation::method(html, name);
        }
    }
    html.raw("<a")
        .attribute("href", &format!("#{id}"))
        .raw("><code>");
    html.name(webhook.name).raw("</code></a></h3>");
    if uses.is_exhausted() {
        html.raw("<p>The document describes this event; this page has no more room for it.</p></article>");
        return;
    }
    match &webhook.operations[..] {
        [] => {
            html.raw("<p>The document describes no operation for this event.</p>");
        }
        [only] => operation(html, uses, (webhook, only), addresses, H4),
        several => {
            for one in several {
                operation(html, uses, (webhook, one), addresses, H5);
            }
        }
    }
    html.raw("</article>");
}

fn operation<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    (webhook, operation): (&Webhook<'a>, &Operation<'a>),
    addresses: &Addresses<'_>,
    heading: Heading,
) {
    summary(html, (webhook, operation), heading);
    replacement(html, operation, addresses);
    let text = operation.text("description");
    if let Some(text) = text.filter(|text| !only_names(text, webhook, operation)) {
        operation::description(html, uses, text, heading.parent);
    }
    operation::external_docs(html, operation);
    operation::request(html, uses, operation, heading, Direction::ToReader);
    signature::write_link(html, uses.resolver, operation, addresses);
    operation::responses(html, uses, operation, heading, Direction::ToReader);
    if signature::is_standard(operation)
        && let Some(sample) = Sample::of(uses, webhook, operation)
    {
        html.raw("<details class=\"code\"><summary>Send this event to yourself with curl</summary><pre><code>");
        html.text(&sample.fresh()).raw("</code></pre></details>");
    }
}

/// Methods, deprecation and summary: a heading where the webhook has further operations.
fn summary(
    html: &mut Html,
    (webhook, operation): (&Webhook<'_>, &Operation<'_>),
    heading: Heading,
) {
    let summary = operation
        .text("summary")
        .filter(|text| !repeats(text, webhook.name));
    let (short, long) = match summary {
        Some(text) if text.len() <= SHORT => (Some(text), None),
        long => (None, long),
    };
    let (open, close, has_methods) = if heading == H4 {
        ("<p class=\"summary\">", "</p>", false)
    } else {
        ("<h4 class=\"summary\">", "</h4>", true)
    };
    if has_methods || operation.is_deprecated() || short.is_some() {
        html.raw(open);
        if has_methods {
            for name in &operation.methods {
                operation::method(html, name);
            }
        }
        if operation.is_deprecated() {
            html.raw("<b class=\"old\">deprecated</b> ");
        }
        if let Some(text) = short {
            markdown::inline(html, text);
        }
        html.raw(close);
    }
    // Some documents have their whole description here.
    if let Some(text) = long {
        markdown::block(html, text, heading.parent);
    }
}

/// Whether a summary says no more than the name above it: `Invoice Created` of `invoice.created`.
pub(super) fn repeats(summary: &str, name: &str) -> bool {
    words(summary).eq(words(name))
}

/// Whether a description says no more than the heading, and the summary says more.
fn only_names(description: &str, webhook: &Webhook<'_>, operation: &Operation<'_>) -> bool {
    let has_summary = operation
        .text("summary")
        .is_some_and(|text| !repeats(text, webhook.name));
    let is_default = description.trim() == format!("Sent for the event `{}`.", webhook.name);
    (has_summary && is_default) || operation.text("summary") == Some(description)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// What to use instead: the extension `x-replaced-by` names an event.
fn replacement(html: &mut Html, operation: &Operation<'_>, addresses: &Addresses<'_>) {
    let Some(name) = operation.text("x-replaced-by") else {
        return;
    };
    html.raw("<p class=\"note\">Use ");
    match addresses.event(name) {
        Some(address) => html
            .raw("<a")
            .attribute("href", &address)
            .raw(">")
            .code(name)
            .raw("</a>"),
        None => html.code(name),
    };
    html.raw(" instead.</p>");
}

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn a_summary_that_repeats_the_name_is_known() {
        assert!(repeats("Invoice Created", "invoice.created"));
        assert!(repeats("New event", "new-event"));
        assert!(!repeats("An invoice was created", "invoice.created"));
    }
}
