//! Counts that say whether the code stays readable: `cargo xtask measure [FOLDER]`.
//!
//! The source is read as lines, as rustfmt writes them: an item ends at the first closing brace with its own
//! indentation. Test code is left out: files and folders named `tests`, and modules behind `#[cfg(test)]`.

mod names;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use text::Lines;

/// A function may not be longer, its signature and braces included.
pub const LONGEST_FUNCTION: usize = 60;

/// What was counted in one crate.
#[derive(Debug, Default)]
pub struct Counts {
    /// The folder's name.
    pub name: String,
    /// Files with library code.
    pub files: usize,
    /// Lines that are neither blank nor comment nor documentation.
    pub code: usize,
    /// Lines that hold a comment only; documentation is not counted.
    pub comments: usize,
    /// Functions longer than [`LONGEST_FUNCTION`] lines: where each begins, and its lines.
    pub long_functions: Vec<(String, usize)>,
    /// Names that a user finds at the root of the crate.
    pub root_names: Vec<String>,
    /// Columns read by number, as in `row.int(7)`: where.
    pub positional_reads: Vec<String>,
    /// Types that are named by a participle alone, as `Held` and `Known` are.
    pub participle_types: Vec<String>,
}

/// Counts the crates of a workspace: its folders `webhooks-*`, and `xtask`.
///
/// # Errors
///
/// When a file cannot be read, or the folder holds no crate.
pub fn workspace(root: &Path) -> Result<Vec<Counts>> {
    let mut crates: Vec<PathBuf> = entries(root)?;
    crates.retain(|path| {
        let name = file_name(path);
        path.join("src").is_dir() && (name.starts_with("webhooks-") || name == "xtask")
    });
    ensure!(
        !crates.is_empty(),
        "{} holds no folder `webhooks-*` with a crate",
        root.display()
    );
    crates.iter().map(|folder| crate_at(folder)).collect()
}

fn crate_at(folder: &Path) -> Result<Counts> {
    let mut counts = Counts {
        name: file_name(folder),
        ..Counts::default()
    };
    let source = folder.join("src");
    let files = rust_files(&source)?;
    let mut for_tests = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        for_tests.extend(modules_for_tests(path, &text));
    }
    for path in files.iter().filter(|path| {
        !for_tests
            .iter()
            .any(|module| path.starts_with(module) || path.with_extension("") == *module)
    }) {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let inner = path.strip_prefix(&source).unwrap_or(path);
        counts.add(&inner.display().to_string(), &text);
        if inner == Path::new("lib.rs") {
            counts.root_names = names::at_root(&Lines::of_library(&text));
        }
    }
    Ok(counts)
}

/// The modules in files of their own that a file declares for tests only, as paths without extension.
fn modules_for_tests(path: &Path, text: &str) -> Vec<PathBuf> {
    let name = path.file_name().unwrap_or_default();
    let folder = if name == "mod.rs" || name == "lib.rs" || name == "main.rs" {
        path.parent().unwrap_or(path).to_owned()
    } else {
        path.with_extension("")
    };
    let pairs = text.lines().zip(text.lines().skip(1));
    let modules = pairs.filter(|(before, _)| text::is_for_tests(before));
    let names = modules.filter_map(|(_, line)| {
        let (before, name) = line.trim().strip_suffix(';')?.split_once("mod ")?;
        (before.is_empty() || before.starts_with("pub")).then_some(name)
    });
    names.map(|name| folder.join(name)).collect()
}

impl Counts {
    fn add(&mut self, file: &str, text: &str) {
        let lines = Lines::of_library(text);
        self.files += 1;
        self.code += lines.code().count();
        self.comments += lines.comments();
        for (line, name, length) in lines.functions() {
            if length > LONGEST_FUNCTION {
                let place = format!("{}/src/{file}:{line} {name}", self.name);
                self.long_functions.push((place, length));
            }
        }
        for (number, line) in lines.code() {
            if names::is_positional_read(line) {
                let place = format!("{}/src/{file}:{number}", self.name);
                self.positional_reads.push(place);
            }
            if let Some(name) = names::participle_type(line) {
                let place = format!("{}/src/{file}:{number} {name}", self.name);
                self.participle_types.push(place);
            }
        }
    }

    fn comments_per_100(&self) -> f64 {
        let lines = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        100.0 * lines(self.comments) / lines(self.code.max(1))
    }
}

/// Prints the table, and what it counted where there is something to mend.
pub fn print(crates: &[Counts]) {
    println!(
        "{:<20} {:>6} {:>7} {:>9} {:>13} {:>11} {:>11} {:>11}",
        "crate",
        "files",
        "code",
        "fn > 60",
        "comments/100",
        "root names",
        "positional",
        "participles"
    );
    let mut together = Counts {
        name: "together".to_owned(),
        ..Counts::default()
    };
    for counts in crates {
        row(counts);
        together.files += counts.files;
        together.code += counts.code;
        together.comments += counts.comments;
        together
            .long_functions
            .extend(counts.long_functions.iter().cloned());
        together
            .root_names
            .extend(counts.root_names.iter().cloned());
        together
            .positional_reads
            .extend(counts.positional_reads.iter().cloned());
        together
            .participle_types
            .extend(counts.participle_types.iter().cloned());
    }
    row(&together);
    for (place, length) in &together.long_functions {
        println!("{place} has {length} lines");
    }
    for place in &together.participle_types {
        println!("{place} is a participle");
    }
}

fn row(counts: &Counts) {
    println!(
        "{:<20} {:>6} {:>7} {:>9} {:>13.1} {:>11} {:>11} {:>11}",
        counts.name,
        counts.files,
        counts.code,
        counts.long_functions.len(),
        counts.comments_per_100(),
        counts.root_names.len(),
        counts.positional_reads.len(),
        counts.participle_types.len()
    );
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        let name = file_name(&path);
        if name == "tests" || name == "tests.rs" {
            continue;
        }
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
