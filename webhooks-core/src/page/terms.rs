//! How messages are delivered, from the document's member `x-webhook-delivery`.

use serde_json::Value;

use super::{duration::phrase, html::Html, resolver::Resolver};
use crate::delivery_terms::{DeliveryOrder, DeliveryTerms};

pub(super) const ID: &str = "delivery";

/// The terms of a document, if it has any that can be read.
pub(super) fn read(resolver: Resolver<'_>) -> Option<DeliveryTerms> {
    let terms = resolver
        .get("x-webhook-delivery")
        .filter(|value| value.is_object())?;
    serde_json::from_value(Value::clone(terms)).ok()
}

/// Writes the section.
pub(super) fn write(html: &mut Html, terms: &DeliveryTerms) {
    html.raw("<section")
        .attribute("id", ID)
        .raw("><h2>Delivery</h2>");
    html.raw("<table class=\"terms\"><caption>What you can rely on, and what is asked of you</caption><tbody>");
    if let Some(seconds) = terms.timeout_seconds {
        row(html, "Time limit", |html| {
            html.raw("Your server has ")
                .text(&phrase(seconds))
                .raw(" for its whole answer. If the work takes longer, answer first and do it afterwards.");
        });
    }
    row(html, "Success", |html| {
        html.raw(
            "Any status from 200 to 299 says that you have the message. Everything else is a failure, also a redirect: \
             it is not followed.",
        );
    });
    if let Some(waits) = &terms.retry_after_seconds {
        row(html, "Retries", |html| {
            retries(html, waits, terms.jitter_percent);
        });
    }
    row(html, "Repeats", |html| {
        html.raw(
            "A message can arrive more than once, for example when your answer is lost. It has the same id each time: \
             remember the ids that you have handled.",
        );
    });
    if let Some(order) = terms.order {
        row(html, "Order", |html| {
            html.raw(match order {
                DeliveryOrder::None => {
                    "Messages can arrive in any order. Compare the times in them, not the times of their arrival."
                }
                DeliveryOrder::ByKey => {
                    "Messages about the same thing arrive in the order in which they were sent; others in any order."
                }
                DeliveryOrder::BySubscription => "Messages arrive in the order in which they were sent.",
            });
        });
    }
    row(html, "Switched off", |html| {
        if let Some(rule) = terms.deactivation {
            html.raw("A subscription is switched off after ")
                .text(&rule.failures.to_string())
                .raw(" failures in a row over at least ")
                .text(&phrase(rule.seconds))
                .raw(". ");
        }
        html.raw("The status <code>410 Gone</code> switches it off immediately.");
    });
    if let Some(grace) = terms.rotation_grace_seconds {
        row(html, "New secret", |html| {
            html.raw("For ").text(&phrase(grace)).raw(
                " after a subscription got a new secret, requests carry a signature of each. Accept a request if one of \
                 them is right.",
            );
        });
    }
    if let Some(bytes) = terms.body_limit_bytes {
        row(html, "Size", |html| {
            html.raw("A body has at most ").text(&size(bytes)).raw(".");
        });
    }
    if !terms.source_addresses.is_empty() {
        row(html, "Source addresses", |html| {
            html.raw("Requests come from ");
            for (place, address) in terms.source_addresses.iter().enumerate() {
                html.raw(if place > 0 { ", " } else { "" }).code(address);
            }
            html.raw(". An address proves nothing: verify the signature too.");
        });
    }
    html.raw("</tbody></table></section>");
}

fn row(html: &mut Html, name: &'static str, write: impl FnOnce(&mut Html)) {
    html.raw("<tr><th scope=\"row\">")
        .raw(name)
        .raw("</th><td>");
    write(html);
    html.raw("</td></tr>");
}

fn retries(html: &mut Html, waits: &[u64], jitter: Option<u8>) {
    if waits.is_empty() {
        html.raw("A message is sent once; a failure is not repeated.");
        return;
    }
    let total: u64 = waits.iter().fold(0, |sum, wait| sum.saturating_add(*wait));
    html.raw("A failed message is sent again, ")
        .text(&(waits.len() + 1).to_string())
        .raw(" times in all, over ")
        .text(&phrase(total))
        .raw(". The waits: ");
    for (place, wait) in waits.iter().enumerate() {
        html.raw(if place > 0 { ", " } else { "" })
            .text(&phrase(*wait));
    }
    html.raw(".");
    if let Some(percent) = jitter.filter(|percent| *percent > 0) {
        html.raw(" Each can be up to ")
            .text(&percent.to_string())
            .raw(" % longer.");
    }
    html.raw(
        " A header <code>Retry-After</code> in your answer can make a wait longer, never shorter.",
    );
}

fn size(bytes: usize) -> String {
    const MIB: usize = 1024 * 1024;
    match bytes {
        _ if bytes >= MIB && bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ if bytes >= 1024 && bytes.is_multiple_of(1024) => format!("{} KiB", bytes / 1024),
        _ => format!("{bytes} bytes"),
    }
}
