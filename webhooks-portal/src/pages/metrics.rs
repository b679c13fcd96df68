//! What was sent over time, how it ended, and how long targets took: of all owners, or of one. For the people who run the
//! service.

use futures_util::future::try_join3;
use maud::{Markup, html};

use super::span::{SPANS, Span};
use crate::foreign::ForeignStr;
use crate::parts::{self, Choice, Columns, Row, counted, sum};
use crate::reply::{Page, Reply, Section};
use crate::source::{AttemptsIn, MessagesIn, Problem, Step};
use crate::text::{self, metrics};
use crate::visit::Visit;

pub(crate) async fn show(v: &Visit) -> Result<Reply, Problem> {
    let (span, owner) = (Span::chosen(v), v.query.get("owner"));
    let period = span.period(v.now)?;
    let own = owner.map(|owner| ("owner", owner));
    let pairs: Vec<_> = period.pairs().into_iter().chain(own).collect();
    let operations = v.operations();
    let (sent, ended, made) = try_join3(
        operations.messages_sent(&pairs),
        operations.deliveries_ended(&pairs),
        operations.attempts_made(&pairs),
    )
    .await?;
    let is_empty = sent.iter().all(|step| step.sent == 0)
        && ended.iter().all(|step| step.all() == 0)
        && made.iter().all(|step| step.answered.all() == 0);
    let content = html! {
        div.head { h1 { (v.say(metrics::METRICS)) } }
        p.lead { (v.say(metrics::METRICS_LEAD)) }
        (filter(v, &span))
        @if is_empty { (empty(v, owner)) } @else { (charts(v, &span, &sent, &ended, &made)) }
    };
    Ok(Page::new(Section::Metrics, v.say(metrics::METRICS), content).into())
}

fn filter(v: &Visit, chosen: &Span) -> Markup {
    let spans = SPANS.map(|span| Choice::new(span.name, v.say(span.word)));
    html! {
        form.filter method="get" role="search" aria-label=(v.say(text::FILTER)) {
            (parts::select("within", v.say(metrics::PERIOD), &spans, Some(chosen.name)))
            (parts::field("owner", v.say(text::OWNER), None, &html! {
                input #owner name="owner" type="text" autocomplete="off" value=[v.query.get("owner").map(ForeignStr)];
            }))
            button { (v.say(text::APPLY)) }
        }
    }
}

fn empty(v: &Visit, owner: Option<&str>) -> Markup {
    let of_all = v.query.with("owner", None);
    let of_all = if of_all.is_empty() { "?" } else { &of_all };
    html! {
        div.empty {
            h2 { (v.say(metrics::NOTHING_SENT)) }
            @match owner {
                Some(owner) => {
                    @let (before, behind) = v.say(metrics::NOTHING_SENT_TO).split_once("{}").unwrap_or_default();
                    p { (before) code { (ForeignStr(owner)) } (behind) }
                    p { a href=(of_all) { (v.say(metrics::ALL_OWNERS)) } }
                }
                None => p { (v.say(metrics::NOTHING_SENT_HINT)) },
            }
        }
    }
}

fn charts(
    v: &Visit,
    span: &Span,
    sent: &[MessagesIn],
    ended: &[Step],
    made: &[AttemptsIn],
) -> Markup {
    let is_whole = sent.iter().all(|step| step.is_complete)
        && ended.iter().all(|step| step.is_complete)
        && made.iter().all(|step| step.is_complete);
    html! {
        @if !is_whole { p.soft.small { (v.say(metrics::AT_LEAST)) } }
        section aria-labelledby="messages" { h2 #messages { (v.say(metrics::MESSAGES)) } (messages(v, span, sent)) }
        section aria-labelledby="deliveries" { h2 #deliveries { (v.say(text::DELIVERIES)) } (parts::endings(v, span.clock, ended)) }
        section aria-labelledby="attempts" { h2 #attempts { (v.say(text::ATTEMPTS)) } (attempts(v, span, made)) }
        section aria-labelledby="latency" { h2 #latency { (v.say(metrics::LATENCY)) } (latency(v, span, made)) }
    }
}

fn messages(v: &Visit, span: &Span, sent: &[MessagesIn]) -> Markup {
    let all = sum(sent.iter().map(|step| (step.sent, step.is_complete)));
    let rows = sent.iter().map(|step| Row {
        since: step.since,
        numbers: vec![counted(step.sent.into(), step.is_complete)],
        above: step.sent.into(),
        below: 0,
        peak: 0,
    });
    parts::columns(
        v,
        &Columns {
            label: v.fill(metrics::MESSAGES_SENT, [&all]),
            heads: &[metrics::MESSAGES],
            rows: rows.collect(),
            tone: "part",
            height: |number| number.to_string(),
            clock: span.clock,
        },
    )
}

fn attempts(v: &Visit, span: &Span, made: &[AttemptsIn]) -> Markup {
    let succeeded = sum(made
        .iter()
        .map(|step| (step.answered.success, step.is_complete)));
    let failed = sum(made
        .iter()
        .map(|step| (step.answered.failed(), step.is_complete)));
    let rows = made.iter().map(|step| {
        let answered = step.answered;
        let numbers = [
            answered.success,
            answered.redirect,
            answered.client_error,
            answered.server_error,
            answered.none,
        ];
        let shown = |number: u32| counted(number.into(), step.is_complete);
        Row {
            since: step.since,
            numbers: numbers.map(shown).to_vec(),
            above: answered.success.into(),
            below: answered.failed().into(),
            peak: 0,
        }
    });
    parts::columns(
        v,
        &Columns {
            label: v.fill(metrics::ATTEMPTS_MADE, [&succeeded, &failed]),
            heads: &[
                metrics::SUCCEEDED,
                metrics::REDIRECTED,
                metrics::REJECTED,
                metrics::BROKEN,
                text::NO_ANSWER,
            ],
            rows: rows.collect(),
            tone: "good",
            height: |number| number.to_string(),
            clock: span.clock,
        },
    )
}

fn latency(v: &Visit, span: &Span, made: &[AttemptsIn]) -> Markup {
    let weighed = made.iter().map(|step| {
        let count = u128::from(step.requests());
        (count, u128::from(step.average_ms) * count)
    });
    let (count, whole) = weighed.fold((0, 0), |(count, whole), (more, longer)| {
        (count + more, whole + longer)
    });
    let average = u64::try_from(whole / count.max(1)).unwrap_or(u64::MAX);
    let longest = made.iter().map(|step| step.longest_ms).max();
    let rows = made.iter().map(|step| {
        let is_empty = step.requests() == 0;
        let shown = |duration_ms: u64| {
            if is_empty {
                "–".to_owned()
            } else {
                parts::millis(duration_ms)
            }
        };
        Row {
            since: step.since,
            numbers: vec![shown(step.average_ms), shown(step.longest_ms)],
            above: step.average_ms,
            below: 0,
            peak: step.longest_ms,
        }
    });
    let times = [average, longest.unwrap_or_default()].map(|duration_ms| {
        if count == 0 {
            "–".to_owned()
        } else {
            parts::millis(duration_ms)
        }
    });
    parts::columns(
        v,
        &Columns {
            label: v.fill(metrics::LATENCY_OF, [&times[0], &times[1]]),
            heads: &[metrics::AVERAGE, metrics::LONGEST],
            rows: rows.collect(),
            tone: "part",
            height: parts::millis,
            clock: span.clock,
        },
    )
}
