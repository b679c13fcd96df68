//! How the service runs: processes, keys, static subscriptions, how long things are kept, and the pause of all deliveries. For
//! the people who run it.

use maud::{Markup, html};
use webhooks_api::Ability;

use crate::foreign::Foreign;
use crate::parts::{self, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{
    Pause, Problem, Process, Processes, Retention, SealingKey, StaticReport, StaticState,
};
use crate::text::{self, Text, running};
use crate::visit::Visit;

/// Into how many parts the work is divided.
const SLOTS: u32 = 256;

pub(crate) async fn show(v: &Visit) -> Result<Reply, Problem> {
    let operations = v.operations();
    let pause = operations.pause_of_all().await?;
    let found = operations.processes().await?;
    let keys = operations.sealing_keys().await?;
    let statics = operations.static_subscriptions().await?;
    let retention = operations.retention().await?;
    let content = html! {
        div.head { h1 { (v.say(running::SERVICE)) } }
        p.lead { (v.say(running::SERVICE_LEAD)) }
        section aria-labelledby="all" { h2 #all { (v.say(running::ALL_DELIVERIES)) } (switch(v, pause.as_ref())) }
        section aria-labelledby="processes" { h2 #processes { (v.say(running::PROCESSES)) } p.soft.small { (v.say(running::PROCESSES_NOTE)) } (processes(v, &found)) }
        section aria-labelledby="statics" { h2 #statics { (v.say(running::STATICS)) } (static_subscriptions(v, &statics)) }
        section aria-labelledby="keys" { h2 #keys { (v.say(running::KEYS)) } p.soft.small { (v.say(running::KEYS_NOTE)) } (sealing_keys(v, &keys)) }
        section aria-labelledby="kept" { h2 #kept { (v.say(running::RETENTION)) }
            // A program from outside, which has no catalogue either, would show its own settings.
            @if v.site.knows_events { (kept(v, &retention)) } @else { p.soft { (v.say(running::RETENTION_HERE)) } } }
    };
    Ok(Page::new(Section::Service, v.say(running::SERVICE), content).into())
}

/// That all deliveries are paused, with the button that resumes them.
pub(super) fn held_back(v: &Visit, pause: &Pause) -> Markup {
    parts::notice(
        Tone::Warning,
        &html! {
            p { strong { (v.fill(running::PAUSED_ALL, [&parts::stamp(pause.since)])) }
                @if let Some(actor) = &pause.actor { " " (by(v, actor)) } }
            @if v.may(Ability::Change) { (parts::action(v, "service/resume", "primary", v.say(running::RESUME_ALL))) }
        },
    )
}

fn by(v: &Visit, actor: &Foreign) -> Markup {
    let (before, behind) = v
        .say(running::PAUSED_BY)
        .split_once("{}")
        .unwrap_or_default();
    html! { (before) (actor) (behind) }
}

fn switch(v: &Visit, pause: Option<&Pause>) -> Markup {
    html! {
        @match pause {
            Some(pause) => (held_back(v, pause)),
            None => {
                p { (v.say(running::NOT_PAUSED)) }
                @if v.may(Ability::Change) { div.actions { (parts::danger(v, "service/pause", v.say(running::PAUSE_ALL))) } }
            }
        }
    }
}

fn processes(v: &Visit, found: &Processes) -> Markup {
    html! {
        @if found.processes.is_empty() { p { (v.say(running::NO_PROCESSES)) } } @else {
            table.list {
                caption.quiet { (v.say(running::PROCESSES)) }
                thead { tr {
                    th scope="col" { (v.say(running::PROCESS)) } th scope="col" { (v.say(text::STATE)) }
                    th scope="col" { (v.say(running::SLOTS)) } th scope="col" { (v.say(running::CAPACITY)) }
                } }
                tbody { @for process in &found.processes { (process_row(v, process)) } }
            }
        }
        @if found.free_slots > 0 { p.soft { (v.fill(running::FREE_SLOTS, [&found.free_slots.to_string()])) } }
    }
}

fn process_row(v: &Visit, process: &Process) -> Markup {
    let state = if process.is_alive {
        running::ALIVE
    } else {
        running::DEAD
    };
    html! { tr {
        th scope="row" { code.plain { (process.name.breakable()) } @if process.is_answering { " " span.soft { "(" (v.say(running::THIS_PROCESS)) ")" } } }
        td { (parts::liveness(v, process.is_alive, state)) }
        td.number data-label=(v.say(running::SLOTS)) { (process.slots) " " (parts::share(process.slots as usize, SLOTS as usize)) }
        td.number data-label=(v.say(running::CAPACITY)) { (process.capacity) }
    } }
}

fn static_subscriptions(v: &Visit, report: &StaticReport) -> Markup {
    let note = if report.is_compared {
        running::STATICS_NOTE
    } else {
        running::STATICS_NOT_COMPARED
    };
    html! {
        @if report.subscriptions.is_empty() { p.soft { (v.say(running::NO_STATICS)) } } @else {
            p.soft.small { (v.say(note)) }
            table.list {
                caption.quiet { (v.say(running::STATICS)) }
                thead { tr {
                    th scope="col" { (v.say(running::KEY)) } th scope="col" { (v.say(text::TARGET)) }
                    th scope="col" { (v.say(text::OWNER)) } th scope="col" { (v.say(text::STATE)) } th scope="col" { (v.say(running::DRIFT)) }
                } }
                tbody { @for state in &report.subscriptions { (static_row(v, state, report.is_compared)) } }
            }
        }
    }
}

fn static_row(v: &Visit, state: &StaticState, is_compared: bool) -> Markup {
    html! { tr {
        th scope="row" { code.plain { (state.key.breakable()) } }
        td data-label=(v.say(text::TARGET)) { @match &state.id {
            Some(id) => a.target href=(v.link(&format!("subscriptions/{id}"))) { (parts::target(v, &state.target)) },
            None => span.target { (parts::target(v, &state.target)) },
        } }
        td data-label=(v.say(text::OWNER)) { (state.owner) }
        td data-label=(v.say(text::STATE)) { @match state.state { Some(one) => (parts::subscription_state(v, one)), None => "–" } }
        td data-label=(v.say(running::DRIFT)) {
            @if !state.drift.is_empty() { (parts::liveness(v, false, running::DRIFT)) " " @for (place, drift) in state.drift.iter().enumerate() { @if place > 0 { ", " } (drift_word(v, drift)) } }
            @else if is_compared { span.soft { (v.say(running::NO_DRIFT)) } } @else { "–" }
        }
    } }
}

fn drift_word(v: &Visit, drift: &Foreign) -> Markup {
    let word = match drift.as_str() {
        "missing" => running::DRIFT_MISSING,
        "not_configured" => running::DRIFT_NOT_CONFIGURED,
        "retired" => running::DRIFT_RETIRED,
        "owner" => running::DRIFT_OWNER,
        "target" => running::DRIFT_TARGET,
        "settings" => running::DRIFT_SETTINGS,
        "secrets" => running::DRIFT_SECRETS,
        "unreadable" => running::DRIFT_UNREADABLE,
        _ => return html! { (drift) },
    };
    html! { (v.say(word)) }
}

fn sealing_keys(v: &Visit, keys: &[SealingKey]) -> Markup {
    let state = |key: &SealingKey| match (key.is_known, key.is_newest) {
        (false, _) => (false, running::KEY_MISSING),
        (true, true) => (true, running::SEALS_NOW),
        (true, false) => (true, running::OPENS),
    };
    html! {
        @if keys.is_empty() { p.soft { (v.say(running::NO_KEYS)) } } @else {
            table.narrow {
                caption.quiet { (v.say(running::KEYS)) }
                thead { tr { th scope="col" { (v.say(running::KEY)) } th scope="col" { (v.say(text::STATE)) } th scope="col" { (v.say(text::SUBSCRIPTIONS)) } } }
                tbody { @for key in keys { tr {
                    th scope="row" { @if key.id.is_empty() { (v.say(running::NOT_SEALED)) } @else { code.plain { (key.id) } } }
                    td { @if key.id.is_empty() && key.is_known { "–" } @else { @let (is_good, word) = state(key); (parts::liveness(v, is_good, word)) } }
                    td.number { (parts::at_least(key.subscriptions, 10_000)) }
                } } }
            }
        }
    }
}

fn kept(v: &Visit, retention: &Retention) -> Markup {
    let line = |label: Text, seconds: u64| {
        let (word, count) = length(seconds);
        parts::fact(
            v.say(label),
            &html! { (v.fill(word, [&count.to_string()])) },
        )
    };
    html! {
        dl.facts {
            (line(running::KEPT_MESSAGES, retention.messages))
            (line(running::KEPT_PAYLOADS, retention.payloads))
            (line(running::KEPT_ATTEMPTS, retention.attempts))
            (line(running::KEPT_ANSWERS, retention.responses))
            (line(running::KEPT_AUDIT, retention.audit))
        }
    }
}

/// A time in words, and the number in them.
const fn length(seconds: u64) -> (Text, u64) {
    match seconds {
        1 => (running::SECOND, 1),
        3600 => (running::HOUR, 1),
        86_400 => (running::DAY, 1),
        0 => (running::SECONDS, 0),
        seconds if seconds.is_multiple_of(86_400) => (running::DAYS, seconds / 86_400),
        seconds if seconds.is_multiple_of(3600) => (running::HOURS, seconds / 3600),
        seconds => (running::SECONDS, seconds),
    }
}

/// Asks once more whether it is meant.
pub(crate) async fn ask_pause(v: &Visit) -> Result<Reply, Problem> {
    // Only who may see the service may see the question.
    v.operations().pause_of_all().await?;
    let content = html! {
        p.way { a href=(v.link("service")) { (v.say(running::SERVICE)) } }
        div.head { h1 { (v.say(running::PAUSE_ALL_QUESTION)) } }
        (parts::notice(Tone::Warning, &html! { p { (v.say(running::PAUSE_ALL_NOTE)) } }))
        div.actions {
            @if v.may(Ability::Change) { (parts::action(v, "service/pause", "danger", v.say(running::PAUSE_ALL_NOW))) }
            a.button href=(v.link("service")) { (v.say(text::KEEP)) }
        }
    };
    Ok(Page::new(
        Section::Service,
        v.say(running::PAUSE_ALL_QUESTION),
        content,
    )
    .into())
}

pub(crate) async fn pause(v: &Visit) -> Result<Reply, Problem> {
    v.operations().pause_all().await?;
    Ok(Reply::See("service?done=paused-all".to_owned()))
}

pub(crate) async fn resume(v: &Visit) -> Result<Reply, Problem> {
    v.operations().resume_all().await?;
    Ok(Reply::See("service?done=resumed-all".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn one_of_a_kind_is_not_many() {
        for (seconds, english) in [
            (0, "{} seconds"),
            (1, "1 second"),
            (2, "{} seconds"),
            (3600, "1 hour"),
            (7200, "{} hours"),
            (86_400, "1 day"),
            (172_800, "{} days"),
        ] {
            assert_eq!(length(seconds).0.of(Language::English), english);
        }
    }
}
