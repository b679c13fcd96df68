//! A crate that only declares webhooks stays light.

use std::collections::BTreeSet;

use webhooks_tests::workspace;

/// The crate itself, the macros and what they compile, procedural macros included.
const MOST: usize = 25;

#[test]
fn a_crate_that_only_declares_compiles_at_most_25_crates() {
    let tree = workspace::cargo(&[
        "tree",
        "--package=webhooks-core",
        "--no-default-features",
        "--edges=normal,build",
        "--prefix=none",
    ]);
    // A line is `name version`, then notes in parentheses.
    let crates: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(" (").next())
        .collect();
    let names = crates.iter().copied().collect::<Vec<_>>().join(", ");
    assert!(
        names.contains("webhooks-macros v"),
        "this is not the tree of webhooks-core:\n{tree}"
    );
    assert!(
        crates.len() <= MOST,
        "{} crates, at most {MOST} are allowed: {names}",
        crates.len()
    );
}
