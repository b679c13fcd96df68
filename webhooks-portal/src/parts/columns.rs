//! Numbers over time: a chart with a column for each step, and a table of the same numbers behind it.

use maud::{Markup, html};

use crate::source::At;
use crate::text::{self, Text};
use crate::visit::Visit;

/// A chart and its table.
pub(crate) struct Columns<'c> {
    /// What the chart says, as a sentence.
    pub(crate) label: String,
    /// What the numbers of each row are.
    pub(crate) heads: &'c [Text],
    pub(crate) rows: Vec<Row>,
    /// The class of what stands on the line.
    pub(crate) tone: &'static str,
    /// How a height is written at the side.
    pub(crate) height: fn(u64) -> String,
    /// How times are written below, as `strftime` has it.
    pub(crate) clock: &'static str,
}

/// One step.
pub(crate) struct Row {
    pub(crate) since: At,
    /// As the table shows them.
    pub(crate) numbers: Vec<String>,
    /// What stands on the line.
    pub(crate) above: u64,
    /// What hangs below it.
    pub(crate) below: u64,
    /// How far a thin line goes beyond what stands on the line.
    pub(crate) peak: u64,
}

/// Room before the first column, in pixels: half of its time stands there.
const LEFT: u64 = 8;
/// Room for the heights, behind the newest column, which is what a narrow screen shows first.
const SIDE: u64 = 62;
/// How wide all columns are together, in pixels.
const WIDTH: u64 = 660;
/// How tall the tallest columns are, above and below the line together, in pixels.
const TALL: u64 = 108;
/// Room above.
const TOP: u64 = 8;
/// Where the times stand.
const FOOT: u64 = TOP + TALL + 18;

/// Where the line is, and what a number is in pixels: the same above the line and below it.
struct Scale {
    above: u64,
    below: u64,
}

impl Scale {
    fn of(rows: &[Row]) -> Self {
        let most = |number: fn(&Row) -> u64| rows.iter().map(number).max().unwrap_or_default();
        Self {
            above: most(|row| row.above.max(row.peak)),
            below: most(|row| row.below),
        }
    }

    /// In pixels; a number that is not zero can be seen.
    fn pixels(&self, number: u64) -> u64 {
        let most = u128::from(self.above) + u128::from(self.below);
        let tall = (u128::from(number) * u128::from(TALL)).div_ceil(most.max(1));
        u64::try_from(tall).unwrap_or(TALL).min(TALL)
    }

    fn line(&self) -> u64 {
        TOP + if self.below == 0 {
            TALL
        } else {
            self.pixels(self.above)
        }
    }
}

pub(crate) fn columns(v: &Visit, chart: &Columns<'_>) -> Markup {
    html! {
        figure.chart {
            figcaption { (chart.label) }
            div.scroll tabindex="0" role="group" aria-label=(v.say(text::CHART)) { (drawn(v, chart)) }
        }
        details {
            summary { (v.say(text::AS_TABLE)) }
            div.scroll tabindex="0" role="group" aria-label=(v.say(text::AS_TABLE)) { (table(v, chart)) }
        }
    }
}

fn drawn(v: &Visit, chart: &Columns<'_>) -> Markup {
    let scale = Scale::of(&chart.rows);
    let (line, step) = (scale.line(), WIDTH / (chart.rows.len() as u64).max(1));
    let right = LEFT + step * chart.rows.len() as u64;
    let (wide, tall) = (right + SIDE, FOOT + 6);
    html! {
        svg role="img" aria-label=(chart.label) viewBox={ "0 0 " (wide) " " (tall) } width=(wide) height=(tall) {
            title { (chart.label) }
            @if scale.above > 0 { text x=(right + 8) y=(TOP + 8) { ((chart.height)(scale.above)) } }
            @if scale.below > 0 { text x=(right + 8) y=(TOP + TALL) { ((chart.height)(scale.below)) } }
            path.axis d={ "M" (LEFT) " " (line) ".5H" (right) } {}
            @for (row, left) in chart.rows.iter().zip((LEFT..).step_by(usize::try_from(step).unwrap_or(1))) {
                (column(v, chart, row, &scale, (left, step)))
            }
            @for place in named(chart.rows.len()) {
                text x=(LEFT + step * place as u64 + step / 2) y=(FOOT) text-anchor="middle" { (chart.rows[place].since.0.strftime(chart.clock)) }
            }
        }
    }
}

