//! `webhooks export`: the same webhooks for other tools.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Value, json};
use webhooks_core::openapi::{self, JsonSchemas, OpenApiVersion};

use super::answer::{Failure, Outcome, write_json};
use super::reading::Reading;
use crate::catalogue::Catalogue;
use crate::document::Document;
use crate::lint::lint;
use crate::source::Source;
use crate::terminal::{DOUBTFUL, styled, visible};
use crate::zapier::{self, Address};

/// Writes a document in another form: OpenAPI 3.2, 3.1 or 3.0, with references written out, JSON Schemas, or a Zapier
/// integration.
///
/// Reports on standard error what the other form cannot say, each with its place.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The form.
    form: Form,
    /// The document: a file, `-`, or the address of a running app.
    document: Source,
    /// Write out every `$ref` of the webhooks, for importers that follow none; for Convoy with openapi-3.0.
    #[arg(long)]
    inline: bool,
    /// Write YAML instead of JSON.
    #[arg(long)]
    yaml: bool,
    /// Where to write; a folder for JSON Schemas and Zapier. Standard output by default.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// What the `$id` of each JSON Schema begins with, such as `https://example.com/schemas/`.
    #[arg(
        long,
        value_name = "URL",
        default_value = "",
        hide_default_value = true
    )]
    base: String,
    /// Where the management API is that a Zapier integration calls; by default what the document says.
    #[arg(long, value_name = "URL")]
    api: Option<String>,
    /// Fail if something was lost.
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// OpenAPI 3.2, which can say everything that the older versions say.
    #[value(name = "openapi-3.2")]
    OpenApi32,
    /// OpenAPI 3.1; a document of 3.0 is upgraded.
    #[value(name = "openapi-3.1")]
    OpenApi31,
    /// OpenAPI 3.0.3, with the webhooks under `x-webhooks`.
    #[value(name = "openapi-3.0")]
    OpenApi30,
    /// The payload of each event as a self-contained JSON Schema, with an index.
    JsonSchema,
    /// A Zapier integration as files, with a trigger for each event.
    Zapier,
}

impl Export {
    pub(super) fn run(
        &self,
        reading: &Reading,
        output: &mut impl Write,
        notes: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        self.check()?;
        let read = reading.document(&self.document)?;
        self.check_document(&read)?;
        let mut document = read.root().clone();
        openapi::upgrade(&mut document);
        let lost = match self.form {
            Form::JsonSchema => {
                self.write_schemas(&openapi::json_schemas(&document, &self.base), output)?;
                not_followed(&read)
            }
            Form::Zapier => {
                self.write_integration(&read, &document, output)?;
                Vec::new()
            }
            Form::OpenApi32 | Form::OpenApi31 | Form::OpenApi30 => {
                let (document, lost) = self.converted(document)?;
                self.write(&document, output)?;
                lost
            }
        };
        for one in &lost {
            writeln!(notes, "{} {}", styled(DOUBTFUL, "lost:"), visible(one))?;
        }
        Ok(if self.strict && !lost.is_empty() {
            Outcome::Bad
        } else {
            Outcome::Good
        })
    }

    fn check(&self) -> Result<(), Failure> {
        let zapier = self.form == Form::Zapier;
        if zapier && (self.inline || self.yaml || !self.base.is_empty()) {
            let message =
                "a Zapier integration is files of its own; leave --inline, --yaml and --base out";
            return Err(Failure::Message(message.to_owned()));
        }
        if !zapier && self.api.is_some() {
            let message = "only a Zapier integration calls the API; leave --api out";
            return Err(Failure::Message(message.to_owned()));
        }
        let schemas = self.form == Form::JsonSchema;
        let message = match (schemas, self.inline, self.base.is_empty()) {
            (true, true, _) => "JSON Schemas are self-contained already; leave --inline out",
            (true, _, _) if self.yaml => "JSON Schemas are written as JSON; leave --yaml out",
            (false, _, false) => "only JSON Schemas have a base; leave --base out",
            _ => return Ok(()),
        };
        Err(Failure::Message(message.to_owned()))
    }

