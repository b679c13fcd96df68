//! Times: how long ago, for a glance; the exact one for those who compare logs. Never a negative duration, whatever the
//! clocks say.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::source::At;
use crate::text;
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
    let (ahead, away) = (seconds > 0, seconds.saturating_abs());
    let filled = |(past, future), number: i64| {
        v.fill(if ahead { future } else { past }, [&number.to_string()])
    };
    match away {
        0..5 => v.say(text::JUST_NOW).to_owned(),
        5..MINUTE => filled((text::SECONDS_AGO, text::IN_SECONDS), away),
        MINUTE..HOUR => filled((text::MINUTES_AGO, text::IN_MINUTES), away / MINUTE),
        HOUR..DAY => filled((text::HOURS_AGO, text::IN_HOURS), away / HOUR),
        _ => at.strftime("%F %H:%M UTC").to_string(),
    }
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
}
