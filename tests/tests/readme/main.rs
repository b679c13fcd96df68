//! Every piece of Rust in the README compiles as it is.
//!
//! The modules of this test hold the pieces between `// README` and `// end`, with what a reader has to imagine
//! around them: the first example, and for a few lines a function without arguments. The README must say the same, and
//! nothing that is not here.

#![expect(dead_code, reason = "a piece is compiled, not run")]
#![expect(clippy::print_stdout, reason = "that is how a README shows something")]

mod declare;
mod first;

use std::fs;
use std::path::Path;

/// The files whose pieces a reader can paste as they are.
const WHOLE: [&str; 9] = [
    "declare/manage",
    "declare/merge",
    "declare/pages",
    "declare/provider",
    "declare/receive",
    "declare/run",
    "declare/send",
    "declare/test",
    "declare/view",
];

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines between two marks, without their common indentation.
fn between(text: &str, begin: &str, end: &str) -> Vec<String> {
    let (mut pieces, mut piece): (Vec<String>, Option<Vec<&str>>) = (Vec::new(), None);
    for line in text.lines() {
        match &mut piece {
            None if line.trim() == begin => piece = Some(Vec::new()),
            Some(lines) if line.trim() == end => {
                pieces.push(dedented(lines));
                piece = None;
            }
            Some(lines) => lines.push(line),
            None => {}
        }
    }
    pieces
}

fn dedented(lines: &[&str]) -> String {
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let common = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| indent(&line))
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|line| line.get(common..).unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Items and statements of one block stand apart in the code; a blank line separates them in the README.
#[test]
fn every_piece_of_rust_in_the_readme_is_compiled_here() {
    let compiled: Vec<String> = ["declare", "first"]
        .iter()
        .chain(&WHOLE)
        .flat_map(|file| {
            between(
                &read(format!("tests/readme/{file}.rs")),
                "// README",
                "// end",
            )
        })
        .collect();
    let shown = between(&read("../README.md"), "```rust", "```");
    assert!(
        shown.len() >= 7,
        "the README shows how to declare, send and receive"
    );
    let mut used = vec![false; compiled.len()];
    for block in &shown {
        let mut rest = block.as_str();
        while !rest.is_empty() {
            let found = compiled
                .iter()
                .position(|piece| rest.starts_with(piece.as_str()));
            let Some(index) = found else {
                panic!("this piece of the README is not compiled:\n{rest}")
            };
            used[index] = true;
            rest = rest[compiled[index].len()..].trim_start_matches('\n');
        }
    }
    for (piece, used) in compiled.iter().zip(used) {
        assert!(used, "this piece is no longer in the README:\n{piece}");
    }
}

/// What is imagined around a piece: `Payment` and `payment_created` of the first example, and an empty function around lines
/// that stand in no function. So a piece can be pasted below the first example, with its `use` lines and nothing else.
#[test]
fn a_piece_takes_nothing_but_the_first_example() {
    for file in WHOLE {
        let text = read(format!("tests/readme/{file}.rs"));
        let mut is_shown = false;
        for line in text.lines() {
            match line.trim() {
                "// README" => is_shown = true,
                "// end" => is_shown = false,
                _ if is_shown => {}
                ""
                | "}"
                | "Ok(())"
                | "docs.build()?;"
                | "use super::Payment;"
                | "use super::{Payment, payment_created};" => {}
                line if line.starts_with("//!") => {}
                line => assert!(
                    line.contains("fn ") && line.contains("() -> Result<(), "),
                    "{file}: a reader would have to imagine `{line}`"
                ),
            }
        }
    }
}
