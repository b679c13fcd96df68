//! The built-in documentation page: an OpenAPI 3.1 document as HTML.
//!
//! It needs no script, loads nothing from another host and works under a Content-Security-Policy that allows
//! neither inline styles nor inline scripts. It is a reference for customers: how to subscribe, what arrives, how to
//! verify it, what happens when they do not answer.
//!
//! Any document can be shown, even a hostile one: where something in it is missing, dangling or cyclic, the page shows what
//! is there. Its size and the time it takes grow with the document; where a document would need more than a page can be,
//! the page says so.
//!
//! A document with more than a hundred webhooks is an index with a page for each webhook.

use std::sync::Arc;

use serde_json::Value;

use crate::openapi::Document;

mod addresses;
mod body;
mod constraints;
mod duration;
mod example;
mod header;
mod heading;
mod html;
mod link;
mod markdown;
mod navigation;
mod operation;
mod overview;
mod page_index;
mod parameters;
mod payload_example;
mod resolver;
mod routes;
mod rows;
mod sample;
mod schema;
mod schema_table;
mod settings;
mod signature;
mod terms;
#[cfg(test)]
mod tests;
mod type_phrase;
mod type_section;
mod type_sizes;
mod type_uses;
mod variant;
mod webhook;
mod webhooks;

use addresses::{Addresses, Layout};
use html::Html;
use navigation::Sections;
use page_index::PageIndex;
pub use settings::Page;
use signature::Signatures;
use type_uses::{TypeSizes, TypeUses};

/// Up to this many webhooks are on one page.
#[cfg(feature = "axum")]
const ONE_PAGE: usize = 100;

impl Document {
    /// The document as one page of HTML; [`Page::STYLE`] and [`Page::SCRIPT`] belong to it. `OpenApi::router` serves all of
    /// them, and gives each webhook a page of its own where there are more than a hundred.
    pub fn to_html(&self, page: &Page) -> String {
        Pages::new(self.to_value()).whole(page)
    }
}

/// The pages of one document. The same document gives the same bytes.
#[derive(Debug)]
pub(crate) struct Pages {
    document: Value,
    /// What is known of the document's types, which stay where they are as long as the document does.
    sizes: Arc<TypeSizes>,
}

impl Pages {
    pub(crate) fn new(document: Value) -> Self {
        // A large document is moved to its place before addresses in it are remembered: they are those of the values that
        // maps and lists hold, which a move does not touch.
        let sizes = type_sizes::measure(&document);
        Self { document, sizes }
    }

    /// Whether there are so many webhooks that each has a page of its own.
    #[cfg(feature = "axum")]
    pub(crate) fn is_split(&self) -> bool {
        let webhooks = self.document.get("webhooks").and_then(Value::as_object);
        webhooks.is_some_and(|webhooks| webhooks.len() > ONE_PAGE)
    }

    /// Everything on one page.
    pub(crate) fn whole(&self, page: &Page) -> String {
        self.render(page, Layout::OnePage)
    }

    /// The index. The addresses of the webhooks' pages begin with `webhooks`.
    #[cfg(feature = "axum")]
    pub(crate) fn index(&self, page: &Page, webhooks: &str) -> String {
        self.render(page, Layout::Index(webhooks))
    }

    /// The page of one webhook, if there is one of this name. `index` is the address of the index.
    #[cfg(feature = "axum")]
    pub(crate) fn webhook(&self, name: &str, page: &Page, index: &str) -> Option<String> {
        let webhooks = self.document.get("webhooks")?.as_object()?;
        let (name, _) = webhooks.get_key_value(name)?;
        Some(self.render(page, Layout::Webhook(name, index)))
    }

    /// The names of the webhooks.
    #[cfg(feature = "axum")]
    pub(crate) fn webhook_names(&self) -> impl Iterator<Item = &str> {
        let webhooks = self.document.get("webhooks").and_then(Value::as_object);
        webhooks
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
    }

    fn render<'p>(&'p self, page: &Page, layout: Layout<'p>) -> String {
        let mut uses = TypeUses::measured(&self.document, Arc::clone(&self.sizes));
        let index = PageIndex::read(uses.resolver);
        let addresses = Addresses::new(layout, &index);
        let signatures = Signatures::of(uses.resolver, &index);
        let terms = terms::read(uses.resolver);
        let mut main = Html::default();
        if let Some(own) = addresses.own_webhook() {
            webhooks::write_one(&mut main, &mut uses, &index, &addresses, own);
        } else {
            overview::write(&mut main, &index, &signatures, terms.as_ref());
            webhooks::write(&mut main, &mut uses, &index, &addresses);
            if let Some(terms) = &terms {
                terms::write(&mut main, terms);
            }
            if !signatures.is_empty() {
                signatures.write(&mut main, &mut uses, &index);
            }
            routes::write(&mut main, &mut uses, &index);
        }
        let types = type_section::write(&mut uses);
        main.append(&types);
        let sections = Sections {
            terms: terms.is_some(),
            signatures: !signatures.is_empty(),
            types: !types.is_empty(),
        };
        let mut html = Html::default();
        self.begin(&mut html, page, &addresses);
        navigation::write(&mut html, &index, &addresses, &sections);
        html.raw(if index.webhooks.len() > navigation::OPEN {
            "<main id=\"main\" class=\"many\" tabindex=\"-1\">"
        } else {
            "<main id=\"main\" tabindex=\"-1\">"
        });
        header::write(&mut html, &self.document, page, &addresses);
        if uses.is_exhausted() {
            html.raw(
                "<p class=\"note\">The document is too large to be shown in full: this page ends where a page must. \
                 The OpenAPI document has the rest.</p>",
            );
        }
        html.append(&main).raw("</main></body></html>\n");
        html.into_string()
    }

    fn begin(&self, html: &mut Html, page: &Page, addresses: &Addresses<'_>) {
        let title = header::title(&self.document, page);
        let title = match addresses.own_webhook() {
            Some(own) => format!("{own} - {title}"),
            None => title.to_owned(),
        };
        header::head(html, page, &title);
        html.raw("<body id=\"top\"><a class=\"skip\" href=\"#main\">Skip to the content</a>");
    }
}
