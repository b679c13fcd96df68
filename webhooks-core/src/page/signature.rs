//! How to verify that a request comes from the sender: the document's security schemes in words, and a recipe
//! with code where the requests carry the headers of Standard Webhooks.
//!
//! It is on the page once; each webhook links to it.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{
    html::Html,
    link, markdown,
    page_index::{Operation, PageIndex},
    resolver::Resolver,
    schema::text,
};

/// The headers that Standard Webhooks signs, and the signature (specification, "Webhook headers").
const HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];
const ID: &str = "verify";

/// What the page says about verification.
pub(super) struct Signatures<'a> {
    schemes: IndexMap<&'a str, Option<&'a Map<String, Value>>>,
    standard: bool,
}

impl<'a> Signatures<'a> {
    pub(super) fn of(resolver: Resolver<'a>, index: &PageIndex<'a>) -> Self {
        let declared = resolver
            .get("components")
            .and_then(|components| components.get("securitySchemes"));
        let mut signatures = Self {
            schemes: IndexMap::new(),
            standard: false,
        };
        for operation in index
            .webhooks
            .iter()
            .flat_map(|webhook| &webhook.operations)
        {
            signatures.standard |= is_standard(operation);
            for name in operation.schemes(resolver) {
                let scheme = || resolver.object(declared?.get(name)?);
                signatures.schemes.entry(name).or_insert_with(scheme);
            }
        }
        signatures
    }

    pub(super) fn is_empty(&self) -> bool {
        self.schemes.is_empty() && !self.standard
    }

    /// The section's entry in the index.
    pub(super) fn write_entry(html: &mut Html) {
        html.raw("<a")
            .attribute("href", &format!("#{ID}"))
            .raw(">Verifying requests</a>");
    }

    pub(super) fn write(&self, html: &mut Html) {
        html.raw("<section")
            .attribute("id", ID)
            .raw("><h2>Verifying requests</h2>");
        for (name, scheme) in &self.schemes {
            html.raw("<h3>").code(name).raw("</h3><p>");
            match scheme {
                Some(scheme) => place(html, scheme),
                None => {
                    html.raw("The document does not describe this security scheme.");
                }
            }
            html.raw("</p>");
            if let Some(description) = scheme.and_then(|scheme| text(scheme, "description")) {
                markdown::block(html, description, 3);
            }
        }
        if self.standard {
            recipe(html);
        }
        html.raw("</section>");
    }
}

/// In a webhook's section: that its requests can be verified, and where it is explained.
pub(super) fn write_link<'a>(html: &mut Html, resolver: Resolver<'a>, operation: &Operation<'a>) {
    let schemes = operation.schemes(resolver);
    if schemes.is_empty() && !is_standard(operation) {
        return;
    }
    html.raw("<p class=\"note\">Each request proves its origin");
    for (place, name) in schemes.iter().enumerate() {
        html.raw(if place > 0 { ", " } else { " by " }).code(name);
    }
    html.raw(": <a")
        .attribute("href", &format!("#{ID}"))
        .raw(">how to verify it</a>.</p>");
}

fn is_standard(operation: &Operation<'_>) -> bool {
    HEADERS.iter().all(|name| operation.has_header(name))
}

/// Where the proof travels, in words.
fn place(html: &mut Html, scheme: &Map<String, Value>) {
    let say = |key| text(scheme, key).unwrap_or_default();
    match say("type") {
        "apiKey" => html
            .raw("In the ")
            .text(say("in"))
            .raw(" ")
            .code(say("name"))
            .raw("."),
        "http" => html
            .raw("In the header <code>authorization</code>, scheme ")
            .code(say("scheme"))
            .raw("."),
        "mutualTLS" => html.raw("By the client certificate of the connection."),
        "oauth2" => html.raw("By an OAuth 2.0 access token."),
        "openIdConnect" => {
            html.raw("By an OpenID Connect token: ");
            link::write(html, say("openIdConnectUrl"), say("openIdConnectUrl"));
            html.raw(".")
        }
        other => html.raw("Security scheme of type ").code(other).raw("."),
    };
}

fn recipe(html: &mut Html) {
    html.raw(include_str!("assets/verify.html"));
    for (language, code) in [
        (
            "Rust (crates base64, hmac, sha2)",
            include_str!("assets/verify.rs.txt"),
        ),
        ("Node.js", include_str!("assets/verify.mjs.txt")),
        ("Python", include_str!("assets/verify.py.txt")),
    ] {
        html.raw("<details><summary>")
            .raw(language)
            .raw("</summary><pre><code>")
            .text(code.trim_end());
        html.raw("</code></pre></details>");
    }
}
