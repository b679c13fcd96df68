//! `cargo xtask bench --check`: every benchmark that has a bar, in its quick form, and how far each bar is.
//!
//! The programs are a workspace of their own, so they are built there. A figure of one quick run is not a result: other work
//! on the machine moves it by a few hundredths. What is written down comes from the long form (`benches/README.md`).

mod bar;
mod table;

use anyhow::{Context, Result, anyhow, bail};

use self::bar::{ALL, Benchmark, Figure};
use self::table::Table;
use crate::command;
use crate::step::Steps;
use crate::workspace::Workspace;

/// Runs the benchmarks of these names, or all of them.
///
/// # Errors
///
/// When a bar is not reached, and when a benchmark does not run or no longer prints a figure.
pub(crate) fn check(names: &[&str]) -> Result<()> {
    let workspace = Workspace::read()?;
    let mut steps = Steps::new();
    let mut figures = Vec::new();
    for benchmark in selected(names)? {
        let text = steps.run(benchmark.name, || printed(&workspace, benchmark))?;
        let tables = Table::all_in(&text);
        for bar in benchmark.bars {
            let figure = bar.figure(&tables).map_err(|missing| anyhow!(missing));
            figures.push(figure.with_context(|| bar.what)?);
        }
    }
    steps.table();
    println!("\n{}", summary(&figures));
    let missed = figures.iter().filter(|one| !one.limit.is_met(one.ours));
    match missed.count() {
        0 => Ok(()),
        missed => bail!(
            "{missed} of {} bars are not reached; a quick run on a busy machine moves by some hundredths",
            figures.len()
        ),
    }
}

/// The benchmarks whose name begins so.
fn selected(names: &[&str]) -> Result<Vec<&'static Benchmark>> {
    let is_known = |name: &str| ALL.iter().any(|one| one.name.starts_with(name));
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        let known: Vec<_> = ALL.iter().map(|benchmark| benchmark.name).collect();
        bail!(
            "there is no benchmark `{unknown}`; there are {}",
            known.join("; ")
        );
    }
    let is_wanted = |benchmark: &&Benchmark| {
        names.is_empty() || names.iter().any(|name| benchmark.name.starts_with(name))
    };
    Ok(ALL.iter().filter(is_wanted).collect())
}

fn printed(workspace: &Workspace, benchmark: &Benchmark) -> Result<String> {
    let mut cargo = command::cargo();
    cargo
        .args(["run", "--quiet", "--release"])
        .args(benchmark.arguments)
        .current_dir(workspace.root.join("benches"));
    let text = command::output(&mut cargo)?;
    String::from_utf8(text).context("the benchmark printed something else than text")
}

/// Ours, the peer and the bar, line by line.
fn summary(figures: &[Figure]) -> String {
    let mut lines = vec![
        "| what | ours | peer | bar | reached |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(figures.iter().map(|figure| {
        let peer = figure.peer.map_or(String::new(), |peer| peer.to_string());
        let is_met = figure.limit.is_met(figure.ours);
        format!(
            "| {} | {} | {peer} | {} | {} |",
            figure.what,
            figure.ours,
            figure.limit,
            if is_met { "yes" } else { "no" }
        )
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::bar::Limit;

    #[test]
    fn each_bar_is_a_line_that_says_whether_it_is_reached() {
        let figure = |ours, peer| Figure {
            what: "a thing",
            ours,
            peer,
            limit: Limit::AtLeast(0.85),
        };
        let text = summary(&[figure(0.9, Some(0.5)), figure(0.7, None)]);
        let lines: Vec<_> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| a thing | 0.9 | 0.5 | at least 0.85 | yes |",
                "| a thing | 0.7 |  | at least 0.85 | no |",
            ]
        );
    }

    #[test]
    fn benchmarks_are_selected_by_the_beginning_of_their_names() {
        let names = |names: &[&str]| -> Vec<&str> {
            let selected = selected(names).unwrap();
            selected.iter().map(|benchmark| benchmark.name).collect()
        };
        assert_eq!(names(&[]).len(), ALL.len());
        assert_eq!(names(&["declare"]), ["declare", "declare, 1,000 webhooks"]);
        assert_eq!(names(&["verify", "receive"]), ["receive", "verify"]);
        let error = selected(&["fast"]).err().unwrap().to_string();
        assert!(
            error.contains("`fast`") && error.contains("verify"),
            "{error}"
        );
    }
}
