//! The first steps of a customer: subscribe, receive, verify, answer, try it.

use super::{
    html::Html,
    operation,
    page_index::PageIndex,
    routes,
    signature::{self, Signatures},
    terms,
};
use crate::delivery_terms::DeliveryTerms;

/// Writes the steps, where the document says enough for them to help.
pub(super) fn write(
    html: &mut Html,
    index: &PageIndex<'_>,
    signatures: &Signatures<'_>,
    terms: Option<&DeliveryTerms>,
) {
    let subscribing = routes::subscribing(index);
    if index.webhooks.is_empty()
        || (signatures.is_empty() && terms.is_none() && subscribing.is_none())
    {
        return;
    }
    html.raw("<section id=\"start\"><h2>First steps</h2><ol class=\"steps\">");
    if let Some(route) = subscribing {
        html.raw("<li>Subscribe with the address of your server: ");
        let address = if routes::are_described(index) {
            format!("#{}", routes::anchor(route))
        } else {
            format!("#{}", routes::ID)
        };
        for method in &route.operation.methods {
            operation::method(html, method);
        }
        html.raw("<a")
            .attribute("href", &address)
            .raw(">")
            .code(route.path)
            .raw("</a>.</li>");
    }
    html.raw("<li>Receive: each event below is a request to that address. Read the body as bytes, and keep it.</li>");
    if !signatures.is_empty() {
        html.raw("<li>Verify it before you believe it: <a")
            .attribute("href", &format!("#{}", signature::ID))
            .raw(">how, with code in eight languages</a>.</li>");
    }
    html.raw("<li>Answer with a status from 200 to 299");
    match terms {
        Some(_) => html
            .raw(", in time: <a")
            .attribute("href", &format!("#{}", terms::ID))
            .raw(">what happens otherwise</a>.</li>"),
        None => html.raw(".</li>"),
    };
    if signatures.is_standard() {
        html.raw("<li>Try it without waiting for an event: each event has a <code>curl</code> command that sends it to you.</li>");
    }
    html.raw("</ol></section>");
}
