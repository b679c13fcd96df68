//! The periods over which numbers are shown.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::source::Problem;
use crate::text::{self, Text, metrics};
use crate::visit::Visit;

/// A period that can be chosen, cut into steps that begin at round times.
pub(super) struct Span {
    pub(super) name: &'static str,
    pub(super) word: Text,
    steps: i64,
    /// In seconds.
    step: i64,
    /// How times are written below a chart.
    pub(super) clock: &'static str,
}

pub(super) const SPANS: [Span; 4] = [
    Span {
        name: "1h",
        word: text::LAST_HOUR,
        steps: 12,
        step: 300,
        clock: "%H:%M",
    },
    DAY,
    Span {
        name: "7d",
        word: text::LAST_WEEK,
        steps: 28,
        step: 21_600,
        clock: "%m-%d",
    },
    Span {
        name: "30d",
        word: text::LAST_MONTH,
        steps: 30,
        step: 86_400,
        clock: "%m-%d",
    },
];

/// What is shown where nothing is chosen.
const DAY: Span = Span {
    name: "24h",
    word: text::LAST_DAY,
    steps: 24,
    step: 3600,
    clock: "%H:%M",
};

impl Span {
    pub(super) fn chosen(v: &Visit) -> Self {
        let wanted = v.query.get("within");
        let found = SPANS.into_iter().find(|span| Some(span.name) == wanted);
        found.unwrap_or(DAY)
    }

    /// Its beginning and end: the step that goes on now is the last.
    pub(super) fn period(&self, now: Timestamp) -> Result<Period, Problem> {
        let end = (now.as_second().div_euclid(self.step) + 1) * self.step;
        let begin = end - self.steps * self.step;
        let text = |second| Timestamp::from_second(second).map(|time| time.to_string());
        Ok(Period {
            since: text(begin).map_err(|_| Problem::internal())?,
            until: text(end).map_err(|_| Problem::internal())?,
            step: self.step.to_string(),
        })
    }
}

/// A period as the API wants it.
pub(super) struct Period {
    since: String,
    until: String,
    step: String,
}

impl Period {
    pub(super) fn pairs(&self) -> [(&str, &str); 3] {
        [
            ("since", &self.since),
            ("until", &self.until),
            ("step", &self.step),
        ]
    }
}

/// Links to the same page with another period.
pub(super) fn links(v: &Visit, chosen: &Span) -> Markup {
    html! {
        nav.periods aria-label=(v.say(metrics::PERIOD)) {
            @for span in &SPANS {
                a href={ "?within=" (span.name) "#health" } aria-current=[(span.name == chosen.name).then_some("true")] { (v.say(span.word)) } " "
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_with_the_step_that_goes_on_and_begins_at_a_round_time() {
        let now: Timestamp = "2026-11-29T17:18:21.5Z".parse().expect("a time");
        let times = |name: &str| {
            let span = SPANS.into_iter().find(|span| span.name == name);
            let period = span.expect("a span").period(now).expect("a period");
            (period.since, period.until)
        };
        let pair = |since: &str, until: &str| (since.to_owned(), until.to_owned());
        assert_eq!(
            times("1h"),
            pair("2026-11-29T16:20:00Z", "2026-11-29T17:20:00Z")
        );
        assert_eq!(
            times("24h"),
            pair("2026-11-28T18:00:00Z", "2026-11-29T18:00:00Z")
        );
        assert_eq!(
            times("7d"),
            pair("2026-11-22T18:00:00Z", "2026-11-29T18:00:00Z")
        );
        assert_eq!(
            times("30d"),
            pair("2026-10-31T00:00:00Z", "2026-11-30T00:00:00Z")
        );
    }
}
