//! The numbers to reach, each with the place in the tables of the benchmarks where it is read.

use super::table::Table;

/// A program of the workspace `benches` with its arguments, and the bars of what it prints.
pub(crate) struct Benchmark {
    pub(crate) name: &'static str,
    /// What comes behind `cargo run --release`.
    pub(crate) arguments: &'static [&'static str],
    pub(crate) bars: &'static [Bar],
}

/// A number to reach.
pub(crate) struct Bar {
    pub(crate) what: &'static str,
    /// How the heading of the table begins.
    table: &'static str,
    /// How the row begins.
    row: &'static str,
    column: &'static str,
    /// How the row of the peer begins, in the same table and column.
    peer: Option<&'static str>,
    limit: Limit,
}

/// On which side of a number a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Limit {
    pub(crate) fn is_met(self, number: f64) -> bool {
        match self {
            Self::AtMost(most) => number <= most,
            Self::AtLeast(least) => number >= least,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
        }
    }
}

/// What was measured for a bar.
#[derive(Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) what: &'static str,
    pub(crate) ours: f64,
    pub(crate) peer: Option<f64>,
    pub(crate) limit: Limit,
}

impl Bar {
    /// The figure in these tables; without it, what is missing.
    pub(crate) fn figure(&self, tables: &[Table]) -> Result<Figure, String> {
        let table = tables
            .iter()
            .find(|one| one.heading.starts_with(self.table));
        let table = table.ok_or_else(|| format!("there is no table `{}`", self.table))?;
        let number = |row: &str| {
            table.number(row, self.column).ok_or_else(|| {
                format!(
                    "the table `{}` has no number in the row `{row}` and the column `{}`",
                    table.heading, self.column
                )
            })
        };
        Ok(Figure {
            what: self.what,
            ours: number(self.row)?,
            peer: self.peer.map(number).transpose()?,
            limit: self.limit,
        })
    }
}

const DOCUMENT: &str = "The document of ";
const DOCUMENT_CPU: &str = "CPU ms each, mean of 20";
const COMPILING: &str = "Compiling: ";
const REGISTERED: &str = "**webhooks**, function, registered";
const VERIFYING: &str = "Verifying a body of 1 KiB";

