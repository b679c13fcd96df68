//! What failed, what was missed, or everything, sent to a subscription again: counted first, then as a job.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde_json::json;

use super::counting;
use super::delivery_filter::{utc, written};
use crate::fields::Fields;
use crate::foreign::ForeignStr;
use crate::parts::{self, Choice, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{Job, Problem, Subscription};
use crate::text::{self, Text, redelivery};
use crate::visit::Visit;

/// The spans that can be chosen, in hours.
const SPANS: [(&str, Text); 4] = [
    ("1", text::LAST_HOUR),
    ("24", text::LAST_DAY),
    ("168", text::LAST_WEEK),
    ("336", text::LAST_TWO_WEEKS),
];

/// What is chosen where nothing is.
const DAY: &str = "24";

/// What can be sent again.
const WHAT: [(&str, Text); 3] = [
    ("failed", redelivery::WHAT_FAILED),
    ("missed", redelivery::WHAT_MISSED),
    ("all", redelivery::WHAT_ALL),
];

/// The names of the form's fields.
const NAMES: [&str; 5] = ["what", "hours", "from", "until", "events"];

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let subscription = v.operations().subscription(v.part("id")?).await?;
    let counted = counting::named(v, "replay").await?;
    let is_own = |job: &Job| job.subscription.as_ref() == Some(&subscription.id);
    if !counted.as_ref().is_none_or(is_own) {
        return Err(Problem::not_found());
    }
    let path = format!("subscriptions/{}", subscription.id);
    let found = html! { @if let Some(job) = &counted {
        (counting::shown(v, job, redelivery::REPLAY_COUNT, |count| html! {
            form.actions method="post" action=(v.link(&format!("{path}/replay"))) {
                (counting::carried(v, &NAMES))
                button.primary { (v.fill(redelivery::REPLAY_NOW, [count])) }
                a.button href=(v.link(&path)) { (v.say(text::KEEP)) }
            }
        }))
    } };
    Ok(page(v, &subscription, &v.query, &found).into())
}

fn page(v: &Visit, subscription: &Subscription, fields: &Fields, found: &Markup) -> Page {
    let path = format!("subscriptions/{}", subscription.id);
    let content = html! {
        p.way { a href=(v.link(&path)) { (parts::target(v, &subscription.target)) } }
        div.head { h1 { (v.say(text::SEND_AGAIN)) } }
        p.lead { (v.say(redelivery::REPLAY_NOTE)) }
        (form(v, &path, fields))
        (found)
    };
    Page::new(Section::Subscriptions, v.say(text::SEND_AGAIN), content)
}

/// What is chosen most comes first, the rest is folded.
fn form(v: &Visit, path: &str, fields: &Fields) -> Markup {
    let kinds = WHAT.map(|(name, word)| Choice::new(name, v.say(word)));
    let spans = SPANS.map(|(hours, word)| Choice::new(hours, v.say(word)));
    let is_narrow = !fields.pairs(&["from", "until", "events"]).is_empty();
    let time_field = |name: &str, label: Text| {
        let value = fields.get(name).map(ForeignStr);
        parts::field(
            name,
            v.say(label),
            None,
            &html! { input id=(name) name=(name) type="datetime-local" value=[value]; },
        )
    };
    let events = fields.get("events").map(ForeignStr);
    html! {
        form.filter method="post" action=(v.link(&format!("{path}/replay/count"))) {
            (v.token_field())
            (parts::select("what", v.say(redelivery::WHAT), &kinds, Some(what(fields))))
            (parts::select("hours", v.say(redelivery::WITHIN), &spans, Some(hours(fields))))
            button { (v.say(redelivery::COUNT)) }
            details.more open[is_narrow] {
                summary { (v.say(redelivery::NARROWER)) }
                p.hint { (v.say(redelivery::TIMES_NOTE)) }
                div.fields {
                    (time_field("from", text::FROM_UTC))
                    (time_field("until", text::UNTIL_UTC))
                    (parts::field("events", v.say(redelivery::ONLY_EVENTS), Some(v.say(text::PATTERNS_HINT)), &html! {
                        input #events .long name="events" type="text" spellcheck="false" autocomplete="off" aria-describedby="events-hint" value=[events];
                    }))
                }
            }
        }
    }
}

fn what(fields: &Fields) -> &'static str {
    let wanted = fields.get("what");
    let known = WHAT.iter().map(|(name, _)| *name);
    let mut known = known.filter(|name| wanted == Some(*name));
    known.next().unwrap_or("failed")
}

fn hours(fields: &Fields) -> &'static str {
    let wanted = fields.get("hours");
    let known = SPANS.iter().map(|(hours, _)| *hours);
    let mut known = known.filter(|hours| wanted == Some(*hours));
    known.next().unwrap_or(DAY)
}

/// When it begins: at the exact time, where one is given.
fn since(fields: &Fields, now: Timestamp) -> Timestamp {
    let hours = hours(fields).parse().unwrap_or(24);
    let span = now.checked_sub(SignedDuration::from_hours(hours));
    let exact = fields.get("from").and_then(utc);
    exact.unwrap_or_else(|| span.unwrap_or(now))
}

/// Counts, and goes back to the page with the number; what the API does not take is said there.
pub(crate) async fn count(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    match ask_api(v, id, true).await {
        Ok(job) => {
            let path = format!("subscriptions/{id}/replay");
            Ok(counting::see(v, &path, &NAMES, &job))
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let subscription = v.operations().subscription(id).await?;
            let found = parts::notice(
                Tone::Bad,
                &html! {
                    p { strong { (v.say(redelivery::NOT_COUNTED)) } " " (problem.detail) }
                    @for error in &problem.errors { p { (error.detail) } }
                },
            );
            Ok(page(v, &subscription, &v.form, &found)
                .status(problem.status)
                .into())
        }
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn start(v: &Visit) -> Result<Reply, Problem> {
    let job = ask_api(v, v.part("id")?, false).await?;
    let done = match what(&v.form) {
        "missed" => "replayed-missed",
        "all" => "replayed-all",
        _ => "replayed",
    };
    Ok(Reply::See(format!("jobs/{}?done={done}", job.id)))
}

/// The job for what the form asks.
async fn ask_api(v: &Visit, id: &str, is_dry_run: bool) -> Result<Job, Problem> {
    counting::check_times(v)?;
    let fields = &v.form;
    let now = if is_dry_run {
        v.now
    } else {
        counting::moment(v, fields)
    };
    let events = fields.get("events").unwrap_or_default();
    let events: Vec<&str> = events.split_whitespace().collect();
    let body = json!({
        "what": what(fields),
        "since": written(since(fields, now)),
        "until": fields.get("until").and_then(utc).map(written),
        "events": events,
        "dry_run": is_dry_run,
    });
    v.operations().replay(id, body).await
}
