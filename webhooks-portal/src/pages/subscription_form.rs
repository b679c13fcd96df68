//! The form of a subscription: for a new one, and for one that is changed.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Value, json};

use crate::fields::{Fields, query};
use crate::foreign::{Foreign, ForeignStr};
use crate::parts::{self, Tone};
use crate::source::{Event, POLL, Problem, Subscription};
use crate::text::{self, Text, fetching, trying};
use crate::visit::Visit;

/// What the form holds.
#[derive(Default)]
pub(super) struct Draft {
    target: String,
    description: String,
    /// Exact names of events, patterns, or `*` alone.
    events: Vec<String>,
    /// `name: value`, a line for each; values of headers that are stored are never in it.
    headers: String,
    /// Which state of the subscription was read.
    pub(super) revision: Option<i64>,
    /// For an operator: whose it will be.
    pub(super) owner: Option<String>,
}

impl Draft {
    pub(super) fn of(subscription: &Subscription) -> Self {
        Self {
            target: subscription.target.to_string(),
            description: subscription.description.to_string(),
            events: subscription
                .events
                .iter()
                .map(ToString::to_string)
                .collect(),
            headers: String::new(),
            revision: Some(subscription.revision),
            owner: None,
        }
    }

    /// For events that a link names, and for messages that are fetched where it says so.
    pub(super) fn of_query(query: &Fields) -> Self {
        Self {
            target: if query.has("target", POLL) { POLL } else { "" }.to_owned(),
            events: query.all("event").map(str::to_owned).collect(),
            owner: query.get("owner").map(str::to_owned),
            ..Self::default()
        }
    }

    pub(super) fn read(form: &Fields) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        let patterns = text("patterns");
        let patterns = patterns
            .split([',', ' ', '\n', '\r', '\t'])
            .filter(|pattern| !pattern.is_empty());
        let mut events: Vec<String> = form
            .all("event")
            .chain(patterns)
            .map(str::to_owned)
            .collect();
        if form.has("which", "all") {
            events = vec!["*".to_owned()];
        }
        Self {
            target: text("target"),
            description: text("description"),
            events,
            headers: text("headers"),
            revision: form
                .get("revision")
                .and_then(|revision| revision.parse().ok()),
            owner: form.get("owner").map(str::to_owned),
        }
    }

    /// The body for the API. Headers go along when some are written: without them, those that are stored stay.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "target": self.target,
            "events": self.events,
            "description": self.description,
        });
        let headers: BTreeMap<&str, &str> = self
            .headers
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.split_once(':').unwrap_or((line, "")))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect();
        if !headers.is_empty() {
            body["headers"] = json!(headers);
        }
        body
    }

    pub(super) fn target(&self) -> &str {
        &self.target
    }

    pub(super) fn is_fetched(&self) -> bool {
        self.target == POLL
    }

    /// The way to the form of the other kind, with what was chosen before.
    fn other_kind(&self) -> String {
        let kind = (!self.is_fetched()).then_some(("target", POLL));
        let events = self.events.iter().map(|event| ("event", event.as_str()));
        let owner = self.owner.as_deref().map(|owner| ("owner", owner));
        let pairs: Vec<_> = kind.into_iter().chain(events).chain(owner).collect();
        format!("subscriptions/new{}", query(&pairs))
    }

    fn wants_all(&self) -> bool {
        self.events.iter().any(|event| event == "*")
    }
}

/// What the form sends to, and what its button says.
pub(super) struct Purpose<'p> {
    pub(super) path: &'p str,
    pub(super) back: &'p str,
    pub(super) button: &'p str,
    /// Of a subscription that exists: its id, and the names of its headers.
    pub(super) id: Option<&'p str>,
    pub(super) headers: &'p [Foreign],
    /// What became of a check of the target, where there was one.
    pub(super) checked: Option<Result<(), Problem>>,
}

