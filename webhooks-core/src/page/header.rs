//! The head of a page, and its first section: title, version, description, links.

use serde_json::{Map, Value};

use super::{addresses::Addresses, html::Html, link, markdown, schema::text, settings::Page};

pub(super) fn head(html: &mut Html, page: &Page, title: &str) {
    html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .text(title)
        .raw("</title>");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.raw(
        "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">",
    );
    // An empty icon: without it browsers ask the host for /favicon.ico.
    html.raw("<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\"")
        .attribute("href", &page.style_url);
    html.raw(">");
    if let Some(script) = &page.script_url {
        html.raw("<script defer")
            .attribute("src", script)
            .raw("></script>");
    }
    html.raw("</head>");
}

/// The title of all pages of the document.
pub(super) fn title<'t>(document: &'t Value, page: &'t Page) -> &'t str {
    let info = document.get("info").and_then(Value::as_object);
    let own = || info.and_then(|info| text(info, "title"));
    page.title.as_deref().or_else(own).unwrap_or("Webhooks")
}

/// Writes the first section; on the page of one webhook, only the title and the way back.
pub(super) fn write(html: &mut Html, document: &Value, page: &Page, addresses: &Addresses<'_>) {
    html.raw(if addresses.index().is_some() {
        "<header class=\"short\"><h1>"
    } else {
        "<header><h1>"
    });
    html.text(title(document, page)).raw("</h1>");
    if let Some(index) = addresses.index() {
        html.raw("<p><a")
            .attribute("href", index)
            .raw(">All webhooks</a></p></header>");
        return;
    }
    let none = Map::new();
    let info = document
        .get("info")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    if let Some(version) = text(info, "version") {
        html.raw("<p class=\"version\">Version ")
            .text(version)
            .raw("</p>");
    }
    html.raw("<ul class=\"links\"><li><a")
        .attribute("href", &page.json_url)
        .raw(">OpenAPI document (JSON)</a></li>");
    if let Some(yaml) = &page.yaml_url {
        html.raw("<li><a")
            .attribute("href", yaml)
            .raw(">OpenAPI document (YAML)</a></li>");
    }
    for (label, address) in &page.links {
        html.raw("<li><a")
            .attribute("href", address)
            .raw(">")
            .text(label)
            .raw("</a></li>");
    }
    for (label, address) in further_links(document, info) {
        html.raw("<li>");
        link::write(html, &address, label);
        html.raw("</li>");
    }
    html.raw("</ul>");
    if let Some(summary) = text(info, "summary") {
        html.raw("<p class=\"lead\">").text(summary).raw("</p>");
    }
    if let Some(description) = text(info, "description") {
        markdown::block(html, description, 1);
    }
    html.raw("</header>");
}

/// Documentation elsewhere, terms, contact and licence, where the document names an address for them.
fn further_links<'a>(document: &'a Value, info: &'a Map<String, Value>) -> Vec<(&'a str, String)> {
    let object = |value: Option<&'a Value>| value.and_then(Value::as_object);
    let mut links = Vec::new();
    if let Some(docs) = object(document.get("externalDocs")) {
        let label = text(docs, "description").unwrap_or("Further documentation");
        links.extend(text(docs, "url").map(|url| (label, url.to_owned())));
    }
    links.extend(text(info, "termsOfService").map(|url| ("Terms of service", url.to_owned())));
    if let Some(contact) = object(info.get("contact")) {
        let mail = || text(contact, "email").map(|mail| format!("mailto:{mail}"));
        let address = text(contact, "url").map(str::to_owned).or_else(mail);
        links.extend(address.map(|url| (text(contact, "name").unwrap_or("Contact"), url)));
    }
    if let Some(license) = object(info.get("license")) {
        links.extend(
            text(license, "url")
                .map(|url| (text(license, "name").unwrap_or("License"), url.to_owned())),
        );
    }
    links
}
