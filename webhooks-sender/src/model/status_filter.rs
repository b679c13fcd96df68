//! Which answers are looked for: a status, a class of them, or no answer.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which answers of receivers are looked for. As text: `503`, `5xx`, `500-504`, or `none` for requests that had no answer.
///
/// ```
/// use webhooks_sender::query::StatusFilter;
///
/// let server_errors: StatusFilter = "5xx".parse()?;
/// assert!(server_errors.matches(Some(503)) && !server_errors.matches(None));
/// # Ok::<(), webhooks_sender::query::StatusFilterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusFilter(Option<RangeInclusive<u16>>);

impl StatusFilter {
    /// Requests that had no answer.
    pub const UNANSWERED: Self = Self(None);

    /// Answers with one of these statuses.
    pub const fn range(statuses: RangeInclusive<u16>) -> Self {
        Self(Some(statuses))
    }

    /// Whether an attempt with this status is looked for.
    pub fn matches(&self, status: Option<u16>) -> bool {
        match (&self.0, status) {
            (Some(range), Some(status)) => range.contains(&status),
            (None, None) => true,
            _ => false,
        }
    }
}

impl FromStr for StatusFilter {
    type Err = StatusFilterError;

    fn from_str(text: &str) -> Result<Self, StatusFilterError> {
        if text == "none" {
            return Ok(Self::UNANSWERED);
        }
        let class = text.strip_suffix("xx").filter(|class| class.len() == 1);
        let number = |text: &str, valid: RangeInclusive<u16>| {
            let number = text.parse::<u16>().ok();
            number.filter(|number| valid.contains(number))
        };
        if let Some((first, last)) = text.split_once('-') {
            let (first, last) = (number(first, 100..=599), number(last, 100..=599));
            let range = first.zip(last).filter(|(first, last)| first <= last);
            let range = range.ok_or(StatusFilterError)?;
            return Ok(Self::range(range.0..=range.1));
        }
        match class {
            Some(class) => number(class, 1..=5).map(|class| class * 100..=class * 100 + 99),
            None => number(text, 100..=599).map(|status| status..=status),
        }
        .map(Self::range)
        .ok_or(StatusFilterError)
    }
}

/// As it is read: `503`, `5xx`, `none`; `200-204` for what is neither one status nor a class.
impl fmt::Display for StatusFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(range) = &self.0 else {
            return f.write_str("none");
        };
        let (first, last) = (*range.start(), *range.end());
        if first == last {
            write!(f, "{first}")
        } else if first.is_multiple_of(100) && last == first.saturating_add(99) {
            write!(f, "{}xx", first / 100)
        } else {
            write!(f, "{first}-{last}")
        }
    }
}

impl Serialize for StatusFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StatusFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A text that says no answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusFilterError;

impl fmt::Display for StatusFilterError {
    // The text is not repeated: it came from outside and may be anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a status is written as `503`, `5xx`, `500-504`, or `none` for requests without an answer")
    }
}

impl std::error::Error for StatusFilterError {}

/// Whether any of these filters matches, or there are none.
pub(crate) fn any_matches(filters: &[StatusFilter], status: Option<u16>) -> bool {
    filters.is_empty() || filters.iter().any(|filter| filter.matches(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_a_class_and_no_answer_are_read_and_all_else_is_refused() {
        let read = |text: &str| text.parse::<StatusFilter>();
        assert_eq!(read("404"), Ok(StatusFilter::range(404..=404)));
        assert_eq!(read("2xx"), Ok(StatusFilter::range(200..=299)));
        assert_eq!(read("none"), Ok(StatusFilter::UNANSWERED));
        for text in ["404", "2xx", "none", "200-204"] {
            let read = read(text).map(|filter| filter.to_string());
            assert_eq!(read.as_deref(), Ok(text));
        }
        for odd in [
            "-", "200-", "204-200", "200-600", "", "xx", "6xx", "0xx", "99", "600", "+5xx", "5XX",
            "4 04", "5xxx",
        ] {
            assert_eq!(read(odd), Err(StatusFilterError), "{odd}");
        }
        assert!(any_matches(&[], None));
        assert!(!any_matches(&[StatusFilter::range(500..=599)], None));
    }
}
