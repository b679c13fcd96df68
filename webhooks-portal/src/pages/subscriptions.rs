//! The list of subscriptions, each with its health.

use futures_util::{StreamExt as _, stream};
use maud::{Markup, html};
use webhooks_api::Ability;

use crate::foreign::ForeignStr;
use crate::parts::{self, Choice};
use crate::reply::{Page, Reply, Section};
use crate::source::{Attempt, List, Operations, Problem, Subscription, SubscriptionState};
use crate::text::{self, Text};
use crate::visit::Visit;

/// Subscriptions of a page: each costs one look at its last attempts.
const ITEMS: &str = "16";
/// Looks that are taken at a time: each takes a connection that the application's own requests may want.
const TOGETHER: usize = 3;
/// Attempts that a row draws.
const DRAWN: u32 = 24;
/// Events that a row names.
const NAMED: usize = 3;

const STATES: [(SubscriptionState, Text); 9] = [
    (SubscriptionState::Active, text::ACTIVE),
    (SubscriptionState::Paused, text::PAUSED),
    (SubscriptionState::Failing, text::FAILING),
    (SubscriptionState::Gone, text::GONE),
    (SubscriptionState::Disabled, text::DISABLED),
    (SubscriptionState::Unverified, text::UNVERIFIED),
    (SubscriptionState::Refused, text::REFUSED),
    (SubscriptionState::Expired, text::EXPIRED),
    (SubscriptionState::Retired, text::RETIRED),
];

pub(crate) async fn list(v: &Visit) -> Result<Reply, Problem> {
    let mut pairs = vec![("limit", ITEMS)];
    for name in ["state", "event", "cursor", "owner"] {
        pairs.extend(v.query.get(name).map(|value| (name, value)));
    }
    let operations = v.operations();
    let found = operations.subscriptions(&pairs).await?;
    let looks: Vec<_> = found
        .data
        .iter()
        .map(|subscription| last_attempts(&operations, subscription))
        .collect();
    let health: Vec<Vec<Attempt>> = stream::iter(looks).buffered(TOGETHER).collect().await;
    let content = html! {
        div.head {
            h1 { (v.say(text::SUBSCRIPTIONS)) }
            @if v.may(Ability::Change) { a class="button primary" href=(v.link("subscriptions/new")) { (v.say(text::ADD_SUBSCRIPTION)) } }
        }
        p.lead { (v.say(text::SUBSCRIPTIONS_LEAD)) }
        (filter(v))
        @if found.data.is_empty() { (empty(v, found.next.is_some())) } @else { (table(v, &found.data, &health)) }
        (parts::pager(v, found.next.as_deref()))
    };
    Ok(Page::new(Section::Subscriptions, v.say(text::SUBSCRIPTIONS), content).into())
}

async fn last_attempts(operations: &Operations, subscription: &Subscription) -> Vec<Attempt> {
    let attempts = operations.attempts_to(subscription.id.as_str(), DRAWN);
    // It may have been removed since the list was read.
    attempts.await.map(first_to_last).unwrap_or_default()
}

pub(super) fn first_to_last(list: List<Attempt>) -> Vec<Attempt> {
    list.data.into_iter().rev().collect()
}

fn filter(v: &Visit) -> Markup {
    let mut states = vec![Choice::new("", v.say(text::ANY_STATE))];
    states.extend(STATES.map(|(state, word)| Choice::new(state.as_str(), v.say(word))));
    html! {
        form.filter method="get" role="search" aria-label=(v.say(text::FILTER)) {
            (parts::select("state", v.say(text::STATE), &states, v.query.get("state")))
            (parts::field("event", v.say(text::EVENT), None, &html! {
                input #event name="event" type="text" autocomplete="off" value=[v.query.get("event").map(ForeignStr)];
            }))
            @if v.is_operator() { (parts::field("owner", v.say(text::OWNER), None, &html! {
                input #owner name="owner" type="text" autocomplete="off" value=[v.query.get("owner").map(ForeignStr)];
            })) }
            button { (v.say(text::APPLY)) }
        }
    }
}

fn empty(v: &Visit, more: bool) -> Markup {
    let is_filtered = ["state", "event", "owner"]
        .iter()
        .any(|name| v.query.get(name).is_some());
    html! {
        div.empty {
            @if more { p { (v.say(text::NOTHING_HERE_MORE)) } }
            @else if is_filtered { p { (v.say(text::NOTHING_MATCHES)) } p { a href=(v.link("subscriptions")) { (v.say(text::SHOW_ALL)) } } }
            @else {
                h2 { (v.say(text::NO_SUBSCRIPTIONS)) }
                p { (v.say(text::NO_SUBSCRIPTIONS_HINT)) }
                @if v.may(Ability::Change) { p { a class="button primary" href=(v.link("subscriptions/new")) { (v.say(text::ADD_SUBSCRIPTION)) } } }
            }
        }
    }
}

fn table(v: &Visit, subscriptions: &[Subscription], health: &[Vec<Attempt>]) -> Markup {
    html! {
        table.list {
            caption.quiet { (v.say(text::SUBSCRIPTIONS)) }
            thead { tr {
                th scope="col" { (v.say(text::TARGET)) }
                th scope="col" { (v.say(text::STATE)) }
                @if v.is_operator() { th scope="col" { (v.say(text::OWNER)) } }
                th scope="col" { (v.say(text::EVENTS)) }
                th scope="col" { (v.say(text::LAST_ATTEMPTS)) }
                th scope="col" { (v.say(text::LAST_ANSWER)) }
            } }
            tbody { @for (subscription, attempts) in subscriptions.iter().zip(health) { (row(v, subscription, attempts)) } }
        }
    }
}

fn row(v: &Visit, subscription: &Subscription, attempts: &[Attempt]) -> Markup {
    let path = format!("subscriptions/{}", subscription.id);
    html! {
        tr {
            th scope="row" {
                a.target href=(v.link(&path)) { (parts::target(v, &subscription.target)) }
                @if !subscription.description.is_empty() { span.about { (subscription.description) } }
            }
            td { (parts::subscription_state(v, subscription.state)) }
            @if let Some(owner) = v.owner_shown(Some(&subscription.owner)) { td data-label=(v.say(text::OWNER)) { (owner) } }
            td data-label=(v.say(text::EVENTS)) { (events(v, subscription)) }
            td data-label=(v.say(text::LAST_ATTEMPTS)) { (parts::outcomes(v, attempts)) }
            td data-label=(v.say(text::LAST_ANSWER)) { (last_answer(v, subscription.is_fetched(), attempts)) }
        }
    }
}

fn events(v: &Visit, subscription: &Subscription) -> Markup {
    let rest = subscription.events.len().saturating_sub(NAMED);
    html! {
        span.chips {
            @for event in subscription.events.iter().take(NAMED) { code { (event.breakable()) } " " }
            @if rest > 0 { span.soft { (v.fill(text::AND_MORE, [&rest.to_string()])) } }
        }
    }
}

fn last_answer(v: &Visit, is_fetched: bool, attempts: &[Attempt]) -> Markup {
    html! { @if let Some(last) = attempts.last() {
        (parts::outcome(v, is_fetched, last.status, last.error.as_ref())) " " span.soft.small { (parts::relative(v, last.at)) }
    } @else { span.soft { "–" } } }
}
