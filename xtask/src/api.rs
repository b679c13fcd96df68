//! `cargo xtask api`: the public API of each published library crate is what `tests/api/CRATE.txt` lists.
//!
//! The listing shows in a review that a change touched what users call. It is read from rustdoc's pages, so it names
//! what a user sees, with all features.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::rustdoc;
use crate::workspace::Workspace;

/// A crate with what its listing holds, if there is one, and what it should hold.
struct Listing {
    name: String,
    file: PathBuf,
    kept: Option<String>,
    current: String,
}

/// Fails on the crates whose listing is not what rustdoc shows, with the lines that differ.
pub(crate) fn compare() -> Result<()> {
    let workspace = Workspace::read()?;
    let mut different = Vec::new();
    for listing in listings(&workspace)? {
        let kept = listing.kept.unwrap_or_default();
        if kept == listing.current {
            println!("the public API of {} is what tests/api lists", listing.name);
        } else {
            println!(
                "the public API of {} is not what tests/api lists:",
                listing.name
            );
            for line in difference(&kept, &listing.current) {
                println!("{line}");
            }
            different.push(listing.name);
        }
    }
    if different.is_empty() {
        return Ok(());
    }
    bail!(
        "the public API of {} has changed; if the change is meant, write the listings anew with `cargo xtask api \
         --bless` and read their difference (they are written with rustc {})",
        different.join(", "),
        workspace.snapshots_rustc
    )
}

/// Writes every listing anew.
pub(crate) fn bless() -> Result<()> {
    for listing in listings(&Workspace::read()?)? {
        if listing.kept.as_ref() == Some(&listing.current) {
            println!("{} is unchanged", listing.name);
            continue;
        }
        fs::write(&listing.file, listing.current)
            .with_context(|| listing.file.display().to_string())?;
        println!("wrote tests/api/{}.txt", listing.name);
    }
    Ok(())
}

fn listings(workspace: &Workspace) -> Result<Vec<Listing>> {
    let folder = workspace.root.join("tests/api");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    document(workspace)?;
    let libraries = workspace.published().filter(|package| package.has_library);
    let listings = libraries.map(|package| {
        let pages = workspace
            .target
            .join("doc")
            .join(package.name.replace('-', "_"));
        let file = folder.join(format!("{}.txt", package.name));
        let api = rustdoc::listing(&pages, &package.name.replace('-', "_"))?;
        Ok(Listing {
            name: package.name.clone(),
            kept: fs::read_to_string(&file).ok(),
            file,
            current: api,
        })
    });
    listings.collect()
}

/// Builds the documentation exactly as CI's step for it does, so that nothing is built twice.
pub(crate) fn document(workspace: &Workspace) -> Result<()> {
    let mut cargo = command::cargo();
    cargo
        .current_dir(&workspace.root)
        .env("RUSTDOCFLAGS", "-D warnings");
    cargo.args([
        "doc",
        "--locked",
        "--workspace",
        "--all-features",
        "--no-deps",
    ]);
    command::run(&mut cargo)
}

/// The lines that only one of two texts has: `-` for what is gone, `+` for what is new, under the item they belong to.
fn difference(kept: &str, current: &str) -> Vec<String> {
    let (kept, current) = (placed(kept), placed(current));
    let gone = kept.iter().filter(|line| !current.contains(line));
    let new = current.iter().filter(|line| !kept.contains(line));
    let gone = gone.map(|(item, line)| (item, '-', line));
    let new = new.map(|(item, line)| (item, '+', line));
    let mut lines: Vec<_> = gone.chain(new).collect();
    lines.sort();
    let shown = lines
        .into_iter()
        .map(|(item, sign, line)| format!("  {sign} {item}: {}", line.trim()));
    shown.collect()
}

/// Each line with the item that it belongs to: the last line before it that is not indented.
fn placed(text: &str) -> Vec<(&str, &str)> {
    let mut item = "";
    let mut placed = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if !line.starts_with(' ') {
            item = line;
        }
        placed.push((item, line));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_names_the_item_and_what_came_and_went() {
        let kept = "struct a::A\n    pub fn f()\n\nstruct a::B\n    pub fn f()\n";
        let current = "struct a::A\n    pub fn g()\n\nstruct a::B\n    pub fn f()\n";
        let expected = ["  - struct a::A: pub fn f()", "  + struct a::A: pub fn g()"];
        let mut found = difference(kept, current);
        found.sort_by(|a, b| b.cmp(a));
        assert_eq!(found, expected);
    }
}
