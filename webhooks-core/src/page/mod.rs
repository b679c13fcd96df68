//! The built-in documentation page: an OpenAPI 3.1 document as one page of HTML.
//!
//! It needs no script, loads nothing from another host and works under a Content-Security-Policy that allows
//! neither inline styles nor inline scripts. The input may be anybody's document: whatever is missing,
//! dangling, cyclic or hostile in it, the page shows what is there and never fails.

use serde_json::{Map, Value};

use crate::openapi::Document;

mod body;
mod constraints;
mod example;
mod html;
mod link;
mod markdown;
mod navigation;
mod operation;
mod page_index;
mod parameters;
mod resolver;
mod rows;
mod schema;
mod schema_table;
mod signature;
#[cfg(test)]
mod tests;
mod type_phrase;
mod type_uses;
mod variant;

use html::Html;
use navigation::Sections;
use page_index::{PageIndex, Tag};
use rows::Walk;
use schema::text;
use schema_table::Caption;
use signature::Signatures;
use type_uses::TypeUses;

/// What the page needs to know in addition to the document. Addresses are relative to the page, so that it can be
/// nested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Instead of the document's own title.
    pub title: Option<String>,
    /// Where the document is served as JSON.
    pub json_url: String,
    /// Where it is served as YAML, if it is.
    pub yaml_url: Option<String>,
    /// Where [`STYLE`](Self::STYLE) is served.
    pub style_url: String,
    /// Where [`SCRIPT`](Self::SCRIPT) is served, if it is.
    pub script_url: Option<String>,
}

impl Page {
    /// The style sheet, to be served at [`style_url`](Self::style_url) as `text/css`.
    pub const STYLE: &str = concat!(
        include_str!("../web/assets/tokens.css"),
        include_str!("../web/assets/elements.css"),
        include_str!("assets/page.css")
    );

    /// A filter over the webhooks, to be served at [`script_url`](Self::script_url) as `text/javascript`. The page is
    /// complete without it.
    pub const SCRIPT: &str = include_str!("assets/page.js");
}

impl Default for Page {
    fn default() -> Self {
        Self {
            title: None,
            json_url: "openapi.json".to_owned(),
            yaml_url: None,
            style_url: "docs.css".to_owned(),
            script_url: None,
        }
    }
}

impl Document {
    /// The document as a page of HTML; [`Page::STYLE`] and [`Page::SCRIPT`] belong to it. `OpenApi::router` serves all of them.
    pub fn to_html(&self, page: &Page) -> String {
        render(&self.to_value(), page)
    }
}

/// The page of a document. The same document gives the same bytes.
pub(crate) fn render(document: &Value, page: &Page) -> String {
    let mut uses = TypeUses::new(document);
    let index = PageIndex::read(uses.resolver);
    let signatures = Signatures::of(uses.resolver, &index);
    let info = document.get("info").and_then(Value::as_object);
    let title = page
        .title
        .as_deref()
        .or_else(|| text(info?, "title"))
        .unwrap_or("Webhooks");

    let mut main = Html::default();
    header(&mut main, document, page, title);
    webhooks(&mut main, &mut uses, &index);
    if !signatures.is_empty() {
        signatures.write(&mut main);
    }
    routes(&mut main, &index);
    let types = types(&mut uses);
    let sections = Sections {
        signatures: !signatures.is_empty(),
        types: !types.is_empty(),
    };
    main.append(&types);

    let mut html = Html::default();
    head(&mut html, page, title);
    html.raw("<body id=\"top\"><a class=\"skip\" href=\"#main\">Skip to the content</a>");
    navigation::write(&mut html, &index, &sections);
    html.raw(if index.webhooks.len() > navigation::OPEN {
        "<main id=\"main\" class=\"many\" tabindex=\"-1\">"
    } else {
        "<main id=\"main\" tabindex=\"-1\">"
    });
    html.append(&main).raw("</main></body></html>\n");
    html.into_string()
}

