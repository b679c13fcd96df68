//! The index of the page: webhooks by tag, then the sections of the whole document.
//!
//! On narrow screens the whole index is closed; wide ones show it through the style sheet.
//! With many webhooks the groups are closed, so that 500 events do not bury the tags. A browser's search
//! opens them.

use super::{
    html::Html,
    link,
    page_index::{PageIndex, Tag},
    signature::Signatures,
};

/// Up to this many webhooks every group is open.
pub(super) const OPEN: usize = 60;

/// Which sections the page has in addition to those of its webhooks.
pub(super) struct Sections {
    pub(super) signatures: bool,
    pub(super) types: bool,
}

pub(super) fn write(html: &mut Html, index: &PageIndex<'_>, sections: &Sections) {
    html.raw("<nav id=\"index\" aria-label=\"Contents\">");
    html.raw(
        "<details class=\"menu\"><summary>Contents</summary><ul><li><a href=\"#top\">Overview</a></li></ul>",
    );
    for tag in &index.tags {
        group(html, index, tag, index.webhooks.len() <= OPEN);
    }
    let mut once = Html::default();
    if sections.signatures {
        once.raw("<li>");
        Signatures::write_entry(&mut once);
        once.raw("</li>");
    }
    if !index.routes.is_empty() {
        once.raw("<li><a href=\"#routes\">Routes of this application</a></li>");
    }
    if sections.types {
        once.raw("<li><a href=\"#types\">Types</a></li>");
    }
    if !once.is_empty() {
        html.raw("<ul>").append(&once).raw("</ul>");
    }
    html.raw("</details></nav>");
}

/// The id of a tag's section.
pub(super) fn anchor(tag: &Tag<'_>) -> String {
    tag.name
        .map_or_else(|| "untagged".to_owned(), |name| link::anchor("tag", name))
}

/// What a tag is called on the page.
pub(super) fn title<'a>(index: &PageIndex<'a>, tag: &Tag<'a>) -> &'a str {
    tag.name.unwrap_or(if index.tags.len() == 1 {
        "Webhooks"
    } else {
        "Other webhooks"
    })
}

/// A link to a webhook's section.
pub(super) fn entry(html: &mut Html, index: &PageIndex<'_>, place: usize) {
    let webhook = &index.webhooks[place];
    html.raw("<a")
        .attribute("href", &format!("#{}", link::anchor("event", webhook.name)));
    html.raw(if webhook.is_deprecated() {
        " class=\"gone\">"
    } else {
        ">"
    })
    .text(webhook.name)
    .raw("</a>");
}

fn group(html: &mut Html, index: &PageIndex<'_>, tag: &Tag<'_>, open: bool) {
    html.raw(if open {
        "<details class=\"group\" open>"
    } else {
        "<details class=\"group\">"
    });
    let count = tag.own.len() + tag.further.len();
    html.raw("<summary>")
        .text(title(index, tag))
        .raw(" <span>")
        .text(&count.to_string())
        .raw("</span></summary><ul>");
    for place in tag.own.iter().chain(&tag.further) {
        html.raw("<li>");
        entry(html, index, *place);
        html.raw("</li>");
    }
    html.raw("</ul></details>");
}
