//! What a dry run counts, on a page that asks before it sends: how far it is, then how many there are.

use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};

use super::delivery_filter::utc;
use crate::fields::{Fields, query};
use crate::parts::{self, Tone};
use crate::reply::Reply;
use crate::source::{Job, JobState, Problem};
use crate::text::{Text, redelivery};
use crate::visit::Visit;

/// The page that shows what this dry run counts, for what the form asked.
pub(super) fn see(v: &Visit, path: &str, names: &[&str], job: &Job) -> Reply {
    let at = format!("{:.3}", v.now);
    let mut pairs = v.form.pairs(names);
    pairs.extend([("at", at.as_str()), ("count", job.id.as_str())]);
    Reply::See(format!("{path}{}", query(&pairs)))
}

/// The dry run of this kind that the address names.
pub(super) async fn named(v: &Visit, kind: &str) -> Result<Option<Job>, Problem> {
    let Some(id) = v.query.get("count") else {
        return Ok(None);
    };
    let job = v.operations().job(id).await?;
    if job.dry_run && job.kind.as_str() == kind {
        Ok(Some(job))
    } else {
        Err(Problem::not_found())
    }
}

/// Refuses an exact time that cannot be read: without it, more would be sent than was written.
pub(super) fn check_times(v: &Visit) -> Result<(), Problem> {
    let times = v.form.pairs(&["from", "until"]);
    if times.iter().all(|(_, text)| utc(text).is_some()) {
        return Ok(());
    }
    let detail = v.say(redelivery::NOT_A_TIME);
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "", detail))
}

/// When it was counted: the last hour is the one before that, also when the button is pressed later.
pub(super) fn moment(v: &Visit, fields: &Fields) -> Timestamp {
    let at = fields.get("at").and_then(|text| text.parse().ok());
    at.unwrap_or(v.now)
}

/// What a form takes along from the address.
pub(super) fn carried(v: &Visit, names: &[&str]) -> Markup {
    html! {
        (v.token_field())
        @for (name, value) in v.query.pairs(names) { (parts::hidden(name, value)) }
        @if let Some(at) = v.query.get("at") { (parts::hidden("at", at)) }
    }
}

/// What was counted, as this sentence. The form that sends it comes once the number is known.
pub(super) fn shown(
    v: &Visit,
    job: &Job,
    sentence: Text,
    form: impl FnOnce(&str) -> Markup,
) -> Markup {
    let count = job.done.to_string();
    match job.state {
        JobState::Running => {
            let again = v.query.with("done", None);
            let notice = html! { p { (v.fill(redelivery::COUNTING, [&count])) " " a href=(again) { (v.say(redelivery::LOOK_AGAIN)) } } };
            html! { div data-refresh { (parts::notice(Tone::Plain, &notice)) } }
        }
        JobState::Finished => html! {
            (parts::notice(Tone::Plain, &html! { p { (v.fill(sentence, [&count])) } }))
            @if job.done > 0 { (form(&count)) }
        },
        _ => {
            let notice = html! { p { (v.say(redelivery::NOT_COUNTED)) @if let Some(reason) = &job.reason { " " (reason) } } };
            parts::notice(Tone::Warning, &notice)
        }
    }
}