    /// Refuses what would otherwise be lost without a word: parts that are malformed.
    fn check_document(&self, document: &Document) -> Result<(), Failure> {
        let refused =
            |error: &dyn std::fmt::Display| Failure::Message(format!("{}: {error}", self.document));
        Catalogue::whole(document)
            .map(drop)
            .map_err(|error| refused(&error))
    }

    /// The document in the form that was asked for, and what was lost on the way.
    fn converted(&self, mut document: Value) -> Result<(Value, Vec<String>), Failure> {
        let mut lost = Vec::new();
        let converted = match self.form {
            Form::OpenApi30 => openapi::downgrade(document),
            Form::OpenApi32 => openapi::convert(document, OpenApiVersion::V3_2),
            Form::OpenApi31 | Form::JsonSchema | Form::Zapier => {
                openapi::convert(document, OpenApiVersion::V3_1)
            }
        };
        lost.extend(converted.losses.iter().map(ToString::to_string));
        document = converted.document;
        if self.inline {
            let inlined = openapi::inline(document)
                .map_err(|error| Failure::Message(format!("{}: {error}", self.document)))?;
            lost.extend(inlined.notes);
            document = inlined.document;
        }
        Ok((document, lost))
    }

    fn write(&self, document: &Value, output: &mut impl Write) -> Result<(), Failure> {
        let mut text = Vec::new();
        if self.yaml {
            text.extend(openapi::write_yaml(document).into_bytes());
        } else {
            write_json(&mut text, document)?;
        }
        match &self.output {
            None => output.write_all(&text)?,
            Some(path) => fs::write(path, text).map_err(|error| not_written(path, &error))?,
        }
        Ok(())
    }

    /// The files of the integration in the folder; on standard output all in one object.
    fn write_integration(
        &self,
        read: &Document,
        document: &Value,
        output: &mut impl Write,
    ) -> Result<(), Failure> {
        let address = Address::of(self.api.as_deref(), document).map_err(Failure::Message)?;
        let catalogue = Catalogue::of(read);
        let files = zapier::integration(&catalogue, document, &address);
        let Some(folder) = &self.output else {
            write_json(output, &files)?;
            return Ok(());
        };
        for (name, text) in &files {
            // The names are made here, of letters, digits and underscores.
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(|error| not_written(parent, &error))?;
            fs::write(&path, text).map_err(|error| not_written(&path, &error))?;
        }
        Ok(())
    }

    /// Each schema in a file of the folder, and `index.json`; on standard output all in one object.
    fn write_schemas(&self, schemas: &JsonSchemas, output: &mut impl Write) -> Result<(), Failure> {
        let Some(folder) = &self.output else {
            write_json(
                output,
                &json!({ "index": schemas.index, "schemas": schemas.files }),
            )?;
            return Ok(());
        };
        fs::create_dir_all(folder).map_err(|error| not_written(folder, &error))?;
        let index = [("index.json", &schemas.index)];
        let files = schemas
            .files
            .iter()
            .map(|(name, schema)| (name.as_str(), schema));
        for (name, schema) in index.into_iter().chain(files) {
            let path = file_in(folder, name)?;
            let mut text = Vec::new();
            write_json(&mut text, schema)?;
            fs::write(&path, text).map_err(|error| not_written(&path, &error))?;
        }
        Ok(())
    }
}

/// The references that could not be written out: those that lead nowhere.
fn not_followed(document: &Document) -> Vec<String> {
    let findings = lint(document)
        .into_iter()
        .filter(|finding| finding.rule == "reference-dangling");
    findings
        .map(|finding| format!("{}: {}", finding.pointer, finding.message))
        .collect()
}

/// The path of a file that a document named: never outside of the folder.
fn file_in(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let is_plain =
        !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0', ':']);
    if is_plain {
        Ok(folder.join(name))
    } else {
        Err(Failure::Message(format!(
            "`{name}` cannot be the name of a file; rename the event"
        )))
    }
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::Message(format!("{} could not be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_document_can_name_a_file_outside_of_the_folder() {
        let folder = Path::new("schemas");
        assert!(file_in(folder, "payment.created.schema.json").is_ok());
        for name in ["", ".", "..", "../x", "/etc/x", "a\\b", "c:x", "a\0"] {
            assert!(file_in(folder, name).is_err(), "{name}");
        }
    }
}
