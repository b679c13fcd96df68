//! Deliveries as a table: on the log, on the pages of a subscription and of a message.

use maud::{Markup, html};

use crate::foreign::Foreign;
use crate::parts;
use crate::source::Delivery;
use crate::text;
use crate::visit::Visit;

/// The words by which a delivery is named where its event is no longer kept.
pub(super) fn name_of(delivery: &Delivery) -> &Foreign {
    delivery.event.as_ref().unwrap_or(&delivery.message)
}

/// Deliveries as a table; on the page of a subscription without its target.
pub(super) fn table(v: &Visit, deliveries: &[Delivery], is_of_one: bool) -> Markup {
    html! {
        table.list {
            caption.quiet { (v.say(text::DELIVERIES)) }
            thead { tr {
                th scope="col" { (v.say(text::EVENT)) }
                th scope="col" { (v.say(text::STATE)) }
                @if !is_of_one { th scope="col" { (v.say(text::TARGET)) } }
                @if v.is_operator() && !is_of_one { th scope="col" { (v.say(text::OWNER)) } }
                th scope="col" { (v.say(text::LAST_ANSWER)) }
                th scope="col" { (v.say(text::ATTEMPTS)) }
                th scope="col" { (v.say(text::TIME)) }
            } }
            tbody { @for delivery in deliveries { (row(v, delivery, is_of_one)) } }
        }
    }
}

fn row(v: &Visit, delivery: &Delivery, is_of_one: bool) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(v.link(&format!("deliveries/{}", delivery.id))) { code.plain { (name_of(delivery).breakable()) } } }
            td { (parts::delivery_state(v, delivery.state)) }
            @if !is_of_one { td data-label=(v.say(text::TARGET)) { @match &delivery.target {
                Some(target) => span.target { (parts::target(v, target)) },
                None => span.soft { (v.say(text::SUBSCRIPTION_REMOVED)) },
            } } }
            @if v.is_operator() && !is_of_one { td data-label=(v.say(text::OWNER)) { @if let Some(owner) = &delivery.owner { (owner) } } }
            td data-label=(v.say(text::LAST_ANSWER)) { @match &delivery.last_attempt {
                Some(last) => {
                    (parts::outcome(v, delivery.is_fetched(), last.status, last.error.as_ref()))
                    @if !delivery.is_fetched() { " " span.soft.small { (parts::millis(last.duration_ms)) } }
                }
                None => (parts::answer(v, None, None)),
            } }
            td.number data-label=(v.say(text::ATTEMPTS)) { (delivery.attempts) }
            td data-label=(v.say(text::TIME)) { (parts::relative(v, delivery.created)) }
        }
    }
}
