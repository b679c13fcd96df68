//! The prefix of every table, index and channel, so that the tables may live among the application's own.
//!
//! It is pasted into SQL text, where no parameter can stand, and is therefore checked when it is made. On PostgreSQL it
//! also holds the schema: every statement names it, so that no `search_path` decides where the tables are.

use std::fmt;

use crate::error::Error;

/// What every table, index and channel name begins with: `webhooks_` unless chosen otherwise.
///
/// ```
/// use webhooks_store::Prefix;
///
/// assert_eq!(Prefix::default().as_str(), "webhooks_");
/// assert_eq!(Prefix::new("billing_hooks_")?.as_str(), "billing_hooks_");
/// assert!(Prefix::new("x; drop table users").is_err());
/// # Ok::<(), webhooks_store::Error>(())
/// ```
///
/// Written out (`to_string`) it is what a table's name begins with in SQL text, schema included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    /// Quoted, with the dot: `"hooks".`; empty where none was chosen.
    schema: String,
    name: String,
}

/// PostgreSQL cuts names after 63 bytes without a word; the longest name of ours has fewer than 40.
const LONGEST: usize = 20;
/// PostgreSQL's `NAMEDATALEN`, without the final NUL.
const LONGEST_IDENTIFIER: usize = 63;

impl Prefix {
    /// At most 20 lower-case letters, digits and underscores, the first no digit.
    ///
    /// # Errors
    ///
    /// [`Error::Prefix`] for anything else.
    pub fn new(prefix: &str) -> Result<Self, Error> {
        let starts_well = prefix.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if starts_well && prefix.len() <= LONGEST && prefix.chars().all(legal) {
            Ok(Prefix {
                schema: String::new(),
                name: prefix.to_owned(),
            })
        } else {
            Err(Error::Prefix {
                found: prefix.escape_debug().take(60).collect(),
            })
        }
    }

    /// The tables of this prefix in a PostgreSQL schema: every statement names it. A store that may migrate creates
    /// the schema if it is missing.
    ///
    /// Without one, the tables are found through the connection's `search_path`, and made in its first schema; from then
    /// on the store names that schema.
    ///
    /// ```
    /// use webhooks_store::Prefix;
    ///
    /// let prefix = Prefix::default().in_schema("Hooks")?;
    /// assert_eq!((prefix.as_str(), prefix.to_string().as_str()), ("webhooks_", "\"Hooks\".webhooks_"));
    /// # Ok::<(), webhooks_store::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Schema`] for an empty name, one of more than 63 bytes, and one with control characters.
    pub fn in_schema(mut self, schema: &str) -> Result<Self, Error> {
        if schema.is_empty()
            || schema.len() > LONGEST_IDENTIFIER
            || schema.chars().any(char::is_control)
        {
            return Err(Error::Schema {
                found: schema.escape_debug().take(60).collect(),
                reason: "a schema's name has 1 to 63 bytes and no control characters",
            });
        }
        self.schema = format!("\"{}\".", schema.replace('"', "\"\""));
        Ok(self)
    }

    /// The prefix by itself, without the schema.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The schema, where one was chosen or found.
    pub fn schema(&self) -> Option<String> {
        let quoted = self.schema.strip_suffix("\".")?.strip_prefix('"')?;
        Some(quoted.replace("\"\"", "\""))
    }

    /// Fills `{prefix}` into a statement. The name of a new index has no schema: it is always that of its table.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("INDEX {prefix}", &format!("INDEX {}", self.name))
            .replace("{prefix}", &self.to_string())
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Prefix {
            schema: String::new(),
            name: "webhooks_".to_owned(),
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.schema, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_lower_case_letters_digits_and_underscores() {
        for good in ["w", "_", "webhooks_", "a1_", "abcdefghijklmnopqrst"] {
            assert_eq!(Prefix::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn anything_that_sql_could_read_otherwise_is_refused() {
        for bad in [
            "",
            "1a",
            "A",
            "a-b",
            "a.b",
            "a b",
            "a\"",
            "a'",
            "a;",
            "ä",
            "a\0",
            "abcdefghijklmnopqrstu",
            "{rows}",
        ] {
            let error = Prefix::new(bad).unwrap_err();
            assert!(
                matches!(error, Error::Prefix { .. }),
                "{bad:?} gave {error}"
            );
        }
    }

    #[test]
    fn a_schema_is_quoted_and_an_index_has_none() {
        let prefix = Prefix::default().in_schema("a\"b").unwrap();
        assert_eq!(prefix.schema().as_deref(), Some("a\"b"));
        let script = "CREATE INDEX {prefix}job_x ON {prefix}job (x);";
        assert_eq!(
            prefix.fill(script),
            "CREATE INDEX webhooks_job_x ON \"a\"\"b\".webhooks_job (x);"
        );
        assert_eq!(Prefix::default().schema(), None);
        for bad in ["", "a\0", "a\n", &"x".repeat(64)] {
            assert!(Prefix::default().in_schema(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_refused_prefix_is_shown_escaped_and_cut() {
        let error = Prefix::new(&"\n".repeat(500)).unwrap_err().to_string();
        assert!(error.contains("\\n") && error.len() < 300, "{error}");
    }
}
