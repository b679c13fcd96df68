//! One subscription: how it does, why it is switched off, what can be done.

use futures_util::future::try_join3;
use maud::{Markup, html};
use webhooks_api::Ability;

use super::span::{Span, links};
use super::why::explain;
use crate::parts::{self, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{Attempt, Problem, Statistics, Subscription, SubscriptionState};
use crate::text::{self, fetching, trying};
use crate::visit::Visit;

/// Attempts that the chart draws.
const DRAWN: u32 = 50;
/// Deliveries that the page lists; the log has the rest.
const LISTED: &str = "8";

pub(crate) async fn show(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let subscription = operations.subscription(id).await?;
    let span = Span::chosen(v);
    let period = span.period(v.now)?;
    let pairs = period.pairs();
    let (attempts, recent, counted) = try_join3(
        operations.attempts_to(id, DRAWN),
        operations.deliveries(&[("subscription", id), ("limit", LISTED)]),
        operations.statistics(id, &pairs),
    )
    .await?;
    let attempts = super::subscriptions::first_to_last(attempts);
    let content = html! {
        p.way { a href=(v.link("subscriptions")) { (v.say(text::SUBSCRIPTIONS)) } }
        div.head {
            h1.target { (parts::target(v, &subscription.target)) }
            (parts::subscription_state(v, subscription.state))
        }
        @if !subscription.description.is_empty() { p.lead { (subscription.description) } }
        (attention(v, &subscription, &attempts))
        (buttons(v, &subscription))
        @if subscription.is_fetched() { (super::fetching::how(v, id)) }
        section aria-labelledby="health" { h2 #health { (v.say(text::HEALTH)) } (health(v, &subscription, &attempts, &span, &counted)) }
        section aria-labelledby="recent" {
            h2 #recent { (v.say(text::RECENT_DELIVERIES)) }
            @if recent.data.is_empty() { p.soft { (v.say(text::NO_DELIVERIES_YET)) } } @else { (super::delivery_table::table(v, &recent.data, true)) }
            @let all = format!("deliveries?subscription={}", subscription.id);
            @let words = if subscription.is_fetched() { fetching::ITS_DELIVERIES } else { text::ALL_DELIVERIES };
            @if !recent.data.is_empty() { p { a href=(v.link(&all)) { (v.say(words)) } } }
        }
        section aria-labelledby="details" { h2 #details { (v.say(text::DETAILS)) } (super::subscription_details::details(v, &subscription)) }
    };
    Ok(Page::new(
        Section::Subscriptions,
        parts::target_name(v, &subscription.target),
        content,
    )
    .into())
}

/// How the last attempts went; what is fetched has no requests that could take long.
fn health(
    v: &Visit,
    subscription: &Subscription,
    attempts: &[Attempt],
    span: &Span,
    counted: &Statistics,
) -> Markup {
    let is_fetched = subscription.is_fetched();
    let nothing = if is_fetched {
        fetching::NOTHING_FETCHED_YET
    } else {
        text::NO_ATTEMPTS_YET
    };
    html! {
        @if counted.waiting > 0 { p.soft { (v.fill(text::WAITING_NOW, [&counted.waiting.to_string()])) } }
        @if attempts.is_empty() { p.soft { (v.say(nothing)) } } @else {
            (links(v, span))
            (parts::endings(v, span.clock, &counted.steps))
            @if !is_fetched { (parts::durations(v, attempts)) (numbers(v, attempts)) }
        }
    }
}

/// What needs attention: why it gets nothing, or that it will soon be switched off.
fn attention(v: &Visit, subscription: &Subscription, attempts: &[Attempt]) -> Markup {
    let id = &subscription.id;
    let resume = html! { @if v.may(Ability::Change) { (parts::action(v, &format!("subscriptions/{id}/resume"), "primary", v.say(text::RESUME))) } };
    let since = subscription.failing_since;
    let last = attempts.last().filter(|attempt| !attempt.succeeded());
    let why = html! { @if let Some(last) = last { (explain(v, last.status, last.error.as_ref().map(crate::foreign::Foreign::as_str))) } };
    match subscription.state {
        SubscriptionState::Paused => {
            let note = if subscription.is_fetched() {
                fetching::PAUSED_NOTE
            } else {
                text::PAUSED_NOTE
            };
            parts::notice(Tone::Warning, &html! { p { (v.say(note)) } (resume) })
        }
        SubscriptionState::Gone => parts::notice(
            Tone::Warning,
            &html! { p { (v.say(text::GONE_NOTE)) } (resume) },
        ),
        SubscriptionState::Failing => parts::notice(
            Tone::Warning,
            &html! { p { (v.say(text::FAILING_NOTE)) } (why) (resume) },
        ),
        SubscriptionState::Unverified => {
            parts::notice(Tone::Plain, &html! { p { (v.say(text::UNVERIFIED_NOTE)) } })
        }
        SubscriptionState::Refused => {
            parts::notice(Tone::Warning, &html! { p { (v.say(text::REFUSED_NOTE)) } })
        }
        SubscriptionState::Disabled => parts::notice(
            Tone::Warning,
            &html! { p { (v.say(text::DISABLED_NOTE)) } (resume) },
        ),
        SubscriptionState::Expired => {
            parts::notice(Tone::Warning, &html! { p { (v.say(text::EXPIRED_NOTE)) } })
        }
        SubscriptionState::Retired => {
            parts::notice(Tone::Plain, &html! { p { (v.say(text::RETIRED_NOTE)) } })
        }
        SubscriptionState::Active if subscription.failures > 0 => parts::notice(
            Tone::Warning,
            &html! {
                p {
                    (v.fill(text::FAILURES_NOTE, [&subscription.failures.to_string()]))
                    @if let Some(since) = since { " " (v.say(text::FIRST_FAILURE)) " " (parts::relative(v, since)) "." }
                }
                (why)
            },
        ),
        _ => Markup::default(),
    }
}

fn buttons(v: &Visit, subscription: &Subscription) -> Markup {
    let path = |rest: &str| format!("subscriptions/{}/{rest}", subscription.id);
    let (state, is_static) = (subscription.state, subscription.key.is_some());
    let is_on = matches!(state, SubscriptionState::Active | SubscriptionState::Paused);
    html! {
        div.actions {
            @if v.may(Ability::Test) && is_on { (parts::action(v, &path("test"), "primary", v.say(text::SEND_TEST))) }
            @if v.may(Ability::Test) && is_on { a.button href=(v.link(&path("test"))) { (v.say(trying::TEST_EVENT)) } }
            @if v.may(Ability::Replay) && is_on { a.button href=(v.link(&path("replay"))) { (v.say(text::SEND_AGAIN)) } }
            @if v.may(Ability::Change) && !is_static { a.button href=(v.link(&path("edit"))) { (v.say(text::EDIT)) } }
            @if v.may(Ability::Change) && state == SubscriptionState::Active { (parts::action(v, &path("pause"), "", v.say(text::PAUSE))) }
            @if v.may(Ability::Secret) { a.button href=(v.link(&path("rotate"))) { (v.say(text::ROTATE)) } }
            a.button href=(v.link(&format!("activity?subject={}", subscription.id))) { (v.say(text::CHANGES)) }
            @if v.may(Ability::Change) && !is_static { (parts::danger(v, &path("remove"), v.say(text::REMOVE))) }
        }
    }
}

/// The numbers behind the chart.
fn numbers(v: &Visit, attempts: &[Attempt]) -> Markup {
    html! {
        details {
            summary { (v.say(text::AS_TABLE)) }
            table {
                caption.quiet { (v.say(text::LAST_ATTEMPTS)) }
                thead { tr {
                    th scope="col" { (v.say(text::TIME)) } th scope="col" { (v.say(text::ANSWER)) }
                    th scope="col" { (v.say(text::DURATION)) } th scope="col" { (v.say(text::DELIVERY)) }
                } }
                tbody { @for attempt in attempts.iter().rev() { tr {
                    td { (parts::exact(attempt.at)) }
                    td { (parts::answer(v, attempt.status, attempt.error.as_ref())) }
                    td.number { (parts::millis(attempt.duration_ms)) }
                    td { a href=(v.link(&format!("deliveries/{}", attempt.delivery))) { (v.fill(text::ATTEMPT_N, [&attempt.number.to_string()])) } }
                } } }
            }
        }
    }
}
