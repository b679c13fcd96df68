//! `webhooks lint`: does a document keep the rules?

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use serde_json::json;

use super::answer::{Failure, Outcome, count, write_json};
use super::reading::Reading;
use crate::lint::{Finding, Severity, lint, rules};
use crate::source::Source;
use crate::terminal::{BAD, DOUBTFUL, GOOD, QUIET, STRONG, styled, table, visible};

/// Checks the webhooks of a document against the rules that pages, linters and generators force.
#[derive(Debug, clap::Args)]
pub(super) struct Lint {
    /// The document: a file, `-`, or the address of a running app.
    #[arg(required_unless_present = "rules")]
    document: Option<Source>,
    /// Print JSON: an object with `errors`, `warnings` and `findings`; with --rules an array of rules.
    #[arg(long)]
    json: bool,
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
    /// Leave a rule out; can be given several times.
    #[arg(long, value_name = "RULE", value_parser = PossibleValuesParser::new(rules().map(|rule| rule.name)), hide_possible_values = true)]
    ignore: Vec<String>,
    /// List the rules with their reasons, and check nothing.
    #[arg(long, conflicts_with_all = ["document", "strict", "ignore"])]
    rules: bool,
}

impl Lint {
    pub(super) fn run(
        &self,
        reading: &Reading,
        output: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        let Some(source) = &self.document else {
            if self.json {
                write_json(output, &rules().collect::<Vec<_>>())?;
            } else {
                write_rules(output)?;
            }
            return Ok(Outcome::Good);
        };
        let document = reading.document_with_duplicates(source)?;
        let mut findings = lint(&document);
        findings.retain(|finding| !self.ignore.iter().any(|name| name == finding.rule));
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count();
        let warnings = findings.len() - errors;
        if self.json {
            write_json(
                output,
                &json!({ "errors": errors, "warnings": warnings, "findings": findings }),
            )?;
        } else {
            write_findings(output, &findings)?;
            write_summary(output, errors, warnings)?;
        }
        let is_bad = errors > 0 || (self.strict && warnings > 0);
        Ok(if is_bad { Outcome::Bad } else { Outcome::Good })
    }
}

/// Each finding on a line, then the reason of each rule once.
fn write_findings(output: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    let mut reasons = BTreeMap::new();
    for Finding {
        rule,
        severity,
        pointer,
        message,
        reason,
    } in findings
    {
        let style = if *severity == Severity::Error {
            BAD
        } else {
            DOUBTFUL
        };
        let severity = styled(style, &severity.to_string());
        let place = visible(&pointer.to_string()).into_owned();
        let rule_shown = styled(QUIET, &format!("[{rule}]"));
        writeln!(
            output,
            "{place}: {severity}: {} {rule_shown}",
            visible(message)
        )?;
        reasons.insert(rule, reason);
    }
    if !reasons.is_empty() {
        writeln!(output, "\n{}", styled(STRONG, "Why"))?;
    }
    for (rule, reason) in reasons {
        writeln!(output, "  {rule}: {reason}")?;
    }
    Ok(())
}

fn write_summary(output: &mut impl Write, errors: usize, warnings: usize) -> io::Result<()> {
    if errors + warnings == 0 {
        return writeln!(output, "{}", styled(GOOD, "No rule is broken."));
    }
    writeln!(
        output,
        "\n{}, {}",
        count(errors, "error"),
        count(warnings, "warning")
    )
}

fn write_rules(output: &mut impl Write) -> io::Result<()> {
    let row = |rule: &crate::lint::Rule| {
        vec![
            rule.name.to_owned(),
            rule.severity.to_string(),
            rule.reason.to_owned(),
        ]
    };
    table(
        output,
        &["RULE", "SEVERITY", "REASON"],
        &rules().map(row).collect::<Vec<_>>(),
    )
}
