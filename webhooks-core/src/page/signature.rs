//! How to verify that a request comes from the sender: the document's security schemes in words, and steps, a signed
//! sample and code where the requests carry the headers of Standard Webhooks.
//!
//! It is on the page once; each webhook links to it.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{
    addresses::Addresses,
    html::Html,
    link, markdown,
    page_index::{Operation, PageIndex},
    resolver::Resolver,
    sample::{SECRET, SIGNED, Sample},
    schema::text,
    type_uses::TypeUses,
};

pub(super) const ID: &str = "verify";

/// The code of the recipes, each with what it needs. `interop/recipes.mjs` and `tests/tests/recipe.rs` run them.
const RECIPES: [(&str, &str); 8] = [
    (
        "Rust (crates base64, hmac, sha2)",
        include_str!("assets/verify.rs.txt"),
    ),
    ("Node.js", include_str!("assets/verify.mjs.txt")),
    ("Python", include_str!("assets/verify.py.txt")),
    ("Go", include_str!("assets/verify.go.txt")),
    ("PHP", include_str!("assets/verify.php.txt")),
    ("Ruby", include_str!("assets/verify.rb.txt")),
    ("Java", include_str!("assets/verify.java.txt")),
    ("C#", include_str!("assets/verify.cs.txt")),
];

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

    /// Whether requests carry the headers of Standard Webhooks.
    pub(super) fn is_standard(&self) -> bool {
        self.standard
    }

    pub(super) fn write(&self, html: &mut Html, uses: &mut TypeUses<'a>, index: &PageIndex<'a>) {
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
            let description = scheme.and_then(|scheme| text(scheme, "description"));
            // The steps below say the same, and more.
            let repeated = |text: &&str| self.standard && text.contains("standardwebhooks.com");
            if let Some(description) = description.filter(|text| !repeated(text)) {
                markdown::block(html, description, 3);
            }
        }
        if self.standard {
            html.raw(include_str!("assets/verify.html"));
            sample(html, uses, index);
            recipes(html);
        }
        html.raw("</section>");
    }
}

/// In a webhook's section: that its requests can be verified, and where it is explained.
pub(super) fn write_link<'a>(
    html: &mut Html,
    resolver: Resolver<'a>,
    operation: &Operation<'a>,
    addresses: &Addresses<'_>,
) {
    let schemes = operation.schemes(resolver);
    if schemes.is_empty() && !is_standard(operation) {
        return;
    }
    html.raw("<p class=\"note\">Each request proves its origin");
    for (place, name) in schemes.iter().enumerate() {
        html.raw(if place > 0 { ", " } else { " by " }).code(name);
    }
    html.raw(": <a")
        .attribute("href", &addresses.section(ID))
        .raw(">how to verify it</a>.</p>");
}

/// Whether requests carry the headers of Standard Webhooks.
pub(super) fn is_standard(operation: &Operation<'_>) -> bool {
    SIGNED.iter().all(|name| operation.has_header(name))
}

/// Where the proof travels, in words.
pub(super) fn place(html: &mut Html, scheme: &Map<String, Value>) {
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

/// A request that is signed with a public secret, of the first event that has one.
fn sample<'a>(html: &mut Html, uses: &mut TypeUses<'a>, index: &PageIndex<'a>) {
    let found = index.webhooks.iter().find_map(|webhook| {
        let operation = webhook.operations.iter().find(|one| is_standard(one))?;
        Some((webhook, operation))
    });
    let Some((webhook, operation)) = found else {
        return;
    };
    let Some(sample) = Sample::of(uses, webhook, operation) else {
        return;
    };
    html.raw("<h3 id=\"sample\">A signed sample</h3><p>This request for ")
        .code(webhook.name)
        .raw(" is signed with the secret ")
        .code(SECRET)
        .raw(". The secret is public: use it in tests alone.</p>");
    figure(
        html,
        "With a fixed time, for a test whose clock says 2026-01-01T00:00:00Z",
        &sample.fixed(),
    );
    figure(
        html,
        "Signed when you run it, for a receiver that checks the time",
        &sample.fresh(),
    );
}

fn figure(html: &mut Html, title: &'static str, code: &str) {
    html.raw("<figure><figcaption>")
        .raw(title)
        .raw("</figcaption><pre><code>");
    html.text(code).raw("</code></pre></figure>");
}

fn recipes(html: &mut Html) {
    html.raw("<h3>Code</h3>");
    html.raw("<p>Each function answers whether a request is genuine. Instead of these there are the libraries of ");
    html.raw("<a href=\"https://www.standardwebhooks.com\">Standard Webhooks</a>.</p>");
    for (language, code) in RECIPES {
        html.raw("<details class=\"code\"><summary>")
            .raw(language)
            .raw("</summary><pre><code>")
            .text(code.trim_end());
        html.raw("</code></pre></details>");
    }
}
