//! The webhooks by tag: in full, or as a list of links where each has a page of its own.

use super::{
    addresses::Addresses,
    html::Html,
    markdown, navigation, operation,
    page_index::{PageIndex, Tag, Webhook},
    type_uses::TypeUses,
    webhook,
};

/// Of a longer summary, the list shows the beginning.
const SUMMARY: usize = 160;

/// Writes a section for each tag.
pub(super) fn write<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    index: &PageIndex<'a>,
    addresses: &Addresses<'_>,
) {
    if index.webhooks.is_empty() {
        html.raw("<section><h2>Webhooks</h2><p>This document declares no webhooks.</p></section>");
    }
    for tag in &index.tags {
        begin(html, index, tag);
        if let Some(text) = tag.description {
            operation::description(html, uses, text, 2);
        }
        if addresses.is_index() {
            list(html, (index, tag), addresses);
        } else {
            also(html, (index, tag), addresses);
            for place in &tag.own {
                webhook::write(html, uses, &index.webhooks[*place], addresses);
            }
        }
        html.raw("</section>");
    }
}

/// Writes the section of one webhook alone, under its tag.
pub(super) fn write_one<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    index: &PageIndex<'a>,
    addresses: &Addresses<'_>,
    name: &str,
) {
    let is_own = |place: &&usize| index.webhooks[**place].name == name;
    let found = index
        .tags
        .iter()
        .find_map(|tag| Some((tag, tag.own.iter().find(is_own)?)));
    if let Some((tag, place)) = found {
        begin(html, index, tag);
        webhook::write(html, uses, &index.webhooks[*place], addresses);
        html.raw("</section>");
    }
}

fn begin(html: &mut Html, index: &PageIndex<'_>, tag: &Tag<'_>) {
    html.raw("<section class=\"tag\"")
        .attribute("id", &navigation::anchor(tag))
        .raw("><h2>");
    html.name(navigation::title(index, tag)).raw("</h2>");
}

/// Links to the webhooks of a tag whose sections are elsewhere.
fn also(html: &mut Html, (index, tag): (&PageIndex<'_>, &Tag<'_>), addresses: &Addresses<'_>) {
    if tag.further.is_empty() {
        return;
    }
    html.raw("<p>Also: ");
    for (order, place) in tag.further.iter().enumerate() {
        html.raw(if order > 0 { ", " } else { "" });
        navigation::entry(html, index, addresses, *place);
    }
    html.raw("</p>");
}

fn list(html: &mut Html, (index, tag): (&PageIndex<'_>, &Tag<'_>), addresses: &Addresses<'_>) {
    html.raw("<table class=\"events\"><thead><tr><th scope=\"col\">Event</th>");
    html.raw("<th scope=\"col\">Summary</th></tr></thead><tbody>");
    for place in tag.own.iter().chain(&tag.further) {
        html.raw("<tr class=\"event\"><th scope=\"row\"><code>");
        navigation::entry(html, index, addresses, *place);
        html.raw("</code></th><td class=\"summary\">");
        summary(html, &index.webhooks[*place]);
        html.raw("</td></tr>");
    }
    html.raw("</tbody></table>");
}

fn summary(html: &mut Html, webhook: &Webhook<'_>) {
    for operation in &webhook.operations {
        for method in &operation.methods {
            operation::method(html, method);
        }
    }
    let first = webhook.operations.first();
    let summary = first.and_then(|one| one.text("summary"));
    let said = summary.filter(|text| !webhook::repeats(text, webhook.name));
    let described = || first?.text("description");
    if let Some(text) = said.or_else(described) {
        html.text(&markdown::beginning(text, SUMMARY));
    }
}
