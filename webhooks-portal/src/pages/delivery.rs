//! One delivery: what happened and why, attempt by attempt, with the message as it is sent.

use maud::{Markup, html};
use webhooks_api::Ability;

use super::delivery_table::{name_of, table};
use super::why::explain;
use crate::fields::query;
use crate::foreign::Foreign;
use crate::parts::{self, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{At, Attempt, Delivery, DeliveryState, Message, Problem};
use crate::text::{self, fetching, trying};
use crate::visit::Visit;

pub(crate) async fn show(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let delivery = operations.delivery(id).await?;
    let attempts = operations.attempts(id).await?;
    // The retention removes messages before their deliveries.
    let message = operations.message(delivery.message.as_str()).await.ok();
    let request = super::request::shown(v, &delivery, &attempts, message.as_ref()).await;
    let content = html! {
        p.way { a href=(v.link("deliveries")) { (v.say(text::DELIVERIES)) } }
        div.head data-refresh[!delivery.state.is_final() && delivery.attempts == 0] {
            h1 { code.plain { (name_of(&delivery).breakable()) } }
            (parts::delivery_state(v, delivery.state))
        }
        p.lead {
            (v.say(text::TO)) " "
            @match &delivery.target {
                Some(target) => a.target href=(v.link(&format!("subscriptions/{}", delivery.subscription))) { (parts::target(v, target)) },
                None => (v.say(text::SUBSCRIPTION_REMOVED)),
            }
            @if let Some(owner) = v.owner_shown(delivery.owner.as_ref()) { " · " (owner) }
        }
        (summary(v, &delivery))
        (buttons(v, &delivery))
        section aria-labelledby="timeline" { h2 #timeline { (v.say(text::TIMELINE)) } (timeline(v, &delivery, &attempts, message.as_ref())) }
        section aria-labelledby="request" { h2 #request { (v.say(if delivery.is_fetched() { fetching::PAYLOAD } else { text::REQUEST })) } (request) }
        section aria-labelledby="details" { h2 #details { (v.say(text::DETAILS)) } (details(v, &delivery, message.as_ref())) }
    };
    let title = format!("{} · {}", name_of(&delivery), v.say(text::DELIVERY));
    Ok(Page::new(Section::Deliveries, title, content).into())
}

/// The answer to "why did it not arrive?", before anything else.
fn summary(v: &Visit, delivery: &Delivery) -> Markup {
    let last = delivery.last_attempt.as_ref();
    let why = html! { @if let Some(last) = last { (explain(v, last.status, last.error.as_ref().map(Foreign::as_str))) } };
    match delivery.state {
        DeliveryState::Delivered => {
            let note = if delivery.is_fetched() {
                fetching::FETCHED_NOTE
            } else {
                text::DELIVERED_NOTE
            };
            parts::notice(Tone::Good, &html! { p { (v.say(note)) } })
        }
        DeliveryState::Failed if delivery.is_fetched() => parts::notice(Tone::Bad, &why),
        DeliveryState::Failed => parts::notice(
            Tone::Bad,
            &html! {
                (why) p { (v.fill(text::GIVEN_UP, [&delivery.attempts.to_string()])) }
            },
        ),
        DeliveryState::Pending | DeliveryState::Sending if delivery.is_fetched() => parts::notice(
            Tone::Plain,
            &html! { p { (v.say(fetching::WAITS_TO_BE_FETCHED)) } },
        ),
        DeliveryState::Pending | DeliveryState::Sending if delivery.attempts > 0 => parts::notice(
            Tone::Warning,
            &html! {
                (why) @if let Some(due) = delivery.due { p { (v.say(text::NEXT_TRY)) " " (parts::relative(v, due)) "." } }
            },
        ),
        DeliveryState::Pending | DeliveryState::Sending => {
            parts::notice(Tone::Plain, &html! { p { (v.say(text::ON_ITS_WAY)) } })
        }
        DeliveryState::Cancelled => parts::notice(
            Tone::Warning,
            &html! { p { (v.say(text::CANCELLED_NOTE)) } (why) },
        ),
        DeliveryState::Unknown => Markup::default(),
    }
}

fn buttons(v: &Visit, delivery: &Delivery) -> Markup {
    if !v.may(Ability::Replay) {
        return Markup::default();
    }
    let path = |rest: &str| format!("deliveries/{}/{rest}", delivery.id);
    html! {
        div.actions {
            @match delivery.state {
                DeliveryState::Sending => {}
                // What waits to be fetched is there already.
                DeliveryState::Pending if delivery.is_fetched() => {}
                // What has arrived is seldom sent once more.
                DeliveryState::Delivered => (parts::action(v, &path("retry"), "", v.say(text::SEND_AGAIN))),
                _ => {
                    @let words = if delivery.is_fetched() { text::SEND_AGAIN } else { text::RETRY };
                    (parts::action(v, &path("retry"), "primary", v.say(words)))
                }
            }
            @if delivery.state == DeliveryState::Pending { (parts::action(v, &path("cancel"), "danger", v.say(text::CANCEL))) }
        }
    }
}

fn timeline(
    v: &Visit,
    delivery: &Delivery,
    attempts: &[Attempt],
    message: Option<&Message>,
) -> Markup {
    html! {
        ol.timeline {
            @if let Some(message) = message { (step(message.created, "open", &html! { strong { (v.say(text::EVENT_HAPPENED)) } })) }
            @for attempt in attempts {
                @if delivery.is_fetched() { (fetch_of(v, attempt)) } @else { (try_of(v, attempt, attempts.len() > 1)) }
            }
            @if let Some(due) = delivery.due { @if !delivery.state.is_final() { li.next {
                @let next = if delivery.is_fetched() { fetching::WAITS_SINCE } else { text::NEXT_ATTEMPT };
                (parts::exact(due)) div { strong { (v.say(next)) } " " span.soft { (parts::relative(v, due)) } }
            } } }
            @if let Some(finished) = delivery.finished { @if delivery.state.is_final() {
                (step(finished, tone(delivery.state), &html! { (parts::delivery_state(v, delivery.state)) }))
            } }
        }
    }
}

const fn tone(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Delivered => "good",
        DeliveryState::Failed => "bad",
        _ => "open",
    }
}

fn step(at: At, tone: &str, content: &Markup) -> Markup {
    html! { li class=(tone) { (parts::exact(at)) div { (content) } } }
}

/// That what was fetched was acknowledged, or was not in time.
fn fetch_of(v: &Visit, attempt: &Attempt) -> Markup {
    let tone = if attempt.succeeded() { "good" } else { "bad" };
    let error = attempt.error.as_ref();
    step(
        attempt.at,
        tone,
        &html! {
            p { (parts::outcome(v, true, attempt.status, error)) }
            (explain(v, attempt.status, error.map(Foreign::as_str)))
        },
    )
}

fn try_of(v: &Visit, attempt: &Attempt, is_one_of_many: bool) -> Markup {
    let tone = if attempt.succeeded() { "good" } else { "bad" };
    step(
        attempt.at,
        tone,
        &html! {
            p { strong { (v.fill(text::ATTEMPT_N, [&attempt.number.to_string()])) } " "
                (parts::answer(v, attempt.status, attempt.error.as_ref())) " "
                span.soft { (v.fill(text::TOOK, [&parts::millis(attempt.duration_ms)])) }
                @if is_one_of_many && v.may(Ability::Payload) { " · " a.small href={ (query(&[("attempt", attempt.id.as_str())])) "#request" } { (v.say(trying::ITS_REQUEST)) } } }
            (explain(v, attempt.status, attempt.error.as_ref().map(Foreign::as_str)))
            @match &attempt.response {
                Some(response) => details { summary { (v.say(text::RESPONSE_BODY)) } (parts::body(v, response, None)) },
                None => @if attempt.status.is_some() { p.soft.small {
                    (v.say(if v.may(Ability::Payload) { text::NO_RESPONSE_BODY } else { text::BODIES_HIDDEN }))
                } },
            }
        },
    )
}

fn details(v: &Visit, delivery: &Delivery, message: Option<&Message>) -> Markup {
    html! {
        dl.facts {
            (parts::fact(v.say(text::DELIVERY_ID), &parts::copyable(delivery.id.as_str())))
            (parts::fact(v.say(text::MESSAGE_ID), &html! { (parts::copyable(delivery.message.as_str())) " "
                a.small href=(v.link(&format!("messages/{}", delivery.message))) { (v.say(text::DELIVERIES_OF_MESSAGE)) } }))
            (parts::fact(v.say(text::CREATED), &parts::exact(delivery.created)))
            @if let Some(expires) = message.and_then(|message| message.expires) { (parts::fact(v.say(text::EXPIRES), &parts::exact(expires))) }
            @if let Some(message) = message { @if !message.labels.is_empty() { (parts::fact(v.say(text::LABELS), &html! {
                span.chips { @for (name, value) in &message.labels { code { (name) "=" (value) } " " } }
            })) } }
        }
    }
}

/// The payload's bytes, as a file: what came from outside is never shown as a page.
pub(crate) async fn payload(v: &Visit) -> Result<Reply, Problem> {
    let operations = v.operations();
    let delivery = operations.delivery(v.part("id")?).await?;
    let message = operations.message(delivery.message.as_str()).await?;
    let body = message.body.ok_or_else(Problem::not_found)?;
    Ok(Reply::File {
        name: format!("{}.json", message.id),
        bytes: body.bytes(),
    })
}

/// The deliveries of one message.
pub(crate) async fn of_message(v: &Visit) -> Result<Reply, Problem> {
    let operations = v.operations();
    let message = operations.message(v.part("id")?).await?;
    let found = operations.deliveries_of(message.id.as_str()).await?;
    let content = html! {
        p.way { a href=(v.link("deliveries")) { (v.say(text::DELIVERIES)) } }
        div.head { h1 { code.plain { (message.event.breakable()) } } }
        p.lead { (v.say(text::MESSAGE_LEAD)) " " (parts::copyable(message.id.as_str())) }
        @if let Some(owner) = v.owner_shown(message.owner.as_ref()) { p { (v.say(text::OWNER)) ": " (owner) } }
        @if found.data.is_empty() { p.soft { (v.say(text::NO_DELIVERIES)) } } @else { (table(v, &found.data, false)) }
    };
    let title = format!("{} · {}", message.event, v.say(text::DELIVERIES));
    Ok(Page::new(Section::Deliveries, title, content).into())
}

pub(crate) async fn retry(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    operations.retry(id).await?;
    let is_fetched = operations.delivery(id).await?.is_fetched();
    let done = if is_fetched { "waiting" } else { "retried" };
    Ok(Reply::See(format!("deliveries/{id}?done={done}")))
}

pub(crate) async fn cancel(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    v.operations().cancel(id).await?;
    Ok(Reply::See(format!("deliveries/{id}?done=cancelled")))
}
