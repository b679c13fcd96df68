//! Documents of OpenAPI 3.0 that the crate `openapiv3` is tested with: upgraded, joined by a webhook, projected back.
//!
//! `fixtures FOLDER SOURCE` reads the folder of the documents and writes for each a folder with `before.json` and, upgraded
//! and joined, `after.json`; it fails where the projection of the upgraded document says anything else than the typed original.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use openapiv3::OpenAPI;
use serde_json::Value;
use webhooks_core::Projection;
use webhooks_core::openapi::upgrade;
use webhooks_core::{Descriptor, OpenApi, Webhooks};

static PING: Descriptor = Descriptor::post("ping").payload::<String>();

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, source] = arguments.as_slice() else {
        bail!("usage: fixtures FOLDER SOURCE")
    };
    let mut files: Vec<PathBuf> = fs::read_dir(source)
        .with_context(|| source.clone())?
        .map(|one| Ok(one?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    ensure!(
        files.len() > 10,
        "{source} holds only {} documents",
        files.len()
    );
    println!(
        "{:>9}  {:>6}  {:>9}  {:>6}  document",
        "bytes", "paths", "upgrade", "losses"
    );
    for file in files {
        check(&file, Path::new(folder)).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn check(file: &Path, folder: &Path) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let mine: OpenAPI = serde_saphyr::from_str(&text)?;
    let original = serde_json::to_value(&mine)?;
    let mut upgraded = original.clone();
    let began = Instant::now();
    upgrade(&mut upgraded);
    let took = began.elapsed();
    ensure!(upgraded["openapi"] == "3.1.0", "it is not upgraded");
    let catalogue = Webhooks::new().with(&PING).build()?;
    let info = mine.info.clone();
    let document = OpenApi::with_info(info.into())
        .merge(&mine)
        .webhooks(catalogue)
        .build()?;
    let projection = Projection::of(upgraded)?;
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .context("a name")?;
    let bytes = text.len();
    println!(
        "{bytes:>9}  {:>6}  {:>6.2} ms  {:>6}  {name}",
        mine.paths.paths.len(),
        took.as_secs_f64() * 1e3,
        projection.losses.len()
    );
    for loss in projection.losses.iter().take(3) {
        println!("           {loss}");
    }
    for warning in document.warnings().iter().take(3) {
        println!("           {warning}");
    }
    let mut changes = Vec::new();
    differences(
        &original,
        &serde_json::to_value(&projection.document)?,
        "#",
        &mut changes,
    );
    changes.retain(|change| !is_same_meaning(change));
    ensure!(
        changes.is_empty(),
        "the way there and back changed it: {changes:#?}"
    );
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("before.json"), original.to_string())?;
    fs::write(folder.join("after.json"), document.to_json())?;
    Ok(())
}

/// Other words for the same: the number of the version, null in an `enum` next to `nullable`, `allOf` instead of `anyOf`
/// with one branch, and no `nullable` where nothing refuses null.
fn is_same_meaning(change: &str) -> bool {
    let (place, what) = change.split_once(' ').unwrap_or((change, ""));
    place == "#/openapi:"
        || (place.ends_with("/enum:") && what.ends_with(",null]"))
        || (place.ends_with("/anyOf")
            && what.starts_with("was [{\"$ref\"")
            && !what.contains("},{"))
        || (place.ends_with("/allOf") && what == "is new")
        || (place.ends_with("/nullable") && what == "was true")
}

/// Where the way there and back changed something.
fn differences(before: &Value, after: &Value, pointer: &str, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                match after.get(key) {
                    Some(other) => differences(value, other, &format!("{pointer}/{key}"), found),
                    None => found.push(format!("{pointer}/{key} was {value}")),
                }
            }
            found.extend(
                after
                    .keys()
                    .filter(|key| !before.contains_key(*key))
                    .map(|key| format!("{pointer}/{key} is new")),
            );
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                differences(before, after, &format!("{pointer}/{index}"), found);
            }
        }
        (before, after) if before == after => {}
        _ => found.push(format!("{pointer}: {before} became {after}")),
    }
}
