//! `webhooks diff`: would a receiver break?

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use serde_json::json;

use super::answer::{Failure, Outcome, count, write_json};
use super::reading::Reading;
use crate::diff::{Change, Side, diff, rules};
use crate::source::Source;
use crate::terminal::{BAD, GOOD, QUIET, STRONG, styled, visible};

/// How many events are named for a change.
const MOST_EVENTS: usize = 3;

/// Compares two versions of a document, as a receiver that was written for the old one sees it.
#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// The document that receivers were written for: a file, `-`, or an address.
    old: Source,
    /// The document that is to replace it.
    new: Source,
    /// Print JSON: an object with `breaking`, `compatible` and `changes`.
    #[arg(long)]
    json: bool,
    /// Leave compatible changes out.
    #[arg(long)]
    breaking: bool,
    /// Leave a kind of change out; can be given several times.
    #[arg(long, value_name = "RULE", value_parser = PossibleValuesParser::new(rules()), hide_possible_values = true)]
    ignore: Vec<String>,
}

impl Diff {
    pub(super) fn run(
        &self,
        reading: &Reading,
        output: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        if (&self.old, &self.new) == (&Source::StandardInput, &Source::StandardInput) {
            let message = "standard input can be one of the two documents, not both";
            return Err(Failure::Message(message.to_owned()));
        }
        let (old, new) = (reading.document(&self.old)?, reading.document(&self.new)?);
        let mut changes = diff(&old, &new).map_err(|error| {
            let source = if error.side == Side::Old {
                &self.old
            } else {
                &self.new
            };
            Failure::Message(format!("{source}: {}", error.error))
        })?;
        changes.retain(|change| !self.ignore.iter().any(|name| name == change.rule));
        let breaking = changes.iter().filter(|change| change.breaking).count();
        let compatible = changes.len() - breaking;
        changes.retain(|change| change.breaking || !self.breaking);
        if self.json {
            write_json(
                output,
                &json!({ "breaking": breaking, "compatible": compatible, "changes": changes }),
            )?;
        } else {
            write_changes(output, &changes)?;
            write_summary(output, breaking, compatible)?;
        }
        Ok(if breaking > 0 {
            Outcome::Bad
        } else {
            Outcome::Good
        })
    }
}

/// Each change on a line with its events below, then the reasons once.
fn write_changes(output: &mut impl Write, changes: &[Change]) -> io::Result<()> {
    let mut reasons = BTreeSet::new();
    for Change {
        rule,
        breaking,
        pointer,
        document,
        events,
        message,
        reason,
    } in changes
    {
        let verdict = if *breaking {
            styled(BAD, "breaking")
        } else {
            styled(GOOD, "compatible")
        };
        let place = visible(&pointer.to_string()).into_owned();
        let rule_shown = styled(QUIET, &format!("[{rule}]"));
        writeln!(
            output,
            "{document} {place}: {verdict}: {} {rule_shown}",
            visible(message)
        )?;
        let named = events
            .iter()
            .take(MOST_EVENTS)
            .map(|event| visible(event))
            .collect::<Vec<_>>()
            .join(", ");
        let further = events.len().saturating_sub(MOST_EVENTS);
        let further = if further > 0 {
            format!(" and {further} more")
        } else {
            String::new()
        };
        writeln!(
            output,
            "    {}",
            styled(QUIET, &format!("{named}{further}"))
        )?;
        reasons.insert((!breaking, rule, reason));
    }
    if !reasons.is_empty() {
        writeln!(output, "\n{}", styled(STRONG, "Why"))?;
    }
    for (is_compatible, rule, reason) in reasons {
        let verdict = if is_compatible {
            "compatible"
        } else {
            "breaking"
        };
        writeln!(output, "  {rule} ({verdict}): {reason}")?;
    }
    Ok(())
}

fn write_summary(output: &mut impl Write, breaking: usize, compatible: usize) -> io::Result<()> {
    if breaking + compatible == 0 {
        return writeln!(
            output,
            "{}",
            styled(GOOD, "Nothing changed that a receiver could notice.")
        );
    }
    writeln!(
        output,
        "\n{}, {compatible} compatible",
        count(breaking, "breaking change")
    )
}
