//! A test: the test event by one button, or an example of an event that can be edited.

use http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use crate::foreign::ForeignStr;
use crate::parts::{self, Choice, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{Event, Problem, Subscription};
use crate::text::{self, fetching, trying};
use crate::visit::Visit;

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let subscription = v.operations().subscription(v.part("id")?).await?;
    Ok(page(v, &subscription, v.query.get("event"), None, None)
        .await?
        .into())
}

async fn page(
    v: &Visit,
    subscription: &Subscription,
    wanted: Option<&str>,
    written: Option<&str>,
    problem: Option<&Problem>,
) -> Result<Page, Problem> {
    let path = format!("subscriptions/{}", subscription.id);
    let events = super::change::events(v).await?;
    let chosen = match chosen(&events, subscription, wanted) {
        // The list has no examples.
        Some(event) => Some(v.operations().event(event.name.as_str()).await?),
        None => None,
    };
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    let choices: Vec<_> = names.iter().map(|name| Choice::new(name, name)).collect();
    let example = chosen.as_ref().and_then(|event| event.example.as_ref());
    let example = example.map(laid_out);
    let payload = written.map(str::to_owned).or(example);
    let content = html! {
        p.way { a href=(v.link(&path)) { (parts::target(v, &subscription.target)) } }
        div.head { h1 { (v.say(trying::TEST_EVENT)) } }
        p.lead { (v.say(if subscription.is_fetched() { fetching::TEST_LEAD } else { trying::TEST_LEAD })) }
        @if let Some(problem) = problem { (refusal(v, problem)) }
        @match &chosen {
            None => p.soft { (v.say(text::NO_EVENTS)) },
            Some(event) => {
                form.filter method="get" role="search" action=(v.link(&format!("{path}/test"))) aria-label=(v.say(text::EVENT)) {
                    (parts::select("event", v.say(text::EVENT), &choices, Some(event.name.as_str())))
                    button { (v.say(trying::TEST_SHOW)) }
                }
                form.stacked method="post" action=(v.link(&format!("{path}/test"))) {
                    (v.token_field()) (parts::hidden("event", event.name.as_str()))
                    (parts::field("payload", v.say(trying::TEST_PAYLOAD), Some(v.say(trying::TEST_PAYLOAD_HINT)), &html! {
                        textarea #payload .long name="payload" rows="14" spellcheck="false" autocomplete="off" aria-describedby="payload-hint" { (ForeignStr(payload.as_deref().unwrap_or("{}"))) }
                    }))
                    div.actions {
                        button.primary { (v.say(trying::TEST_SEND)) }
                        a.button href=(v.link(&path)) { (v.say(text::KEEP)) }
                    }
                }
            }
        }
    };
    Ok(Page::new(
        Section::Subscriptions,
        v.say(trying::TEST_EVENT),
        content,
    ))
}

/// The event that was asked for, or the first one that the subscription names, or the first of all.
fn chosen<'e>(
    events: &'e [Event],
    subscription: &Subscription,
    wanted: Option<&str>,
) -> Option<&'e Event> {
    let named = |name: &str| events.iter().find(|event| event.name.as_str() == name);
    let own = || {
        subscription
            .events
            .iter()
            .find_map(|event| named(event.as_str()))
    };
    wanted
        .and_then(named)
        .or_else(own)
        .or_else(|| events.first())
}

fn laid_out(example: &Value) -> String {
    serde_json::to_string_pretty(example).unwrap_or_default()
}

fn refusal(v: &Visit, problem: &Problem) -> Markup {
    parts::notice(
        Tone::Bad,
        &html! {
            p { strong { (v.say(trying::NOT_SENT)) } " " (problem.detail) }
            @for error in &problem.errors { p { (error.detail) } }
        },
    )
}

/// Sends it, and goes to its delivery: there it is seen arriving.
pub(crate) async fn send(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let Some(event) = v.form.get("event") else {
        let sent = operations.test(id, None).await?;
        return arrived(v, id, &sent.message).await;
    };
    let text = v.form.get("payload").unwrap_or("null");
    let sent = match serde_json::from_str::<Value>(text) {
        Ok(payload) => operations.test(id, Some((event, &payload))).await,
        Err(error) => {
            let place = [&*error.line().to_string(), &error.column().to_string()];
            let detail = v.fill(trying::NOT_JSON, place);
            Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-body",
                detail,
            ))
        }
    };
    match sent {
        Ok(sent) => arrived(v, id, &sent.message).await,
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let subscription = operations.subscription(id).await?;
            let page = page(v, &subscription, Some(event), Some(text), Some(&problem)).await?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into())
        }
        Err(problem) => Err(problem),
    }
}

async fn arrived(v: &Visit, id: &str, message: &str) -> Result<Reply, Problem> {
    let deliveries = v.operations().deliveries_of(message).await?;
    Ok(Reply::See(match deliveries.data.first() {
        Some(delivery) if delivery.is_fetched() => {
            format!("deliveries/{}?done=waiting", delivery.id)
        }
        Some(delivery) => format!("deliveries/{}?done=tested", delivery.id),
        None => format!("subscriptions/{id}?done=tested"),
    }))
}
