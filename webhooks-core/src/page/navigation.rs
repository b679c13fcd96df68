//! The contents of the page: webhooks by tag, then the sections of the whole document.
//!
//! On narrow screens all of it is closed; wide ones show it through the style sheet.
//! With many webhooks the groups are closed, so that 500 events do not bury the tags. A browser's search
//! opens them.

use super::{
    addresses::Addresses,
    html::Html,
    link, operation,
    page_index::{PageIndex, Tag},
    routes, signature, terms,
};

/// Up to this many webhooks every group is open.
pub(super) const OPEN: usize = 60;

/// Which sections the page has in addition to those of its webhooks.
pub(super) struct Sections {
    pub(super) terms: bool,
    pub(super) signatures: bool,
    pub(super) types: bool,
}

pub(super) fn write(
    html: &mut Html,
    index: &PageIndex<'_>,
    addresses: &Addresses<'_>,
    sections: &Sections,
) {
    html.raw("<nav id=\"index\" aria-label=\"Contents\" tabindex=\"0\">");
    html.raw("<details class=\"menu\"><summary>Contents</summary><ul><li><a")
        .attribute("href", addresses.index().unwrap_or("#top"))
        .raw(">Overview</a></li></ul>");
    for tag in &index.tags {
        // On the page of one webhook only its neighbours are listed.
        let is_near = addresses.own_webhook().is_none_or(|own| {
            let mut places = tag.own.iter().chain(&tag.further);
            places.any(|place| index.webhooks[*place].name == own)
        });
        if is_near {
            let open = addresses.own_webhook().is_some() || index.webhooks.len() <= OPEN;
            group(html, (index, tag), addresses, open);
        }
    }
    let mut once = Html::default();
    if sections.terms {
        section(&mut once, &addresses.section(terms::ID), "Delivery");
    }
    if sections.signatures {
        section(
            &mut once,
            &addresses.section(signature::ID),
            "Verifying requests",
        );
    }
    if !index.routes.is_empty() && !routes::are_described(index) {
        section(
            &mut once,
            &addresses.section(routes::ID),
            "Routes of this application",
        );
    }
    if sections.types {
        section(&mut once, "#types", "Types");
    }
    if !once.is_empty() {
        html.raw("<ul>").append(&once).raw("</ul>");
    }
    if !index.routes.is_empty() && routes::are_described(index) && addresses.own_webhook().is_none()
    {
        routes_group(html, index);
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

/// A link to a webhook's section or page.
pub(super) fn entry(
    html: &mut Html,
    index: &PageIndex<'_>,
    addresses: &Addresses<'_>,
    place: usize,
) {
    let webhook = &index.webhooks[place];
    let address = addresses.event(webhook.name).unwrap_or_default();
    html.raw("<a").attribute("href", &address);
    if addresses.own_webhook() == Some(webhook.name) {
        html.attribute("aria-current", "page");
    }
    html.raw(if webhook.is_deprecated() {
        " class=\"gone\">"
    } else {
        ">"
    })
    .name(webhook.name)
    .raw("</a>");
}

fn section(html: &mut Html, address: &str, title: &'static str) {
    html.raw("<li><a")
        .attribute("href", address)
        .raw(">")
        .raw(title)
        .raw("</a></li>");
}

fn group(
    html: &mut Html,
    (index, tag): (&PageIndex<'_>, &Tag<'_>),
    addresses: &Addresses<'_>,
    open: bool,
) {
    let count = tag.own.len() + tag.further.len();
    begin(html, title(index, tag), count, open);
    for place in tag.own.iter().chain(&tag.further) {
        html.raw("<li>");
        entry(html, index, addresses, *place);
        html.raw("</li>");
    }
    html.raw("</ul></details>");
}

fn routes_group(html: &mut Html, index: &PageIndex<'_>) {
    begin(html, "Routes", index.routes.len(), true);
    for route in &index.routes {
        html.raw("<li><a")
            .attribute("href", &format!("#{}", routes::anchor(route)))
            .raw(">");
        for method in &route.operation.methods {
            operation::method(html, method);
        }
        html.name(route.path).raw("</a></li>");
    }
    html.raw("</ul></details>");
}

fn begin(html: &mut Html, title: &str, count: usize, open: bool) {
    html.raw(if open {
        "<details class=\"group\" open>"
    } else {
        "<details class=\"group\">"
    });
    html.raw("<summary>")
        .name(title)
        .raw(" <span>")
        .text(&count.to_string())
        .raw("</span></summary><ul>");
}
