//! Building the document of N webhooks with N models and writing it as indented JSON, in release programs.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cargo::{self, Step};
use crate::program::{self, Models, Program};
use crate::subject::Subject;
use bench::core::children_cpu_time;
use bench::machine;
use bench::table::{Table, median};

/// Processes per program, in turn with the others.
const ROUNDS: usize = 5;

/// Documents that each process builds.
const RUNS: f64 = 20.0;

/// What the processes of one program printed.
#[derive(Default)]
struct Figures {
    /// Milliseconds of CPU for each document, the process itself included.
    cpu: Vec<f64>,
    first: Vec<f64>,
    median: Vec<f64>,
    bytes: f64,
    idle: Vec<f64>,
    peak: Vec<f64>,
}

/// Runs the program of each subject.
pub(crate) fn measure(subjects: &[Subject], n: usize) -> Result<Table> {
    let programs: Vec<Program> = subjects
        .iter()
        .filter(|subject| subject.makes_a_document_of_its_own())
        .map(|&subject| Program {
            subject,
            webhooks: n,
            models: Models::Distinct,
        })
        .collect();
    program::write_all(&programs)?;
    for &program in &programs {
        machine::progress(&format!("building {}", program.name()));
        let spent = cargo::prepare(Step::Release, program)?;
        machine::progress(&format!("built {}: {spent:.1?}", program.name()));
    }
    let mut figures: Vec<Figures> = programs.iter().map(|_| Figures::default()).collect();
    for _ in 0..ROUNDS {
        for (&program, figures) in programs.iter().zip(&mut figures) {
            run(program, figures)?;
        }
    }
    let mut table = Table::new(
        &format!("The document of {n} webhooks with {n} models: median of {ROUNDS} processes"),
        &[
            "made by",
            "CPU ms each, mean of 20",
            "ms, median of 20",
            "ms, first",
            "peak memory, MB (at start)",
            "document, kB",
        ],
    );
    for (program, figures) in programs.iter().zip(&figures) {
        table.row([
            program
                .subject
                .title()
                .split(',')
                .next()
                .unwrap_or_default()
                .to_owned(),
            format!("{:.1}", median(&figures.cpu)),
            format!("{:.1}", median(&figures.median)),
            format!("{:.1}", median(&figures.first)),
            format!(
                "{:.1} ({:.1})",
                median(&figures.peak) / 1e3,
                median(&figures.idle) / 1e3
            ),
            format!("{:.0}", figures.bytes / 1e3),
        ]);
    }
    Ok(table)
}

fn run(program: Program, figures: &mut Figures) -> Result<()> {
    let before = children_cpu_time()?;
    let output = Command::new(program.binary("release")).output();
    let spent = children_cpu_time()?.saturating_sub(before);
    let output = output.with_context(|| format!("cannot run {}", program.name()))?;
    ensure!(
        output.status.success(),
        "{} failed: {}",
        program.name(),
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    machine::progress(&format!("{}: {}", program.name(), text.trim()));
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    let [first, median, bytes, idle, peak] = numbers[..] else {
        anyhow::bail!(
            "{} printed `{text}` instead of five numbers",
            program.name()
        );
    };
    figures.cpu.push(spent.as_secs_f64() * 1e3 / RUNS);
    figures.first.push(first);
    figures.median.push(median);
    figures.bytes = bytes;
    figures.idle.push(idle);
    figures.peak.push(peak);
    Ok(())
}
