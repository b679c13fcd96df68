//! SQL from files: one statement per file and database, and its text as it is sent. [`Sql`](crate::Sql) runs it.
//!
//! A statement that handles many rows reads them from a table called `given`, which PostgreSQL makes from
//! one array per column and SQLite from a `VALUES` list. That is the only place where the text depends on the data,
//! and it depends on the number of rows alone.

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

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

/// The text of a statement for one database: prefix and time are filled in, comments are gone.
#[doc(hidden)]
#[derive(Debug)]
pub struct StatementText {
    text: Arc<str>,
    timed: bool,
    expanded: [OnceLock<Arc<str>>; ROWS.len()],
}

/// How many rows SQLite's `VALUES` lists have: a few fixed numbers, so that few statements are ever prepared. A list
/// is filled up with rows of NULL, therefore every statement that uses `{rows}` keeps only those whose first column
/// is not NULL.
pub(crate) const ROWS: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256];

impl StatementText {
    /// `now` is what stands for the time.
    pub(crate) fn new(text: &str, now: &str, prefix: &Prefix) -> Self {
        let text = prefix.fill(&without_comments(text));
        Self {
            timed: text.contains("{now}"),
            text: text.replace("{now}", now).into(),
            expanded: Default::default(),
        }
    }

    /// Whether its first parameter is for the time.
    pub(crate) fn is_timed(&self) -> bool {
        self.timed
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Without rows.
    pub(crate) fn whole(&self) -> SqlStr {
        AssertSqlSafe(Arc::clone(&self.text)).into_sql_str()
    }

    /// For a list of `ROWS[size]` rows of `width` parameters.
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
