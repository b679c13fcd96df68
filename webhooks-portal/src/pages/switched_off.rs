//! Subscriptions that were switched off, and not by their owners: a section of the overview.

use maud::{Markup, html};

use crate::parts;
use crate::source::{List, Operations, Problem, Subscription, SubscriptionState};
use crate::text::{self, running};
use crate::visit::Visit;

/// The states of those that were switched off by their target, by its failures, or by a proof that did not come.
const STATES: [SubscriptionState; 4] = [
    SubscriptionState::Failing,
    SubscriptionState::Gone,
    SubscriptionState::Disabled,
    SubscriptionState::Refused,
];
/// Subscriptions that are shown of each state.
const SHOWN: &str = "12";

/// What was switched off, by its state.
pub(super) type Off = Vec<(SubscriptionState, List<Subscription>)>;

/// One short read for each state: the database finds by their state those that are not active.
pub(super) async fn read(operations: &Operations) -> Result<Off, Problem> {
    let mut off = Vec::with_capacity(STATES.len());
    for state in STATES {
        let pairs = [("state", state.as_str()), ("limit", SHOWN)];
        off.push((state, operations.subscriptions(&pairs).await?));
    }
    Ok(off)
}

/// Nothing where all are on.
pub(super) fn section(v: &Visit, off: &Off) -> Markup {
    let mut all = off.iter().flat_map(|(_, found)| &found.data).peekable();
    let cut = off.iter().filter(|(_, found)| found.next.is_some());
    html! {
        @if all.peek().is_some() {
            section aria-labelledby="off" {
                h2 #off { (v.say(running::SWITCHED_OFF)) }
                ul.cards { @for subscription in all { li { (card(v, subscription)) } } }
                @for (state, _) in cut {
                    p { a href=(v.link(&format!("subscriptions?state={}", state.as_str()))) { (v.say(running::ALL_OF_STATE)) " " (parts::subscription_state(v, *state)) } }
                }
            }
        }
    }
}

fn card(v: &Visit, subscription: &Subscription) -> Markup {
    html! {
        a.target href=(v.link(&format!("subscriptions/{}", subscription.id))) { (parts::target(v, &subscription.target)) }
        p {
            (parts::subscription_state(v, subscription.state)) " " (subscription.owner)
            @if let Some(since) = subscription.failing_since { " · " (v.say(text::FIRST_FAILURE)) " " (parts::relative(v, since)) }
        }
    }
}
