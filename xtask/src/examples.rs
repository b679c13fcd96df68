//! Each example keeps the document it serves as `openapi.json` next to its manifest; here they are compared and
//! written anew.
//!
//! The file is what a visitor reads, what the linters read, and what shows in a review that a change of the
//! library changed a document. An example takes part by having the file and understanding the argument `openapi`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command;
use crate::workspace::Workspace;

/// An example that serves a document, built and ready to run.
pub(crate) struct Example {
    pub(crate) name: String,
    /// Its `openapi.json`.
    pub(crate) document: PathBuf,
    pub(crate) program: PathBuf,
}

pub(crate) fn compare_all() -> Result<()> {
    compare(&built(&Workspace::read()?, &[])?)
}

/// Fails unless every `openapi.json` is, byte for byte, what its example prints.
pub(crate) fn compare(examples: &[Example]) -> Result<()> {
    for example in examples {
        let kept =
            fs::read(&example.document).with_context(|| example.document.display().to_string())?;
        let printed = print(example)?;
        if kept != printed {
            bail!(
                "examples/{}/openapi.json is not what the example prints; {}\nif the change is meant, write the \
                 file anew with `cargo xtask examples --bless` and read its difference",
                example.name,
                first_difference(&kept, &printed)
            );
        }
        println!(
            "examples/{}/openapi.json is what the example prints",
            example.name
        );
    }
    Ok(())
}

/// Writes every `openapi.json` anew, and a first one for each example named.
pub(crate) fn bless(names: &[&str]) -> Result<()> {
    for example in built(&Workspace::read()?, names)? {
        fs::write(&example.document, print(&example)?)
            .with_context(|| example.document.display().to_string())?;
        println!("wrote examples/{}/openapi.json", example.name);
    }
    Ok(())
}

/// The examples that have an `openapi.json` or are named in `also`, with their programs built.
pub(crate) fn built(workspace: &Workspace, also: &[&str]) -> Result<Vec<Example>> {
    with_programs(workspace, also, &workspace.build_programs()?)
}

/// The examples that have an `openapi.json`, built as they are deployed: the linker orders webhooks otherwise there.
pub(crate) fn released(workspace: &Workspace) -> Result<Vec<Example>> {
    with_programs(workspace, &[], &workspace.build_released_programs()?)
}

fn with_programs(
    workspace: &Workspace,
    also: &[&str],
    programs: &[(String, PathBuf)],
) -> Result<Vec<Example>> {
    let folder = workspace.root.join("examples");
    let packages: Vec<_> = workspace
        .packages
        .iter()
        .filter(|package| package.folder.starts_with(&folder))
        .collect();
    for name in also {
        ensure!(
            packages.iter().any(|package| package.name == *name),
            "there is no example called `{name}`"
        );
    }
    let mut examples = Vec::new();
    for package in packages {
        let document = package.folder.join("openapi.json");
        if !document.exists() && !also.contains(&package.name.as_str()) {
            continue;
        }
        let program = programs.iter().find(|(owner, _)| *owner == package.name);
        let (_, program) =
            program.with_context(|| format!("example `{}` builds no program", package.name))?;
        examples.push(Example {
            name: package.name.clone(),
            document,
            program: program.clone(),
        });
    }
    ensure!(
        !examples.is_empty(),
        "no example has an openapi.json, so there is nothing to check; write the first one with \
         `cargo xtask examples --bless NAME`"
    );
    Ok(examples)
}

fn print(example: &Example) -> Result<Vec<u8>> {
    let printed = command::output(Command::new(&example.program).arg("openapi"))?;
    serde_json::from_slice::<serde_json::Value>(&printed).with_context(|| {
        format!(
            "what `{} openapi` prints is not one JSON document",
            example.name
        )
    })?;
    Ok(printed)
}

fn first_difference(kept: &[u8], printed: &[u8]) -> String {
    let (kept, printed) = (
        String::from_utf8_lossy(kept),
        String::from_utf8_lossy(printed),
    );
    let (mut kept, mut printed) = (kept.split('\n'), printed.split('\n'));
    for line in 1.. {
        match (kept.next(), printed.next()) {
            (Some(old), Some(new)) if old == new => {}
            (None, None) => break,
            (old, new) => {
                let (old, new) = (old.unwrap_or("(the end)"), new.unwrap_or("(the end)"));
                return format!("line {line}:\n  file:    {old}\n  printed: {new}");
            }
        }
    }
    "the texts read alike but are not valid UTF-8".to_owned()
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_different_line_is_named_with_both_texts() {
        let text = first_difference(b"{\n \"a\": 1\n}\n", b"{\n \"a\": 2\n}\n");
        assert_eq!(text, "line 2:\n  file:     \"a\": 1\n  printed:  \"a\": 2");
    }

    #[test]
    fn a_missing_final_newline_is_a_difference() {
        assert_eq!(
            first_difference(b"{}", b"{}\n"),
            "line 2:\n  file:    (the end)\n  printed: "
        );
    }
}
