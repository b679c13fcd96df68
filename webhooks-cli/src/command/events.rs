//! `webhooks events`: what can be sent.

use std::io::Write;

use serde::Serialize;

use super::answer::{Failure, Outcome, write_json};
use super::reading::Reading;
use crate::catalogue::{Catalogue, Content, Operation};
use crate::pointer::Pointer;
use crate::reference::{Part, References};
use crate::source::Source;
use crate::terminal::{table, visible};

/// The longest summary that is shown in the table, in characters.
const LONGEST_SUMMARY: usize = 80;

/// Lists the events of a document.
#[derive(Debug, clap::Args)]
pub(super) struct Events {
    /// The document: a file, `-`, or the address of a running app.
    document: Source,
    /// Print JSON: an array with an object for each event and method.
    #[arg(long)]
    json: bool,
}

/// A line of the table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    event: &'a str,
    method: &'a str,
    summary: Option<&'a str>,
    description: Option<&'a str>,
    tags: Vec<&'a str>,
    deprecated: bool,
    operation_id: Option<&'a str>,
    /// The name of the payload's schema, or what it is; inside of an envelope, that of the data.
    payload: Option<String>,
    pointer: &'a Pointer,
}

impl Events {
    pub(super) fn run(
        &self,
        reading: &Reading,
        output: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        let document = reading.document(&self.document)?;
        let catalogue = Catalogue::whole(&document)
            .map_err(|error| Failure::Message(format!("{}: {error}", self.document)))?;
        let references = References::new(document.root());
        let operations = catalogue.operations.iter();
        let rows: Vec<Row<'_>> = operations.map(|one| row(one, references)).collect();
        if self.json {
            write_json(output, &rows)?;
        } else if rows.is_empty() {
            writeln!(output, "The document has no webhooks.")?;
        } else {
            let cells: Vec<_> = rows.iter().map(Row::cells).collect();
            table(
                output,
                &["EVENT", "METHOD", "PAYLOAD", "TAGS", "SUMMARY"],
                &cells,
            )?;
        }
        Ok(Outcome::Good)
    }
}

impl Row<'_> {
    fn cells(&self) -> Vec<String> {
        let deprecated = if self.deprecated { "(deprecated) " } else { "" };
        vec![
            visible(self.event).into_owned(),
            visible(self.method).into_owned(),
            visible(self.payload.as_deref().unwrap_or("-")).into_owned(),
            visible(&self.tags.join(", ")).into_owned(),
            format!(
                "{deprecated}{}",
                visible(&cut(self.summary.unwrap_or_default()))
            ),
        ]
    }
}

/// Some documents have whole paragraphs as summaries; `--json` prints them in full.
fn cut(summary: &str) -> String {
    let short: String = summary.chars().take(LONGEST_SUMMARY).collect();
    if short.len() < summary.len() {
        short + ".."
    } else {
        short
    }
}

fn row<'a>(operation: &'a Operation<'a>, references: References<'a>) -> Row<'a> {
    Row {
        event: operation.event,
        method: &operation.method,
        summary: operation.text("summary"),
        description: operation.text("description"),
        tags: operation.tags(),
        deprecated: operation.is_deprecated(),
        operation_id: operation.text("operationId"),
        payload: operation
            .body
            .as_ref()
            .and_then(|body| body.content.first())
            .map(|content| payload(content, references)),
        pointer: &operation.part.pointer,
    }
}

/// `Payment`, `array of Payment`, `object`, or the media type of what has no schema.
fn payload(content: &Content<'_>, references: References<'_>) -> String {
    let Some(schema) = &content.schema else {
        return content.media_type.to_owned();
    };
    let data = enveloped(schema, references);
    let schema = data.as_ref().unwrap_or(schema);
    let text = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(|one| one.as_str().map(str::to_owned))
    };
    let name = |value| {
        let reference = text(value, "$ref");
        let last = reference
            .as_deref()
            .and_then(|reference| reference.rsplit('/').next());
        last.map(str::to_owned)
            .or_else(|| text(value, "title"))
            .or_else(|| text(value, "type"))
    };
    match (name(schema.value), schema.value.get("items").and_then(name)) {
        (Some(own), Some(items)) if own == "array" => format!("array of {items}"),
        (Some(own), _) => own,
        (None, _) => content.media_type.to_owned(),
    }
}

/// The data inside of an envelope of Standard Webhooks: `{type, timestamp, data}`, the type a constant.
fn enveloped<'a>(schema: &Part<'a>, references: References<'a>) -> Option<Part<'a>> {
    let properties = references
        .follow(schema.clone())
        .ok()?
        .child("properties")?;
    let mut names: Vec<_> = properties.members().map(|(name, _)| name).collect();
    names.sort_unstable();
    let constant = properties.value.get("type")?;
    let is_constant = constant
        .get("const")
        .or_else(|| constant.get("enum"))
        .is_some();
    if names == ["data", "timestamp", "type"] && is_constant {
        properties.child("data")
    } else {
        None
    }
}
