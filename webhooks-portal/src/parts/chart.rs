//! Charts, drawn on the server: shapes say what colours say, a sentence says what shapes say, and the page has a table
//! with the numbers.

use maud::{Markup, html};

use crate::source::{Attempt, Step};
use crate::text;
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

/// How deliveries ended, hour by hour: what failed hangs below the line, what succeeded stands on it.
pub(crate) fn hours(v: &Visit, steps: &[Step]) -> Markup {
    let most = steps.iter().map(Step::all).max().unwrap_or_default().max(1);
    let sum = |count: fn(&Step) -> u32| {
        steps
            .iter()
            .map(count)
            .map(u64::from)
            .sum::<u64>()
            .to_string()
    };
    let label = v.fill(
        text::HOURS,
        [&sum(|step| step.delivered), &sum(|step| step.failed)],
    );
    let tall = |count: u32| {
        u64::from(count)
            .saturating_mul(TALL)
            .div_ceil(u64::from(most))
    };
    let width = steps.len() * 22;
    html! {
        figure.chart {
            figcaption { (label) }
            div.scroll tabindex="0" role="group" aria-label=(v.say(text::CHART)) {
                svg role="img" aria-label=(label) viewBox={ "0 0 " (width.max(1)) " 124" } width=(width) height="124" {
                    title { (label) }
                    path.axis d={ "M0 72.5H" (width) } {}
                    @for (place, step) in steps.iter().enumerate() {
                        @let (good, bad) = (tall(step.delivered), tall(step.failed) * 2 / 3);
                        @if good > 0 { rect.good x=(place * 22 + 3) y=(72 - good) width="16" height=(good) rx="2" {} }
                        @if bad > 0 { rect.bad x=(place * 22 + 3) y="74" width="16" height=(bad) rx="2" {} }
                    }
                }
            }
        }
        details {
            summary { (v.say(text::AS_TABLE)) }
            table.narrow {
                caption.quiet { (label) }
                thead { tr {
                    th scope="col" { (v.say(text::HOUR)) } th scope="col" { (v.say(text::DELIVERED)) }
                    th scope="col" { (v.say(text::FAILED)) } th scope="col" { (v.say(text::CANCELLED)) }
                } }
                tbody { @for step in steps { tr {
                    th scope="row" { (super::exact_minute(step.since)) }
                    td.number { (step.delivered) } td.number { (step.failed) } td.number { (step.cancelled) }
                } } }
            }
        }
    }
}

/// How tall the bars of an hour are, in pixels.
const TALL: u64 = 68;

/// A share as a bar next to its number.
pub(crate) fn share(count: usize, all: usize) -> Markup {
    let percent = count * 100 / all.max(1);
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