/// All benchmarks that have a bar, in their quick form.
pub(crate) static ALL: [Benchmark; 6] = [
    Benchmark {
        name: "declare",
        arguments: &["-p", "declare"],
        bars: &[
            Bar {
                what: "a registered webhook, check, ms",
                table: COMPILING,
                row: REGISTERED,
                column: "check, ms each",
                peer: Some("poem-openapi"),
                limit: Limit::AtMost(1.8),
            },
            Bar {
                what: "a registered webhook, build, ms",
                table: COMPILING,
                row: REGISTERED,
                column: "build, ms each",
                peer: Some("poem-openapi"),
                limit: Limit::AtMost(2.2),
            },
            Bar {
                what: "document of 100 webhooks, CPU ms",
                table: DOCUMENT,
                row: "**webhooks**",
                column: DOCUMENT_CPU,
                peer: Some("poem-openapi"),
                limit: Limit::AtMost(0.6),
            },
            Bar {
                what: "`/openapi.json`, of static bytes",
                table: "`/openapi.json`",
                row: "100 webhooks, 39.1 kB: **webhooks**",
                column: "of the first",
                peer: None,
                limit: Limit::AtLeast(0.9),
            },
        ],
    },
    Benchmark {
        name: "declare, 1,000 webhooks",
        arguments: &["-p", "declare", "--", "--full", "document"],
        bars: &[
            Bar {
                what: "document of 1,000 webhooks, CPU ms",
                table: DOCUMENT,
                row: "**webhooks**",
                column: DOCUMENT_CPU,
                peer: Some("poem-openapi"),
                limit: Limit::AtMost(5.0),
            },
            Bar {
                what: "document of 1,000 webhooks, peak memory, MB",
                table: DOCUMENT,
                row: "**webhooks**",
                column: "peak memory, MB (at start)",
                peer: Some("poem-openapi"),
                limit: Limit::AtMost(12.0),
            },
        ],
    },
    Benchmark {
        name: "receive",
        arguments: &["-p", "receive", "--bin", "receive"],
        bars: &[Bar {
            what: "a verified, dispatched POST, of a bare JSON handler",
            table: "A webhook of 1 KiB",
            row: "**webhooks-receiver**",
            column: "of the first",
            peer: Some("axum and standardwebhooks"),
            limit: Limit::AtLeast(0.85),
        }],
    },
    Benchmark {
        name: "verify",
        arguments: &["-p", "verify"],
        bars: &[Bar {
            what: "Standard Webhooks verified, of the bare HMAC",
            table: VERIFYING,
            row: "**webhooks-signature**",
            column: "of the bare HMAC",
            peer: Some("standardwebhooks"),
            limit: Limit::AtLeast(0.75),
        }],
    },
    Benchmark {
        name: "send",
        arguments: &[
            "-p",
            "send",
            "--",
            "quick",
            "delivered",
            "isolation",
            "pending",
        ],
        bars: &[
            Bar {
                what: "SQLite, the engine over a backlog, in raw posts",
                table: "Accepting and delivering 1 KiB",
                row: "SQLite: the engine over a backlog, 1 subscription",
                column: "our process, in raw posts",
                peer: Some("raw hyper loop"),
                limit: Limit::AtMost(3.0),
            },
            Bar {
                what: "PostgreSQL with its server, the same",
                table: "Accepting and delivering 1 KiB",
                row: "PostgreSQL: the engine over a backlog, 1 subscription",
                column: "with the database, in raw posts",
                peer: Some("raw hyper loop"),
                limit: Limit::AtMost(3.5),
            },
            Bar {
                what: "SQLite, one of ten hangs: p99, of undisturbed",
                table: "One of ten subscriptions hangs",
                row: "SQLite",
                column: "p99, of undisturbed",
                peer: None,
                limit: Limit::AtMost(1.2),
            },
            Bar {
                what: "PostgreSQL, the same",
                table: "One of ten subscriptions hangs",
                row: "PostgreSQL",
                column: "p99, of undisturbed",
                peer: None,
                limit: Limit::AtMost(1.2),
            },
            Bar {
                what: "SQLite, 1,000,000 pending: more memory, MiB",
                table: "1,000,000 pending deliveries",
                row: "SQLite",
                column: "more than with 1,000",
                peer: None,
                limit: Limit::AtMost(64.0),
            },
            Bar {
                what: "PostgreSQL, the same",
                table: "1,000,000 pending deliveries",
                row: "PostgreSQL",
                column: "more than with 1,000",
                peer: None,
                limit: Limit::AtMost(64.0),
            },
        ],
    },
    Benchmark {
        name: "serve",
        arguments: &["-p", "serve", "--", "quick", "all"],
        bars: &[
            Bar {
                what: "SQLite, a list at 1,000 requests a second, p99, ms",
                table: "SQLite: all lists together",
                row: "SQLite",
                column: "p99, ms",
                peer: None,
                limit: Limit::AtMost(100.0),
            },
            Bar {
                what: "SQLite, the largest page, kB",
                table: "SQLite: the largest and the slowest page",
                row: "bytes, kB",
                column: "most",
                peer: None,
                limit: Limit::AtMost(100.0),
            },
            Bar {
                what: "SQLite, the slowest page, median, ms",
                table: "SQLite: the largest and the slowest page",
                row: "median, ms",
                column: "most",
                peer: None,
                limit: Limit::AtMost(50.0),
            },
            Bar {
                what: "SQLite, 100 listeners: p99 of a delivery, of none",
                table: "SQLite: 200 events a second",
                row: "100",
                column: "p99, of none",
                peer: None,
                limit: Limit::AtMost(1.2),
            },
            Bar {
                what: "PostgreSQL, a list at 1,000 requests a second, p99, ms",
                table: "PostgreSQL: all lists together",
                row: "PostgreSQL",
                column: "p99, ms",
                peer: None,
                limit: Limit::AtMost(100.0),
            },
            Bar {
                what: "PostgreSQL, 100 listeners: p99 of a delivery, of none",
                table: "PostgreSQL: 200 events a second",
                row: "100",
                column: "p99, of none",
                peer: None,
                limit: Limit::AtMost(1.2),
            },
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const BAR: Bar = Bar {
        what: "the document",
        table: "The document",
        row: "**webhooks**",
        column: "ms",
        peer: Some("peer"),
        limit: Limit::AtMost(5.0),
    };

    #[test]
    fn a_bar_reads_ours_and_the_peer_of_one_table() {
        let text = "### The document of 7\n\n| by | ms |\n| --- | --- |\n| **webhooks** | 4 |\n| peer 2 | 6 |\n";
        let figure = BAR.figure(&Table::all_in(text)).unwrap();
        assert_eq!((figure.ours, figure.peer), (4.0, Some(6.0)));
        assert!(figure.limit.is_met(figure.ours) && !figure.limit.is_met(6.0));
        assert!(Limit::AtLeast(5.0).is_met(5.0) && !Limit::AtLeast(5.0).is_met(4.9));
    }

    #[test]
    fn a_benchmark_that_no_longer_prints_a_figure_is_an_error_that_names_it() {
        let missing = |text: &str| BAR.figure(&Table::all_in(text)).unwrap_err();
        assert!(missing("").contains("`The document`"));
        let text = "### The document of 7\n\n| by | ms |\n| --- | --- |\n| **webhooks** | 4 |\n";
        assert!(missing(text).contains("`peer`"), "{}", missing(text));
    }

    /// The README of the benchmarks keeps tables of each kind, so a heading, row or column that was renamed is noticed.
    #[test]
    fn every_bar_finds_its_figure_in_the_tables_that_are_kept() {
        let kept = Table::all_in(include_str!("../../../benches/README.md"));
        for bar in ALL.iter().flat_map(|benchmark| benchmark.bars) {
            let found = bar.figure(&kept);
            assert!(found.is_ok(), "{}: {found:?}", bar.what);
        }
    }
}
