//! The prefix of every table, index and channel, so that the tables may live among the application's own.
//!
//! It is pasted into SQL text, where no parameter can stand, and is therefore checked when it is made.

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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prefix(String);

/// PostgreSQL cuts names after 63 bytes without a word; the longest name of ours has fewer than 40.
const LONGEST: usize = 20;

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
            Ok(Prefix(prefix.to_owned()))
        } else {
            Err(Error::Prefix {
                found: prefix.escape_debug().take(60).collect(),
            })
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Prefix("webhooks_".to_owned())
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
    fn a_refused_prefix_is_shown_escaped_and_cut() {
        let error = Prefix::new(&"\n".repeat(500)).unwrap_err().to_string();
        assert!(error.contains("\\n") && error.len() < 300, "{error}");
    }
}
