//! What people did, and what goes on in the background because of it.

use maud::{Markup, html};
use serde_json::Value;
use webhooks_api::Ability;

use crate::foreign::{Foreign, ForeignStr};
use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::{AuditEntry, Job, JobState, Problem};
use crate::text;
use crate::visit::Visit;

/// Jobs that the page lists.
const JOBS: &str = "10";

pub(crate) async fn list(v: &Visit) -> Result<Reply, Problem> {
    let operations = v.operations();
    let mut pairs = vec![("limit", "50")];
    for name in ["subject", "cursor", "owner"] {
        pairs.extend(v.query.get(name).map(|value| (name, value)));
    }
    let trail = operations.audit(&pairs).await?;
    let is_first = v.query.get("cursor").is_none() && v.query.get("subject").is_none();
    let jobs = if is_first {
        operations.jobs(&[("limit", JOBS)]).await?.data
    } else {
        Vec::new()
    };
    let content = html! {
        div.head { h1 { (v.say(text::ACTIVITY)) } }
        p.lead { (v.say(text::ACTIVITY_LEAD)) }
        @if !jobs.is_empty() { section aria-labelledby="jobs" { h2 #jobs { (v.say(text::JOBS)) } (jobs_table(v, &jobs)) } }
        section aria-labelledby="changes" {
            h2 #changes { (v.say(text::CHANGES)) }
            @if trail.data.is_empty() { p.soft { (v.say(text::NO_CHANGES)) } } @else { (changes(v, &trail.data)) }
        }
        (parts::pager(v, trail.next.as_deref()))
    };
    Ok(Page::new(Section::Activity, v.say(text::ACTIVITY), content).into())
}

fn changes(v: &Visit, entries: &[AuditEntry]) -> Markup {
    html! {
        table.list {
            caption.quiet { (v.say(text::CHANGES)) }
            thead { tr {
                th scope="col" { (v.say(text::ACTION)) } th scope="col" { (v.say(text::SUBJECT)) }
                @if v.is_operator() { th scope="col" { (v.say(text::OWNER)) } }
                th scope="col" { (v.say(text::ACTOR)) } th scope="col" { (v.say(text::TIME)) }
            } }
            tbody { @for entry in entries { tr {
                th scope="row" { code.plain { (entry.action.breakable()) } (difference(v, entry)) }
                td data-label=(v.say(text::SUBJECT)) { (subject(v, &entry.subject)) }
                @if v.is_operator() { td data-label=(v.say(text::OWNER)) { (entry.owner) } }
                td data-label=(v.say(text::ACTOR)) { @match &entry.actor { Some(actor) => (actor), None => span.soft { (v.say(text::APPLICATION)) } } }
                td data-label=(v.say(text::TIME)) { (parts::relative(v, entry.at)) }
            } } }
        }
    }
}

/// What was different, as the trail has it.
fn difference(v: &Visit, entry: &AuditEntry) -> Markup {
    let shown = |label: &str, value: &Option<Value>| {
        html! {
            @if let Some(value) = value { p.small.soft { (label) } (parts::json(value)) }
        }
    };
    html! { @if entry.before.is_some() || entry.after.is_some() {
        details { summary { (v.say(text::DIFFERENCE)) } (shown(v.say(text::BEFORE), &entry.before)) (shown(v.say(text::AFTER), &entry.after)) }
    } }
}

/// The id of what was changed, as a link where it has a page.
fn subject(v: &Visit, id: &Foreign) -> Markup {
    let text = id.as_str();
    let folder = match text.split('_').next() {
        Some("sub") => Some("subscriptions"),
        Some("dlv") => Some("deliveries"),
        Some("msg") => Some("messages"),
        Some("job") => Some("jobs"),
        _ => None,
    };
    html! { @match folder {
        Some(folder) => a href=(v.link(&format!("{folder}/{}", crate::source::segment(text)))) { code.plain { (id) } },
        None => code.plain { (id) },
    } }
}

fn jobs_table(v: &Visit, jobs: &[Job]) -> Markup {
    html! {
        table.list {
            caption.quiet { (v.say(text::JOBS)) }
            thead { tr {
                th scope="col" { (v.say(text::JOB)) } th scope="col" { (v.say(text::STATE)) }
                @if v.is_operator() { th scope="col" { (v.say(text::OWNER)) } }
                th scope="col" { (v.say(text::DONE)) } th scope="col" { (v.say(text::TIME)) }
            } }
            tbody { @for job in jobs { tr {
                th scope="row" { a href=(v.link(&format!("jobs/{}", job.id))) { (kind(v, job)) } }
                td { (parts::job_state(v, job.state)) }
                @if v.is_operator() { td data-label=(v.say(text::OWNER)) { @if let Some(owner) = &job.owner { (owner) } } }
                td.number data-label=(v.say(text::DONE)) { (job.done) }
                td data-label=(v.say(text::TIME)) { (parts::relative(v, job.created)) }
            } } }
        }
    }
}

fn kind(v: &Visit, job: &Job) -> Markup {
    let word = match job.kind.as_str() {
        "replay" => Some(text::JOB_REPLAY),
        "message_replay" => Some(text::JOB_MESSAGE_REPLAY),
        "retry" => Some(text::JOB_RETRY),
        "message_erasure" | "owner_erasure" => Some(text::JOB_ERASURE),
        "reseal" => Some(text::JOB_RESEAL),
        _ => None,
    };
    html! {
        @match word { Some(word) => (v.say(word)), None => (job.kind) }
        @if job.dry_run { " " span.soft { (v.say(text::DRY_RUN)) } }
    }
}

pub(crate) async fn job(v: &Visit) -> Result<Reply, Problem> {
    let job = v.operations().job(v.part("id")?).await?;
    let runs = job.state == JobState::Running;
    let content = html! {
        p.way { a href=(v.link("activity")) { (v.say(text::ACTIVITY)) } }
        div.head data-refresh[runs] { h1 { (kind(v, &job)) } (parts::job_state(v, job.state)) }
        dl.tiles { div.tile { dt { (v.say(text::DONE)) } dd { (job.done) } } }
        @if let Some(reason) = &job.reason { p { (reason) } }
        @if runs && v.may(Ability::Replay) { div.actions { (parts::action(v, &format!("jobs/{}/cancel", job.id), "danger", v.say(text::STOP))) } }
        dl.facts {
            (parts::fact("Id", &parts::copyable(job.id.as_str())))
            @if let Some(owner) = v.owner_shown(job.owner.as_ref()) { (parts::fact(v.say(text::OWNER), &html! { (owner) })) }
            @if let Some(id) = &job.subscription { (parts::fact(v.say(text::SUBSCRIPTION), &html! {
                a href=(v.link(&format!("subscriptions/{id}"))) { code.plain { (ForeignStr(id.as_str())) } }
            })) }
            (parts::fact(v.say(text::CREATED), &parts::exact(job.created)))
            @if let Some(finished) = job.finished { (parts::fact(v.say(text::ENDED), &parts::exact(finished))) }
        }
    };
    Ok(Page::new(Section::Activity, v.say(text::JOB), content).into())
}

pub(crate) async fn cancel(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    v.operations().cancel_job(id).await?;
    Ok(Reply::See(format!("jobs/{id}?done=stopped")))
}
