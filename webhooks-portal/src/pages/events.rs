//! The catalogue: what can happen, and be subscribed to.

use std::collections::BTreeMap;

use maud::{Markup, html};
use webhooks_api::Ability;

use crate::fields::query;
use crate::foreign::{Foreign, ForeignStr};
use crate::parts::{self, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{Event, Problem, segment};
use crate::text;
use crate::visit::Visit;

pub(crate) async fn list(v: &Visit) -> Result<Reply, Problem> {
    let events = super::change::events(v).await?;
    let mut groups: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in &events {
        let tag = event.tags.first().map(Foreign::as_str).unwrap_or_default();
        groups.entry(tag).or_default().push(event);
    }
    let content = html! {
        div.head { h1 { (v.say(text::EVENTS)) } }
        p.lead { (v.say(text::EVENTS_LEAD)) }
        @if events.is_empty() { div.empty { p { (v.say(if v.site.knows_events { text::NO_EVENTS } else { text::EVENTS_ELSEWHERE })) } } }
        @for (place, (tag, events)) in groups.iter().enumerate() {
            section aria-labelledby={ "tag" (place) } {
                h2 id={ "tag" (place) } { @if tag.is_empty() { (v.say(text::OTHER_EVENTS)) } @else { (ForeignStr(tag)) } }
                ul.cards { @for event in events { (card(v, event)) } }
            }
        }
    };
    Ok(Page::new(Section::Events, v.say(text::EVENTS), content).into())
}

fn card(v: &Visit, event: &Event) -> Markup {
    let path = format!("events/{}", segment(event.name.as_str()));
    html! {
        li {
            a href=(v.link(&path)) { code.plain { (event.name.breakable()) } }
            @if event.deprecated { " " b.old { (v.say(text::DEPRECATED)) } }
            @if !event.description.is_empty() { p { (event.description) } }
        }
    }
}

pub(crate) async fn show(v: &Visit) -> Result<Reply, Problem> {
    let event = v.operations().event(v.part("name")?).await?;
    let name = event.name.as_str();
    let subscribe = format!("subscriptions/new{}", query(&[("event", name)]));
    let deliveries = format!("deliveries{}", query(&[("event", name)]));
    let content = html! {
        p.way { a href=(v.link("events")) { (v.say(text::EVENTS)) } }
        div.head { h1 { code.plain { (event.name.breakable()) } } @if event.deprecated { b.old { (v.say(text::DEPRECATED)) } } }
        @if let Some(other) = &event.replaced_by {
            (parts::notice(Tone::Warning, &html! { p { (v.say(text::REPLACED_BY)) " " a href=(v.link(&format!("events/{}", segment(other.as_str())))) { code { (other) } } } }))
        }
        @if !event.description.is_empty() { p.lead { (event.description) } }
        div.actions {
            @if v.may(Ability::Change) { a class="button primary" href=(v.link(&subscribe)) { (v.say(text::SUBSCRIBE_TO)) } }
            a.button href=(v.link(&deliveries)) { (v.say(text::ITS_DELIVERIES)) }
            @if let Some(documentation) = &v.site.documentation { a.button href=(documentation) { (v.say(text::DOCUMENTATION)) } }
        }
        @if let Some(example) = &event.example { section aria-labelledby="example" { h2 #example { (v.say(text::EXAMPLE)) } (parts::json(example)) } }
        section aria-labelledby="schema" {
            h2 #schema { (v.say(text::SCHEMA)) }
            @match &event.schema { Some(schema) => (parts::json(schema)), None => p.soft { (v.say(text::NO_PAYLOAD)) } }
        }
    };
    Ok(Page::new(Section::Events, event.name.to_string(), content).into())
}
