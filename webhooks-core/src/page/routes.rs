//! The application's own routes: how a customer subscribes, for example.
//!
//! Each route is described like a webhook, with parameters, body and answers. Of an application with very many routes
//! the page shows only a table, because webhooks are not its main matter. The document has the rest.

use serde_json::Value;

use super::{
    heading::{Direction, H4},
    html::Html,
    link, markdown, operation,
    page_index::{PageIndex, Route},
    resolver::Resolver,
    schema::text,
    signature,
    type_uses::TypeUses,
};

pub(super) const ID: &str = "routes";

/// Up to this many routes are described in full.
const DESCRIBED: usize = 60;

/// Path segments under which subscriptions are made.
const SUBSCRIPTIONS: [&str; 7] = [
    "subscriptions",
    "webhook-subscriptions",
    "webhook_subscriptions",
    "webhooks",
    "webhook-endpoints",
    "webhook_endpoints",
    "hooks",
];

/// Whether each route has a section of its own.
pub(super) fn are_described(index: &PageIndex<'_>) -> bool {
    index.routes.len() <= DESCRIBED
}

/// The id of a route's section.
pub(super) fn anchor(route: &Route<'_>) -> String {
    let method = route.operation.methods.first().copied().unwrap_or_default();
    link::anchor("route", &format!("{method} {}", route.path))
}

/// The route with which a customer subscribes, as far as its name says so: a POST to `/subscriptions`.
pub(super) fn subscribing<'i, 'a>(index: &'i PageIndex<'a>) -> Option<&'i Route<'a>> {
    let is_post = |route: &&Route<'_>| route.operation.methods.contains(&"post");
    let named = |route: &&Route<'_>| {
        let last = route
            .path
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        SUBSCRIPTIONS.contains(&last.to_ascii_lowercase().as_str())
    };
    let identified = |route: &&Route<'_>| {
        let id = route
            .operation
            .text("operationId")
            .unwrap_or_default()
            .to_ascii_lowercase();
        id.contains("subscribe") && !id.contains("unsubscribe")
    };
    let mut routes = index.routes.iter().filter(is_post);
    routes
        .clone()
        .find(named)
        .or_else(|| routes.find(identified))
}

/// Writes the section.
pub(super) fn write<'a>(html: &mut Html, uses: &mut TypeUses<'a>, index: &PageIndex<'a>) {
    if index.routes.is_empty() {
        return;
    }
    html.raw("<section")
        .attribute("id", ID)
        .raw("><h2>Routes of this application</h2><p>You call these.");
    if let Some(address) = server(uses.resolver) {
        html.raw(" Their addresses begin with ")
            .code(&address)
            .raw(".");
    }
    html.raw("</p>");
    if are_described(index) {
        for route in &index.routes {
            section(html, uses, route);
        }
    } else {
        table(html, index);
    }
    html.raw("</section>");
}

/// The address of the first server, if it is a whole one.
fn server(resolver: Resolver<'_>) -> Option<String> {
    let servers = resolver.get("servers")?.as_array()?;
    let address = text(servers.first()?.as_object()?, "url")?;
    address
        .contains("://")
        .then(|| address.trim_end_matches('/').to_owned())
}

fn section<'a>(html: &mut Html, uses: &mut TypeUses<'a>, route: &Route<'a>) {
    let (id, described) = (anchor(route), &route.operation);
    html.raw("<article class=\"event\"")
        .attribute("id", &id)
        .attribute("aria-labelledby", &format!("{id}~"))
        .raw("><h3")
        .attribute("id", &format!("{id}~"))
        .raw(">");
    for method in &described.methods {
        operation::method(html, method);
    }
    html.raw("<a")
        .attribute("href", &format!("#{id}"))
        .raw("><code>");
    html.name(route.path).raw("</code></a></h3>");
    if uses.is_exhausted() {
        html.raw("<p>The document describes this route; this page has no more room for it.</p></article>");
        return;
    }
    if described.is_deprecated() || described.text("summary").is_some() {
        html.raw("<p class=\"summary\">");
        if described.is_deprecated() {
            html.raw("<b class=\"old\">deprecated</b> ");
        }
        if let Some(summary) = described.text("summary") {
            markdown::inline(html, summary);
        }
        html.raw("</p>");
    }
    let text = described.text("description");
    if let Some(text) = text.filter(|text| described.text("summary") != Some(text)) {
        operation::description(html, uses, text, 3);
    }
    operation::external_docs(html, described);
    credentials(html, uses.resolver, route);
    operation::request(html, uses, described, H4, Direction::FromReader);
    operation::responses(html, uses, described, H4, Direction::FromReader);
    html.raw("</article>");
}

/// How a caller proves who it is.
fn credentials(html: &mut Html, resolver: Resolver<'_>, route: &Route<'_>) {
    let schemes = route.operation.schemes(resolver);
    let declared = resolver
        .get("components")
        .and_then(|components| components.get("securitySchemes"));
    for name in schemes {
        let scheme = declared.and_then(|schemes| resolver.object(schemes.get(name)?));
        html.raw("<p class=\"note\">Needs ").code(name);
        if let Some(scheme) = scheme {
            html.raw(": ");
            signature::place(html, scheme);
        }
        html.raw("</p>");
    }
}

fn table(html: &mut Html, index: &PageIndex<'_>) {
    html.raw("<table class=\"routes\"><caption>The document describes each of them</caption>");
    html.raw("<thead><tr><th scope=\"col\">Method</th>");
    html.raw("<th scope=\"col\">Path</th><th scope=\"col\">Summary</th></tr></thead><tbody>");
    for Route {
        path,
        operation: described,
    } in &index.routes
    {
        html.raw("<tr><td>");
        for method in &described.methods {
            operation::method(html, method);
        }
        html.raw("</td><th scope=\"row\"><code>").name(path);
        html.raw(
            if described.members.get("deprecated") == Some(&Value::Bool(true)) {
                "</code> <b class=\"old\">deprecated</b></th><td>"
            } else {
                "</code></th><td>"
            },
        );
        let first_line = || described.text("description")?.lines().next();
        if let Some(summary) = described.text("summary").or_else(first_line) {
            markdown::inline(html, summary);
        }
        html.raw("</td></tr>");
    }
    html.raw("</tbody></table>");
}
