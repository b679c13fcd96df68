//! Charts, drawn on the server: shapes say what colours say, a sentence says what shapes say, and the page has a table
//! with the numbers.

use maud::{Markup, html};

use super::columns::{Columns, Row, columns, counted, sum};
use crate::source::{Attempt, Step};
use crate::text::{self, metrics};
use crate::visit::Visit;

/// The last attempts, first to last: what succeeded is on the line, what failed hangs below it.
pub(crate) fn outcomes(v: &Visit, attempts: &[Attempt]) -> Markup {
    if attempts.is_empty() {
        return html! { span.soft.small { (v.say(text::NO_ATTEMPTS)) } };
    }
    let failed = attempts
        .iter()
        .filter(|attempt| !attempt.succeeded())
        .count();
    let label = v.fill(
        text::OUTCOMES,
        [&attempts.len().to_string(), &failed.to_string()],
    );
    let width = attempts.len() * 5;
    html! {
        svg.sparkline role="img" aria-label=(label) viewBox={ "0 0 " (width) " 24" } width=(width) height="24" {
            title { (label) }
            path.axis d={ "M0 14.5H" (width) } {}
            @for (place, attempt) in attempts.iter().enumerate() {
                @if attempt.succeeded() {
                    rect.good x=(place * 5) y="3" width="3" height="11" rx="1" {}
                } @else {
                    rect.bad x=(place * 5) y="15" width="3" height="8" rx="1" {}
                }
            }
        }
    }
}

/// How tall the bars are, in pixels.
const HEIGHT: u64 = 96;

/// How long the last attempts took, first to last; those that failed have a cross on top.
pub(crate) fn durations(v: &Visit, attempts: &[Attempt]) -> Markup {
    let longest = attempts
        .iter()
        .map(|attempt| attempt.duration_ms)
        .max()
        .unwrap_or_default();
    let failed = attempts
        .iter()
        .filter(|attempt| !attempt.succeeded())
        .count();
    let label = v.fill(
        text::DURATIONS,
        [
            &attempts.len().to_string(),
            &super::millis(longest),
            &failed.to_string(),
        ],
    );
    let (step, width) = (12, attempts.len() * 12);
    let height = |attempt: &Attempt| {
        let share = attempt.duration_ms.saturating_mul(HEIGHT) / longest.max(1);
        share.clamp(2, HEIGHT)
    };
    html! {
        figure.chart {
            figcaption { (label) }
            div.scroll tabindex="0" role="group" aria-label=(v.say(text::CHART)) {
                svg role="img" aria-label=(label) viewBox={ "0 0 " (width.max(1)) " 116" } width=(width) height="116" {
                    title { (label) }
                    path.axis d={ "M0 115.5H" (width) } {}
                    @for (place, attempt) in attempts.iter().enumerate() {
                        @let tall = height(attempt);
                        @let (left, top) = (place * step + 2, 115 - tall);
                        rect class=(if attempt.succeeded() { "good" } else { "bad" }) x=(left) y=(top) width="8" height=(tall) rx="1.5" {}
                        @if !attempt.succeeded() {
                            path.mark d={ "M" (left + 1) " " (top - 9) "l6 6m0-6l-6 6" } {}
                        }
                    }
                }
            }
        }
    }
}

/// How far the deliveries of a step are counted.
const COUNTED: u32 = 10_000;

/// How deliveries ended, step by step: what succeeded stands on the line, what failed hangs below it.
pub(crate) fn endings(v: &Visit, clock: &'static str, steps: &[Step]) -> Markup {
    let is_all = |step: &Step, number: u32| step.is_complete && number < COUNTED;
    let all = |number: fn(&Step) -> u32| {
        let numbers = steps.iter().map(|step| (number(step), step));
        sum(numbers.map(|(number, step)| (number, is_all(step, number))))
    };
    let totals = [
        all(|step| step.delivered),
        all(|step| step.failed),
        all(|step| step.cancelled),
    ];
    let rows = steps.iter().map(|step| {
        let numbers = [step.delivered, step.failed, step.cancelled];
        Row {
            since: step.since,
            numbers: numbers
                .map(|number| counted(number.into(), is_all(step, number)))
                .to_vec(),
            above: step.delivered.into(),
            below: step.failed.into(),
            peak: 0,
        }
    });
    let chart = Columns {
        label: v.fill(
            metrics::DELIVERIES_ENDED,
            totals.each_ref().map(|sum| &**sum),
        ),
        heads: &[text::DELIVERED, text::FAILED, text::CANCELLED],
        rows: rows.collect(),
        tone: "good",
        height: |number| number.to_string(),
        clock,
    };
    columns(v, &chart)
}

/// A share as a bar next to its number.
pub(crate) fn share(count: usize, all: usize) -> Markup {
    let all = all.max(1);
    // Rounded, so that shares are a hundred together, or nearly so.
    let percent = (count * 100 + all / 2) / all;
    html! {
        svg.share viewBox="0 0 100 8" width="100" height="8" aria-hidden="true" { rect.ground width="100" height="8" rx="2" {} rect.part width=(percent) height="8" rx="2" {} }
        " " span.small { (percent) " %" }
    }
}

/// A number that was counted up to a limit.
pub(crate) fn at_least(number: u32, limit: u32) -> String {
    if number >= limit {
        format!("{number}+")
    } else {
        number.to_string()
    }
}
