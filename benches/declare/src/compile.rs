//! What one more webhook costs the compiler, without its model: (N webhooks - 1 webhook) / (N - 1), all of one model.

use std::fs;

use anyhow::{Context, Result};

use crate::cargo::{self, Step};
use crate::program::{self, Models, Program};
use crate::subject::Subject;
use bench::machine;
use bench::table::{Table, median};

/// Each program is compiled so many times, in turn with the others.
const ROUNDS: usize = 3;

/// The costs of one program, in the order of the rounds.
#[derive(Default)]
struct Costs {
    check: Vec<f64>,
    build: Vec<f64>,
    bytes: f64,
}

/// Compiles one and `n` webhooks of each subject.
pub(crate) fn measure(subjects: &[Subject], n: usize) -> Result<Table> {
    let program = |&subject: &Subject, webhooks| Program {
        subject,
        webhooks,
        models: Models::Shared,
    };
    let programs: Vec<Program> = subjects
        .iter()
        .flat_map(|subject| [program(subject, 1), program(subject, n)])
        .collect();
    program::write_all(&programs)?;
    for &program in &programs {
        for step in [Step::Check, Step::Build] {
            let spent = cargo::prepare(step, program)?;
            machine::progress(&format!(
                "{step:?} {} with its dependencies: {spent:.1?}",
                program.name()
            ));
        }
    }
    let mut costs: Vec<Costs> = programs.iter().map(|_| Costs::default()).collect();
    for round in 1..=ROUNDS {
        for (&program, costs) in programs.iter().zip(&mut costs) {
            let check = cargo::again(Step::Check, program)?;
            let build = cargo::again(Step::Build, program)?;
            machine::progress(&format!(
                "round {round}: {} check {check:.2?}, build {build:.2?}",
                program.name()
            ));
            costs.check.push(check.as_secs_f64());
            costs.build.push(build.as_secs_f64());
            costs.bytes = bytes(program)?;
        }
    }
    Ok(table(subjects, n, &costs))
}

fn table(subjects: &[Subject], n: usize, costs: &[Costs]) -> Table {
    let mut table = Table::new(
        &format!("Compiling: 1 against {n} webhooks of one model, CPU, median of {ROUNDS}"),
        &[
            "declared with",
            "check, ms each",
            "build, ms each",
            "dev binary, kB each",
            "check, s: 1 / all",
            "build, s: 1 / all",
        ],
    );
    for (subject, costs) in subjects.iter().zip(costs.chunks(2)) {
        let [one, all] = costs else { continue };
        let (checks, builds) = (
            (median(&one.check), median(&all.check)),
            (median(&one.build), median(&all.build)),
        );
        let each = |(one, all): (f64, f64)| (all - one) / (n - 1) as f64;
        table.row([
            subject.title().to_owned(),
            format!("{:.2}", each(checks) * 1e3),
            format!("{:.2}", each(builds) * 1e3),
            format!("{:.1}", each((one.bytes, all.bytes)) / 1e3),
            format!("{:.2} / {:.2}", checks.0, checks.1),
            format!("{:.2} / {:.2}", builds.0, builds.1),
        ]);
    }
    table
}

fn bytes(program: Program) -> Result<f64> {
    let path = program.binary("debug");
    let metadata = fs::metadata(&path).with_context(|| format!("cannot see {}", path.display()))?;
    Ok(metadata.len() as f64)
}