fn head(html: &mut Html, page: &Page, title: &str) {
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

fn header(html: &mut Html, document: &Value, page: &Page, title: &str) {
    html.raw("<header><h1>").text(title).raw("</h1>");
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
    if let Some(summary) = text(info, "summary") {
        html.raw("<p class=\"lead\">").text(summary).raw("</p>");
    }
    if let Some(description) = text(info, "description") {
        markdown::block(html, description, 1);
    }
    html.raw("<ul class=\"links\"><li><a")
        .attribute("href", &page.json_url)
        .raw(">OpenAPI document (JSON)</a></li>");
    if let Some(yaml) = &page.yaml_url {
        html.raw("<li><a")
            .attribute("href", yaml)
            .raw(">OpenAPI document (YAML)</a></li>");
    }
    for (label, address) in further_links(document, info) {
        html.raw("<li>");
        link::write(html, &address, label);
        html.raw("</li>");
    }
    html.raw("</ul></header>");
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

fn webhooks<'a>(html: &mut Html, uses: &mut TypeUses<'a>, index: &PageIndex<'a>) {
    if index.webhooks.is_empty() {
        html.raw("<section><h2>Webhooks</h2><p>This document declares no webhooks.</p></section>");
    }
    let known = |name: &str| index.webhooks.iter().any(|webhook| webhook.name == name);
    for tag in &index.tags {
        html.raw("<section class=\"tag\"")
            .attribute("id", &navigation::anchor(tag))
            .raw("><h2>");
        html.text(navigation::title(index, tag)).raw("</h2>");
        if let Some(description) = tag.description {
            markdown::block(html, description, 2);
        }
        also(html, index, tag);
        for place in &tag.own {
            operation::write(html, uses, &index.webhooks[*place], known);
        }
        html.raw("</section>");
    }
}

/// Links to the webhooks of a tag whose sections are elsewhere.
fn also(html: &mut Html, index: &PageIndex<'_>, tag: &Tag<'_>) {
    if tag.further.is_empty() {
        return;
    }
    html.raw("<p>Also: ");
    for (order, place) in tag.further.iter().enumerate() {
        html.raw(if order > 0 { ", " } else { "" });
        navigation::entry(html, index, *place);
    }
    html.raw("</p>");
}

fn routes(html: &mut Html, index: &PageIndex<'_>) {
    if index.routes.is_empty() {
        return;
    }
    html.raw("<section id=\"routes\"><h2>Routes of this application</h2><table class=\"routes\">");
    html.raw("<caption>Routes, called by you</caption><thead><tr><th scope=\"col\">Method</th>");
    html.raw("<th scope=\"col\">Path</th><th scope=\"col\">Summary</th></tr></thead><tbody>");
    for route in &index.routes {
        html.raw("<tr><td>");
        operation::method(html, route.method);
        html.raw("</td><th scope=\"row\">").code(route.path);
        html.raw(if route.deprecated {
            " <b class=\"old\">deprecated</b></th><td>"
        } else {
            "</th><td>"
        });
        if let Some(summary) = route.summary {
            markdown::inline(html, summary);
        }
        html.raw("</td></tr>");
    }
    html.raw("</tbody></table></section>");
}

/// The types that something links to. Writing one may link to further ones, which then follow.
fn types(uses: &mut TypeUses<'_>) -> Html {
    let mut entries = Vec::new();
    while let Some(reference) = uses.linked(entries.len()) {
        let mut html = Html::default();
        one_type(&mut html, uses, reference);
        entries.push((resolver::name(reference), reference, html));
    }
    entries.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let mut html = Html::default();
    if !entries.is_empty() {
        html.raw("<section id=\"types\"><h2>Types</h2>");
        html.raw("<p>Types that several payloads share, and types that contain themselves.</p>");
        for (_, _, entry) in &entries {
            html.append(entry);
        }
        html.raw("</section>");
    }
    html
}

fn one_type<'a>(html: &mut Html, uses: &mut TypeUses<'a>, reference: &'a str) {
    let name = resolver::name(reference);
    html.raw("<section class=\"type\"")
        .attribute("id", &schema_table::anchor(reference))
        .raw("><h3>");
    html.code(&name).raw("</h3>");
    let Some(target) = uses.resolver.target(reference) else {
        html.raw("<p>The document does not describe this type.</p></section>");
        return;
    };
    let schema = schema::Schema::read(uses.resolver, target);
    if let Some(description) = schema.text("description") {
        markdown::block(html, description, 3);
    }
    let rows = Walk::new(uses).type_rows(reference, target);
    schema_table::write(
        html,
        uses,
        &Caption {
            before: "Fields of",
            code: Some(&name),
            first: "Field",
        },
        &rows,
    );
    html.raw("</section>");
}
