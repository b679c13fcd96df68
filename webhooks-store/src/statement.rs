//! SQL from files: one statement per file and database, loaded once with prefix and clock filled in.
//!
//! A statement that handles many rows reads them from a table called `given`, which PostgreSQL makes from
//! one array per column and SQLite from a `VALUES` list. That is the only place where the text depends on the data,
//! and it depends on the number of rows alone.

use std::fmt::Write;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::clock::Clock;
use crate::database::Database;
use crate::error::Error;
use crate::parameters::{Parameters, Row};
use crate::prefix::Prefix;

/// One statement in both dialects.
///
/// The text may hold
///
/// - `{prefix}`: the table prefix;
/// - `{now}`: the time in milliseconds since 1970. It takes the first parameter, which is filled in by itself: your
///   own then begin with the second (`?2`, `$2`);
/// - SQLite only, `{rows}`: rows of parameters, for `WITH given (a, b) AS (VALUES {rows})` at the beginning, before
///   any other parameter. PostgreSQL gets one array per column instead, after the single parameters:
///   `FROM unnest($2::bytea[], $3::bigint[]) AS given (a, b)`.
///
/// Lines that begin with `--` are left out of what is sent.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Statement {
    /// From the two texts, usually two `include_str!`.
    pub const fn new(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

/// A statement with prefix and clock filled in, ready to run on a connection of `D`.
///
/// ```
/// use webhooks_store::{Parameters, Statement, Store};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// static ADD: Statement = Statement::new(
///     "WITH given (a, b) AS (VALUES {rows}) SELECT a + b + ?1 AS total FROM given WHERE a IS NOT NULL",
///     "SELECT a + b + $1 AS total FROM unnest($2::bigint[], $3::bigint[]) AS given (a, b)",
/// );
/// let store = Store::memory().open().await?;
/// let add = store.load(&ADD);
/// let mut connection = store.connection().await?;
/// let rows = add.fetch(&mut connection, Parameters::new().int(100).ints([1, 2, 3]).ints([10, 20, 30])).await?;
/// assert_eq!(rows[2].int("total")?, 133);
/// # Ok::<(), webhooks_store::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Sql<D> {
    text: Arc<str>,
    timed: bool,
    clock: Clock,
    /// Kept prepared under a name on each connection.
    is_named: bool,
    expanded: [OnceLock<Arc<str>>; ROWS.len()],
    database: PhantomData<fn() -> D>,
}

/// How many rows SQLite's `VALUES` lists have: a few fixed numbers, so that few statements are ever prepared. A list
/// is filled up with rows of NULL, therefore every statement that uses `{rows}` keeps only those whose first column
/// is not NULL.
pub(crate) const ROWS: [usize; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

impl<D: Database> Sql<D> {
    pub(crate) fn new(statement: &Statement, prefix: &Prefix, clock: &Clock) -> Self {
        let text = prefix.fill(&without_comments(D::text(statement)));
        let timed = text.contains("{now}");
        let text = text.replace("{now}", D::NOW).into();
        Self {
            text,
            timed,
            clock: clock.clone(),
            is_named: true,
            expanded: Default::default(),
            database: PhantomData,
        }
    }

    /// Sent without a name each time, in a transaction: behind a connection pooler the next statement may run on another
    /// connection, where no name is known.
    pub(crate) fn unnamed(mut self) -> Self {
        self.is_named = false;
        self
    }

    /// Runs it and returns how many rows it changed.
    ///
    /// With columns that have no row at all, nothing is run.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn execute(
        &self,
        connection: &mut D::Connection,
        parameters: Parameters,
    ) -> Result<u64, Error> {
        let mut changed = 0;
        for (text, arguments) in D::bind(self, self.complete(parameters)?)? {
            changed += D::execute(connection, text, arguments, self.is_named).await?;
        }
        Ok(changed)
    }

    /// Runs it and returns all its rows: say `LIMIT`.
    ///
    /// With columns that have no row at all, nothing is run.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn fetch(
        &self,
        connection: &mut D::Connection,
        parameters: Parameters,
    ) -> Result<Vec<Row<D>>, Error> {
        let mut rows = Vec::new();
        for (text, arguments) in D::bind(self, self.complete(parameters)?)? {
            rows.extend(
                D::fetch(connection, text, arguments, self.is_named)
                    .await?
                    .into_iter()
                    .map(Row),
            );
        }
        Ok(rows)
    }

    /// Runs it and returns its first row, if there is one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn first(
        &self,
        connection: &mut D::Connection,
        parameters: Parameters,
    ) -> Result<Option<Row<D>>, Error> {
        Ok(self.fetch(connection, parameters).await?.into_iter().next())
    }

    /// The text that is sent, with `{rows}` where SQLite will see rows: to be explained by a test.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn complete(&self, mut parameters: Parameters) -> Result<Parameters, Error> {
        if self.timed {
            parameters.prepend(D::now_parameter(&self.clock));
        }
        parameters.checked()
    }

    pub(crate) fn whole(&self) -> SqlStr {
        AssertSqlSafe(Arc::clone(&self.text)).into_sql_str()
    }

    /// The text for a list of `ROWS[size]` rows of `width` parameters.
    pub(crate) fn expanded(&self, size: usize, width: usize) -> SqlStr {
        let text = self.expanded[size].get_or_init(|| expand(&self.text, ROWS[size], width).into());
        AssertSqlSafe(Arc::clone(text)).into_sql_str()
    }
}

/// Writes the rows out, and renumbers the single parameters to come after them.
///
/// The rows' own parameters stay unnumbered: SQLite takes a number for a name, and sqlx asks for the name of each
/// parameter, which SQLite looks up in a list of all names; with two thousand of them that takes longer than the
/// statement.
fn expand(text: &str, rows: usize, width: usize) -> String {
    let (before, after) = text.split_once("{rows}").unwrap_or((text, ""));
    debug_assert!(
        !before.contains('?'),
        "a parameter stands before the rows in: {text}"
    );
    let row = format!("({})", vec!["?"; width].join(", "));
    format!(
        "{before}{}{}",
        vec![row; rows].join(", "),
        renumbered(after, rows * width)
    )
}

fn renumbered(text: &str, by: usize) -> String {
    let mut parts = text.split('?');
    let mut renumbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(part.len());
        let number: usize = part[..end].parse().unwrap_or(0);
        let number = number + by;
        // Writing into a string cannot fail.
        let _ = write!(renumbered, "?{number}{}", &part[end..]);
    }
    renumbered
}

fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"));
    lines
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .trim_end_matches(';')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_final_semicolon_are_not_sent() {
        assert_eq!(
            without_comments("-- why\n  -- more\nSELECT 1\nFROM x;\n"),
            "SELECT 1\nFROM x"
        );
    }

    #[test]
    fn single_parameters_are_numbered_after_the_rows() {
        let text =
            "WITH given (a, b) AS (VALUES {rows}) SELECT a + ?1, b + ?12 FROM given WHERE ?2";
        let expanded = "WITH given (a, b) AS (VALUES (?, ?), (?, ?), (?, ?)) SELECT a + ?7, b + ?18 FROM given WHERE ?8";
        assert_eq!(expand(text, 3, 2), expanded);
    }
}
