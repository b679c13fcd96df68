//! Every way in which a document can be written for other tools.
//!
//! `exports FOLDER DOCUMENT...` writes, in a folder named after that of each document: `openapi.json`, `openapi.yaml`,
//! `openapi-3.0.json`, `inlined.json`, `inlined-3.0.json`, and `schemas/`. The strings of `strings.json` are written
//! as YAML too.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use webhooks_core::Projection;
use webhooks_core::openapi::{downgrade, inline, json_schemas, read_json, write_yaml};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .context("usage: exports FOLDER DOCUMENT...")?;
    for file in arguments {
        let file = Path::new(&file);
        let name = file
            .parent()
            .and_then(Path::file_name)
            .context("a document lies in a folder")?;
        let folder = Path::new(&folder).join(name);
        fs::create_dir_all(folder.join("schemas"))?;
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        export(&read_json(&text)?, &folder).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn export(document: &Value, folder: &Path) -> Result<()> {
    fs::write(folder.join("openapi.json"), document.to_string())?;
    fs::write(folder.join("openapi.yaml"), write_yaml(document))?;
    if document.get("openapi").is_none() {
        return Ok(());
    }
    let projection = Projection::of(document.clone())?;
    for loss in &projection.losses {
        println!("{}: lost in 3.0: {loss}", folder.display());
    }
    fs::write(
        folder.join("openapi-3.0.json"),
        serde_json::to_string(&projection.document)?,
    )?;
    for (name, document) in [
        ("inlined.json", document.clone()),
        ("inlined-3.0.json", downgrade(document.clone()).document),
    ] {
        let inlined = inline(document)?;
        for note in &inlined.notes {
            println!("{}/{name}: {note}", folder.display());
        }
        fs::write(folder.join(name), inlined.document.to_string())?;
    }
    let schemas = json_schemas(document, "https://example.com/schemas/");
    fs::write(folder.join("schemas/index.json"), schemas.index.to_string())?;
    for (name, schema) in &schemas.files {
        fs::write(folder.join("schemas").join(name), schema.to_string())?;
    }
    Ok(())
}
