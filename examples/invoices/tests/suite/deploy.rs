//! The files of `deploy/` say what the program understands.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use invoices::config::VARIABLES;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect("a file of deploy/")
}

/// The variables that the compose file sets for the program: the indented lines below `environment: &environment`.
#[test]
fn the_compose_file_sets_the_variables_that_the_program_reads() {
    let compose = text("compose.yml");
    let (_, block) = compose
        .split_once("environment: &environment\n")
        .expect("the block");
    let lines = block.lines().take_while(|line| line.starts_with("    "));
    let set: BTreeSet<_> = lines
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let mut read: BTreeSet<_> = VARIABLES.into();
    // The log's usual filter suits.
    read.remove("RUST_LOG");
    assert_eq!(set, read);
}

#[test]
fn the_units_name_variables_that_the_program_reads() {
    let is_variable = |word: &&str| {
        word.len() > 3
            && word
                .chars()
                .all(|one| one.is_ascii_uppercase() || one == '_')
    };
    for unit in ["invoices@.service", "invoices-migrate.service"] {
        let comments = text(unit);
        let comments = comments.lines().filter(|line| line.starts_with('#'));
        let words: Vec<_> = comments
            .flat_map(|line| line.split(|one: char| !(one.is_ascii_uppercase() || one == '_')))
            .collect();
        for word in words.iter().filter(|word| is_variable(word)) {
            assert!(VARIABLES.contains(word), "{unit}: {word}");
        }
    }
}

#[test]
fn whatever_stops_a_process_waits_longer_than_the_sender_takes() {
    let seconds = |name: &str, before: &str| -> u32 {
        let text = text(name);
        let (_, rest) = text
            .split_once(before)
            .unwrap_or_else(|| panic!("{name} has no {before}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().expect("seconds")
    };
    // The drain of 25 seconds, and five to record.
    assert!(seconds("compose.yml", "stop_grace_period: ") > 30);
    assert!(seconds("invoices@.service", "TimeoutStopSec=") > 30);
}

#[test]
fn what_the_files_mount_and_build_exists() {
    for name in ["compose.yml", "prometheus.yml"] {
        for path in text(name)
            .split_whitespace()
            .filter(|word| word.starts_with("./") || word.starts_with("../"))
        {
            let path = path.split(':').next().expect("a path");
            assert!(folder().join(path).exists(), "{name}: {path}");
        }
    }
    let compose = text("compose.yml");
    let (_, dockerfile) = compose.split_once("dockerfile: ").expect("a Dockerfile");
    let dockerfile = dockerfile.lines().next().expect("a path");
    assert!(
        folder().join("../../..").join(dockerfile).exists(),
        "{dockerfile}"
    );
    assert!(text("Dockerfile").contains("--package invoices"));
}

#[test]
#[ignore = "needs promtool: cargo xtask test"]
fn prometheus_understands_its_configuration() {
    let promtool =
        std::env::var_os("WEBHOOKS_PROMTOOL").expect("WEBHOOKS_PROMTOOL names the program");
    let mut check = Command::new(promtool);
    check
        .args(["check", "config", "--syntax-only", "prometheus.yml"])
        .current_dir(folder());
    let output = check.output().expect("promtool starts");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
