//! What a subscription is, fact by fact; of its credentials the kind alone.

use maud::{Markup, html};

use crate::foreign::Foreign;
use crate::parts;
use crate::source::{Subscription, SubscriptionState};
use crate::text::{self, Text, credentials};
use crate::visit::Visit;

pub(super) fn details(v: &Visit, subscription: &Subscription) -> Markup {
    html! {
        dl.facts {
            (parts::fact(v.say(text::EVENTS), &html! { span.chips { @for event in &subscription.events { code { (event.breakable()) } " " } } }))
            (parts::fact("Id", &parts::copyable(subscription.id.as_str())))
            @if let Some(owner) = v.owner_shown(Some(&subscription.owner)) { (parts::fact(v.say(text::OWNER), &html! { (owner) })) }
            @if let Some(key) = &subscription.key { (parts::fact(v.say(text::STATIC_KEY), &html! { code { (key) } })) }
            @if let Some(dialect) = &subscription.dialect { (parts::fact(v.say(text::DIALECT), &html! { code { (dialect) } })) }
            @if !subscription.headers.is_empty() { (parts::fact(v.say(text::HEADERS), &html! {
                span.chips { @for name in &subscription.headers { code { (name) } " " } } span.soft.small { (v.say(text::VALUES_HIDDEN)) }
            })) }
            @if !subscription.labels.is_empty() { (parts::fact(v.say(text::LABELS), &html! {
                span.chips { @for (name, value) in &subscription.labels { code { (name) "=" (value) } " " } }
            })) }
            @if let Some(kind) = &subscription.authentication { (parts::fact(v.say(credentials::AUTHENTICATION), &authentication(v, kind))) }
            @if subscription.client_certificate { (parts::fact(v.say(credentials::CLIENT_CERTIFICATE), &html! { (v.say(credentials::CERTIFICATE_SHOWN)) })) }
            @if let Some(kind) = &subscription.verification { (parts::fact(v.say(credentials::VERIFICATION), &verification(v, subscription.state, kind))) }
            @if let Some(limit) = subscription.rate_limit { (parts::fact(v.say(text::RATE_LIMIT), &html! { (v.fill(text::PER_SECOND, [&limit.to_string()])) })) }
            @if let Some(limit) = subscription.concurrency { (parts::fact(v.say(text::CONCURRENCY), &html! { (limit) })) }
            @if let Some(end) = subscription.expires_at { (parts::fact(v.say(text::EXPIRES), &html! { (parts::exact(end)) " " span.soft { (parts::relative(v, end)) } })) }
            (parts::fact(v.say(text::CREATED), &parts::exact(subscription.created)))
            (parts::fact(v.say(text::CHANGED), &parts::exact(subscription.changed)))
        }
    }
}

fn authentication(v: &Visit, kind: &Foreign) -> Markup {
    let word = match kind.as_str() {
        "basic" => Some(credentials::BASIC),
        "bearer" => Some(credentials::BEARER),
        "oauth2" => Some(credentials::OAUTH2),
        _ => None,
    };
    html! { (said(v, word, kind)) " " span.soft.small { (v.say(text::VALUES_HIDDEN)) } }
}

/// How the target proves that it wants the events, and that it has not yet or never did. The API does not say that it has.
fn verification(v: &Visit, state: SubscriptionState, kind: &Foreign) -> Markup {
    let word = match kind.as_str() {
        "hook_secret" => Some(credentials::BY_SECRET),
        "cloud_events" => Some(credentials::BY_ORIGIN),
        "challenge" => Some(credentials::BY_CHALLENGE),
        _ => None,
    };
    let is_open = matches!(
        state,
        SubscriptionState::Unverified | SubscriptionState::Refused
    );
    html! {
        (said(v, word, kind))
        @if is_open { " " (parts::subscription_state(v, state)) }
    }
}

/// A kind in words; one of a newer API as it is.
fn said(v: &Visit, word: Option<Text>, kind: &Foreign) -> Markup {
    html! { @match word { Some(word) => (v.say(word)), None => code { (kind) } } }
}