/// The form, after what was wrong with what it sent before.
pub(super) fn form(
    v: &Visit,
    purpose: &Purpose<'_>,
    draft: &Draft,
    events: &[Event],
    problem: Option<&Problem>,
) -> Markup {
    let is_target = |problem: &&Problem| problem.detail.as_str().contains("target");
    let wrong_target =
        problem.as_ref().is_some_and(is_target) || matches!(purpose.checked, Some(Err(_)));
    html! {
        @if let Some(problem) = problem { (refusal(v, problem)) }
        form.stacked method="post" action=(v.link(purpose.path)) {
            (v.token_field())
            @if let Some(revision) = draft.revision { (parts::hidden("revision", &revision.to_string())) }
            @if let Some(id) = purpose.id { (parts::hidden("id", id)) }
            @if v.is_operator() && draft.revision.is_none() {
                (parts::field("owner", v.say(text::OWNER), Some(v.say(text::OWNER_HINT)), &html! {
                    input #owner name="owner" type="text" required aria-describedby="owner-hint" value=[draft.owner.as_deref().map(ForeignStr)];
                }))
            }
            (target_field(v, purpose, draft, wrong_target))
            (event_fields(v, draft, events))
            (parts::field("description", v.say(text::DESCRIPTION), Some(v.say(text::DESCRIPTION_HINT)), &html! {
                input #description .long name="description" type="text" maxlength="1024" aria-describedby="description-hint" value=(ForeignStr(&draft.description));
            }))
            @if !draft.is_fetched() { (header_field(v, purpose, draft)) }
            div.actions {
                button.primary { (purpose.button) }
                @if !draft.is_fetched() { button #check formaction=(v.link("subscriptions/check")) formnovalidate { (v.say(trying::CHECK_TARGET)) } }
                a.button href=(v.link(purpose.back)) { (v.say(text::KEEP)) }
            }
        }
    }
}

/// Where messages go, with the way to the other kind of subscription; one that exists keeps its kind.
fn target_field(v: &Visit, purpose: &Purpose<'_>, draft: &Draft, is_wrong: bool) -> Markup {
    let other = |text: Text| {
        html! { @if purpose.id.is_none() { p.small { a href=(v.link(&draft.other_kind())) { (v.say(text)) } } } }
    };
    if draft.is_fetched() {
        return html! { div { (parts::hidden("target", POLL)) p { (v.say(fetching::FETCH_LEAD)) } (other(fetching::SEND_INSTEAD)) } };
    }
    let field = parts::field(
        "target",
        v.say(text::TARGET),
        Some(v.say(text::TARGET_HINT)),
        &html! {
            input #target .long name="target" type="url" required maxlength="2048" autocomplete="off" spellcheck="false"
                placeholder="https://example.com/webhooks" aria-describedby="target-hint target-result"
                aria-invalid=[is_wrong.then_some("true")] value=(ForeignStr(&draft.target));
            div #target-result role="status" { @if let Some(checked) = &purpose.checked { (result(v, checked.as_ref().err())) } }
        },
    );
    html! { div { (field) (other(fetching::FETCH_INSTEAD)) } }
}

/// Headers of requests: what is fetched has none.
fn header_field(v: &Visit, purpose: &Purpose<'_>, draft: &Draft) -> Markup {
    html! {
        details open[!draft.headers.is_empty()] {
            summary { (v.say(text::MORE_HEADERS)) }
            (parts::field("headers", v.say(text::HEADERS), Some(v.say(text::HEADERS_HINT)), &html! {
                textarea #headers .long name="headers" rows="3" spellcheck="false" autocomplete="off" aria-describedby="headers-hint" { (ForeignStr(&draft.headers)) }
            }))
            @if !purpose.headers.is_empty() { p.soft.small { (v.say(text::HEADERS_KEPT)) " " @for name in purpose.headers { code { (name) } " " } } }
        }
    }
}

/// What a check of the target has found.
fn result(v: &Visit, problem: Option<&Problem>) -> Markup {
    html! { @match problem {
        None => p.small { (v.say(trying::TARGET_ACCEPTED)) },
        Some(problem) => p.small { strong { (v.say(trying::TARGET_REFUSED)) } " " (problem.detail) },
    } }
}

fn refusal(v: &Visit, problem: &Problem) -> Markup {
    let lead = if problem.is_overtaken() {
        text::OVERTAKEN
    } else {
        text::NOT_SAVED
    };
    parts::notice(
        Tone::Bad,
        &html! {
            p { strong { (v.say(lead)) } @if !problem.is_overtaken() { " " (problem.detail) } }
            @for error in &problem.errors { p { (error.detail) } }
        },
    )
}

/// All events, or some of them: by tag, each with what it tells of.
fn event_fields(v: &Visit, draft: &Draft, events: &[Event]) -> Markup {
    let is_known = |name: &str| events.iter().any(|event| event.name.as_str() == name);
    let patterns: Vec<&str> = draft
        .events
        .iter()
        .map(String::as_str)
        .filter(|name| *name != "*" && !is_known(name))
        .collect();
    let all = draft.wants_all();
    let mut groups: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in events {
        let tag = event.tags.first().map(Foreign::as_str).unwrap_or_default();
        groups.entry(tag).or_default().push(event);
    }
    html! {
        fieldset.events {
            legend { (v.say(text::EVENTS)) }
            label.choice { input type="radio" name="which" value="all" checked[all]; (v.say(text::ALL_EVENTS)) }
            label.choice { input type="radio" name="which" value="some" checked[!all]; (v.say(text::CHOSEN_EVENTS)) }
            div.chooser data-search=(v.say(text::SEARCH_EVENTS)) {
                @for (tag, events) in &groups {
                    fieldset.group {
                        legend { @if tag.is_empty() { (v.say(text::OTHER_EVENTS)) } @else { (ForeignStr(tag)) } }
                        @for event in events { (event_box(v, event, draft.events.iter().any(|name| *name == event.name.as_str()))) }
                    }
                }
            }
            (parts::field("patterns", v.say(text::PATTERNS), Some(v.say(text::PATTERNS_HINT)), &html! {
                input #patterns .long name="patterns" type="text" spellcheck="false" autocomplete="off" placeholder="payment.*" aria-describedby="patterns-hint" value=(ForeignStr(&patterns.join(" ")));
            }))
        }
    }
}

fn event_box(v: &Visit, event: &Event, is_chosen: bool) -> Markup {
    html! {
        label.choice {
            input type="checkbox" name="event" value=(event.name) checked[is_chosen];
            span { code.plain { (event.name.breakable()) }
                @if event.deprecated { " " b.old { (v.say(text::DEPRECATED)) } }
                @if !event.description.is_empty() { span.about { (event.description) } } }
        }
    }
}
