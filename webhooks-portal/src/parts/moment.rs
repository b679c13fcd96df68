//! Times: how long ago, for a glance; the exact one for those who compare logs. Never a negative duration, whatever the
//! clocks say.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::source::At;
use crate::text::{self, Text};
use crate::visit::Visit;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `3 min. ago`, with the exact time in the title. A script keeps it true while the page is open.
pub(crate) fn relative(v: &Visit, at: At) -> Markup {
    html! {
        time datetime=(machine(at.0)) title=(stamp(at)) data-relative {
            (distance(v, at.0))
        }
    }
}

/// The exact time, with milliseconds.
pub(crate) fn exact(at: At) -> Markup {
    html! { time datetime=(machine(at.0)) { (at.0.strftime("%F %T%.3f")) " UTC" } }
}

/// The exact time to the minute.
pub(crate) fn exact_minute(at: At) -> Markup {
    html! { time datetime=(machine(at.0)) { (at.0.strftime("%F %H:%M")) " UTC" } }
}

/// `2026-11-28 12:00:05 UTC`.
pub(crate) fn stamp(at: At) -> String {
    at.0.strftime("%F %T UTC").to_string()
}

/// `12 ms`, `1.2 s`.
pub(crate) fn millis(duration_ms: u64) -> String {
    if duration_ms < 1000 {
        return format!("{duration_ms} ms");
    }
    if duration_ms < 60_000 {
        return format!("{}.{} s", duration_ms / 1000, duration_ms % 1000 / 100);
    }
    format!("{} min", duration_ms / 60_000)
}

fn machine(at: Timestamp) -> String {
    format!("{at:.3}")
}

fn distance(v: &Visit, at: Timestamp) -> String {
    let seconds = at.as_second().saturating_sub(v.now.as_second());
    match words(seconds) {
        Some((text, number)) => v.fill(text, [&number.to_string()]),
        None => at.strftime("%F %H:%M UTC").to_string(),
    }
}

/// The words for a time that is so many seconds ahead, with a number that is never negative; none beyond a day.
fn words(seconds: i64) -> Option<(Text, i64)> {
    let (ahead, away) = (seconds > 0, seconds.saturating_abs());
    let chosen = |past, future| if ahead { future } else { past };
    Some(match away {
        0..5 => (text::JUST_NOW, 0),
        5..MINUTE => (chosen(text::SECONDS_AGO, text::IN_SECONDS), away),
        MINUTE..HOUR => (chosen(text::MINUTES_AGO, text::IN_MINUTES), away / MINUTE),
        HOUR..DAY => (chosen(text::HOURS_AGO, text::IN_HOURS), away / HOUR),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_short_and_exact_enough() {
        for (duration_ms, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1000, "1.0 s"),
            (15_340, "15.3 s"),
            (60_000, "1 min"),
        ] {
            assert_eq!(millis(duration_ms), text);
        }
    }

    #[test]
    fn no_distance_is_negative_however_far_the_clocks_are_apart() {
        for seconds in [
            i64::MIN,
            -86_400,
            -86_399,
            -61,
            -6,
            -1,
            0,
            1,
            6,
            61,
            7200,
            86_399,
            i64::MAX,
        ] {
            if let Some((_, number)) = words(seconds) {
                assert!((0..60).contains(&number), "{seconds}: {number}");
            } else {
                assert!(seconds.saturating_abs() >= DAY, "{seconds}");
            }
        }
    }
}
