//! What failed of the deliveries that the log's filter finds, tried again: counted first, then as one job.

use http::StatusCode;
use maud::{Markup, html};
use serde_json::json;
use webhooks_api::Ability;

use super::counting;
use super::delivery_filter::{self, NAMES, times};
use crate::fields::{Fields, query};
use crate::foreign::ForeignStr;
use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::{At, DeliveryState, Job, Problem, segment};
use crate::text::{self, metrics, redelivery};
use crate::visit::Visit;

/// On the log: a button that counts, for those who may retry, where what failed is among what the log shows.
pub(super) fn button(v: &Visit) -> Markup {
    let is_offered = v.may(Ability::Replay) && delivery_filter::asks_for_failed(&v.query);
    html! {
        @if is_offered {
            form.inline method="post" action=(v.link("deliveries/retry/count")) {
                (counting::carried(v, &NAMES)) button { (v.say(redelivery::RETRY_FAILED)) }
            }
        }
    }
}

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    if !v.may(Ability::Replay) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", ""));
    }
    check_states(v, &v.query)?;
    let counted = counting::named(v, "retry").await?;
    let back = format!("deliveries{}", query(&v.query.pairs(&NAMES)));
    let form = |path: &str, label: &str| {
        html! {
            form.actions method="post" action=(v.link(path)) {
                (counting::carried(v, &NAMES))
                button.primary { (label) }
                a.button href=(v.link(&back)) { (v.say(text::KEEP)) }
            }
        }
    };
    let content = html! {
        p.way { a href=(v.link(&back)) { (v.say(text::DELIVERIES)) } }
        div.head { h1 { (v.say(redelivery::RETRY_FAILED)) } }
        p.lead { (v.say(redelivery::RETRY_NOTE)) }
        (asked(v))
        @match &counted {
            None => (form("deliveries/retry/count", v.say(redelivery::COUNT))),
            Some(job) => (counting::shown(v, job, redelivery::RETRY_COUNT, |count| {
                form("deliveries/retry", &v.fill(redelivery::RETRY_NOW, [count]))
            })),
        }
    };
    Ok(Page::new(
        Section::Deliveries,
        v.say(redelivery::RETRY_FAILED),
        content,
    )
    .into())
}

/// The filter in words.
fn asked(v: &Visit) -> Markup {
    let (since, until) = times(&v.query, counting::moment(v, &v.query));
    let own = |name: &str| v.query.get(name);
    html! {
        dl.facts {
            (parts::fact(v.say(text::STATE), &parts::delivery_state(v, DeliveryState::Failed)))
            @if v.is_operator() { (parts::fact(v.say(text::OWNER), &html! {
                @match own("owner") { Some(owner) => (ForeignStr(owner)), None => (v.say(metrics::ALL_OWNERS)) }
            })) }
            @if let Some(event) = own("event") { (parts::fact(v.say(text::EVENT), &html! { code { (ForeignStr(event)) } })) }
            @if let Some(status) = own("status") { (parts::fact(v.say(text::ANSWER), &html! {
                @if status == "none" { (v.say(text::NO_ANSWER)) } @else { code { (ForeignStr(status)) } }
            })) }
            @if let Some(id) = own("subscription") { (parts::fact(v.say(text::SUBSCRIPTION), &html! {
                a href=(v.link(&format!("subscriptions/{}", segment(id)))) { code.plain { (ForeignStr(id)) } }
            })) }
            @if let Some(since) = since { (parts::fact(v.say(redelivery::SENT_FROM), &parts::exact(At(since)))) }
            @if let Some(until) = until { (parts::fact(v.say(redelivery::SENT_BEFORE), &parts::exact(At(until)))) }
        }
    }
}

fn check_states(v: &Visit, fields: &Fields) -> Result<(), Problem> {
    if delivery_filter::asks_for_failed(fields) {
        return Ok(());
    }
    let detail = v.say(redelivery::OTHER_STATES);
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "", detail))
}

pub(crate) async fn count(v: &Visit) -> Result<Reply, Problem> {
    let job = ask_api(v, true).await?;
    Ok(counting::see(v, "deliveries/retry", &NAMES, &job))
}

pub(crate) async fn start(v: &Visit) -> Result<Reply, Problem> {
    let job = ask_api(v, false).await?;
    Ok(Reply::See(format!("jobs/{}?done=retrying", job.id)))
}

/// The job for what the form asks.
async fn ask_api(v: &Visit, is_dry_run: bool) -> Result<Job, Problem> {
    check_states(v, &v.form)?;
    counting::check_times(v)?;
    let now = if is_dry_run {
        v.now
    } else {
        counting::moment(v, &v.form)
    };
    let filter = delivery_filter::of_failed(&v.form, now);
    let body = json!({ "filter": filter, "dry_run": is_dry_run });
    v.operations().retry_all(v.form.get("owner"), body).await
}
