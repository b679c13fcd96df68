//! The request of an attempt: what was sent, as far as it can be known, and honest about how.

use maud::{Markup, html};
use webhooks_api::Ability;

use crate::parts;
use crate::source::{Attempt, Delivery, Message, Rebuilt};
use crate::text::{self, fetching, trying};
use crate::visit::Visit;

/// The request of the attempt that is asked for, or of the last one, or of the first one that is yet to be made.
pub(super) async fn shown(
    v: &Visit,
    delivery: &Delivery,
    attempts: &[Attempt],
    message: Option<&Message>,
) -> Markup {
    let Some(message) = message else {
        return html! { p.soft { (v.say(text::MESSAGE_REMOVED)) } };
    };
    let wanted = v.query.get("attempt");
    let wanted = attempts
        .iter()
        .find(|attempt| wanted == Some(attempt.id.as_str()));
    let attempt = wanted
        .or(attempts.last())
        .filter(|_| v.may(Ability::Payload) && !delivery.is_fetched());
    let rebuilt = match attempt {
        // Subscription or payload may be gone.
        Some(attempt) => v.operations().request_of(attempt.id.as_str()).await.ok(),
        None => None,
    };
    let file = format!("deliveries/{}/payload", delivery.id);
    html! {
        @match (attempt, &rebuilt) {
            (Some(attempt), Some(rebuilt)) => (head(v, attempt, rebuilt)),
            _ => (template(v, delivery, message)),
        }
        @match &message.body {
            Some(body) => (parts::body(v, body, Some(&v.link(&file)))),
            None => p.soft { (v.say(if v.may(Ability::Payload) { text::PAYLOAD_REMOVED } else { text::BODIES_HIDDEN })) },
        }
    }
}

/// Method, URL and headers, with the signature.
fn head(v: &Visit, attempt: &Attempt, rebuilt: &Rebuilt) -> Markup {
    let note = if rebuilt.is_certain {
        trying::REQUEST_CERTAIN
    } else {
        trying::REQUEST_UNCERTAIN
    };
    html! {
        p { strong { (v.fill(trying::REQUEST_OF, [&attempt.number.to_string()])) } " " span.soft { (parts::exact(attempt.at)) } }
        pre.code tabindex="0" data-copy {
            (rebuilt.method) " " (rebuilt.url)
            @for header in &rebuilt.headers { "\n" (header.name) ": "
                @match &header.value { Some(value) => (value), None => i { (v.say(trying::HIDDEN_VALUE)) } } }
        }
        p.soft.small { (v.say(note)) }
    }
}

/// Before anything was sent, or where what was sent cannot be known any more.
fn template(v: &Visit, delivery: &Delivery, message: &Message) -> Markup {
    if delivery.is_fetched() {
        return html! { p.soft { (v.say(fetching::NO_REQUEST)) } };
    }
    html! { @if let Some(target) = &delivery.target {
        pre.code tabindex="0" { "POST " (target) "\nwebhook-id: " (message.id) "\nwebhook-timestamp: " i { (v.say(text::TIME_OF_ATTEMPT)) } "\nwebhook-signature: " i { (v.say(text::SIGNED_AT_ATTEMPT)) } }
    } }
}