/// One column, with its numbers for those who point at it.
fn column(
    v: &Visit,
    chart: &Columns<'_>,
    row: &Row,
    scale: &Scale,
    (left, step): (u64, u64),
) -> Markup {
    let (line, bar) = (scale.line(), step * 3 / 4);
    let (above, below, peak) = (
        scale.pixels(row.above),
        scale.pixels(row.below),
        scale.pixels(row.peak),
    );
    let numbers = chart.heads.iter().zip(&row.numbers);
    let numbers: Vec<_> = numbers
        .map(|(head, number)| format!("{}: {number}", v.say(*head)))
        .collect();
    html! {
        g {
            title { (row.since.0.strftime("%F %H:%M")) " UTC, " (numbers.join(", ")) }
            rect.room x=(left) y=(TOP) width=(step) height=(TALL) {}
            @if peak > 0 { rect.peak x=(left + step / 2 - 1) y=(line - peak) width="2" height=(peak) {} }
            @if above > 0 { rect class=(chart.tone) x=(left + step / 8) y=(line - above) width=(bar) height=(above) {} }
            @if below > 0 { rect.bad x=(left + step / 8) y=(line + 1) width=(bar) height=(below) {} }
        }
    }
}

/// Which steps have their time below them: some, so that each can be read.
fn named(steps: usize) -> impl Iterator<Item = usize> {
    (0..steps).step_by(steps.div_ceil(6).max(1))
}

fn table(v: &Visit, chart: &Columns<'_>) -> Markup {
    html! {
        table.narrow {
            caption.quiet { (chart.label) }
            thead { tr {
                th scope="col" { (v.say(text::BEGIN)) }
                @for head in chart.heads { th scope="col" { (v.say(*head)) } }
            } }
            tbody { @for row in &chart.rows { tr {
                th scope="row" { (super::exact_minute(row.since)) }
                @for number in &row.numbers { td.number { (number) } }
            } } }
        }
    }
}

/// The sum of a number over all steps, with a mark where it is more.
pub(crate) fn sum(numbers: impl Iterator<Item = (u32, bool)>) -> String {
    let (sum, is_complete) = numbers.fold((0_u64, true), |(sum, whole), (number, is_complete)| {
        (sum + u64::from(number), whole && is_complete)
    });
    counted(sum, is_complete)
}

/// A number, with a mark where there are more.
pub(crate) fn counted(number: u64, is_complete: bool) -> String {
    if is_complete {
        number.to_string()
    } else {
        format!("{number}+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(above: u64, below: u64) -> Scale {
        Scale { above, below }
    }

    #[test]
    fn both_sides_of_the_line_have_one_scale_and_fit() {
        let both = scale(75, 25);
        assert_eq!((both.line(), both.pixels(75)), (TOP + 81, 81));
        assert_eq!(both.pixels(25), 27);
        assert_eq!(
            scale(0, 9).line(),
            TOP,
            "where all failed, all hangs from the top"
        );
        assert_eq!(scale(9, 0).line(), TOP + TALL);
    }

    #[test]
    fn a_number_that_is_not_zero_can_be_seen_and_none_is_too_large() {
        assert_eq!(scale(1_000_000, 0).pixels(1), 1);
        assert_eq!(scale(1_000_000, 0).pixels(0), 0);
        assert_eq!(scale(0, 0).pixels(0), 0);
        assert_eq!(scale(u64::MAX, u64::MAX).pixels(u64::MAX), TALL / 2);
    }

    #[test]
    fn at_most_six_times_are_written_below() {
        for steps in 0..=100 {
            let places: Vec<_> = named(steps).collect();
            assert!(places.len() <= 6 && places.iter().all(|place| *place < steps.max(1)));
        }
    }

    #[test]
    fn a_sum_says_that_there_is_more_where_a_step_was_not_counted_to_its_end() {
        assert_eq!(sum([(1, true), (2, true)].into_iter()), "3");
        assert_eq!(sum([(10_000, false), (2, true)].into_iter()), "10002+");
    }
}
