//! What comes before a signature: nothing, a prefix, or the name of a version.

use crate::error::SchemeError;
use crate::text::{Names, Text};

/// What marks a signature as one of this scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(pub(crate) Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bare,
    Prefix(Text),
    OptionalPrefix(Text),
    AnyCasePrefix(Text),
    Versioned { separator: char, accept: Names },
}

impl Label {
    /// Nothing: the header is the signature. JSON: `null`.
    pub const BARE: Self = Self(Kind::Bare);

    /// A text that must be there. JSON: `["prefix", "sha256="]`.
    pub const fn prefix(prefix: &'static str) -> Self {
        Self(Kind::Prefix(Text::Borrowed(prefix)))
    }

    /// A text that may be there. JSON: `["optprefix", "sha256="]`.
    pub const fn optional_prefix(prefix: &'static str) -> Self {
        Self(Kind::OptionalPrefix(Text::Borrowed(prefix)))
    }

    /// A text that must be there in any case, and spaces behind it. JSON: `["iprefix", "basic "]`.
    pub const fn any_case_prefix(prefix: &'static str) -> Self {
        Self(Kind::AnyCasePrefix(Text::Borrowed(prefix)))
    }

    /// One of these names and the separator; items with other names are skipped. JSON:
    /// `["kv", ",", ["v1"]]`.
    pub const fn versions(separator: char, accept: &'static [&'static str]) -> Self {
        Self(Kind::Versioned {
            separator,
            accept: Names::Static(accept),
        })
    }

    /// The text behind the label, or `None` when the item is not labelled as this scheme's.
    #[inline]
    pub(crate) fn strip<'r>(&self, item: &'r [u8]) -> Option<&'r [u8]> {
        match &self.0 {
            Kind::Bare => Some(item),
            Kind::Prefix(prefix) => item.strip_prefix(prefix.as_bytes()),
            Kind::OptionalPrefix(prefix) => {
                Some(item.strip_prefix(prefix.as_bytes()).unwrap_or(item))
            }
            Kind::AnyCasePrefix(prefix) => {
                let (head, rest) = item.split_at_checked(prefix.len())?;
                // RFC 9110 section 11.4 allows several spaces behind an authentication scheme.
                head.eq_ignore_ascii_case(prefix.as_bytes())
                    .then(|| rest.trim_ascii_start())
            }
            Kind::Versioned { separator, accept } => {
                let (version, value) = split_once(item, *separator)?;
                accept
                    .iter()
                    .any(|name| name.as_bytes() == version)
                    .then_some(value)
            }
        }
    }

    /// The labelled form of an encoded signature.
    pub(crate) fn write(&self, signature: String) -> String {
        match &self.0 {
            Kind::Bare => signature,
            Kind::Prefix(prefix) | Kind::OptionalPrefix(prefix) | Kind::AnyCasePrefix(prefix) => {
                [&**prefix, &signature].concat()
            }
            Kind::Versioned { separator, accept } => {
                let mut room = [0; 4];
                let separator: &str = separator.encode_utf8(&mut room);
                [accept.first(), separator, &signature].concat()
            }
        }
    }

    pub(crate) fn has_fields(&self) -> bool {
        self.separator().is_some()
    }

    /// Whether signatures may have this name.
    pub(crate) fn accepts(&self, name: &str) -> bool {
        matches!(&self.0, Kind::Versioned { accept, .. } if accept.iter().any(|one| one == name))
    }

    /// Whether an item can be labelled as one of both, so that a signature would be tried with the wrong algorithm. Only
    /// versions keep them apart.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (
                Kind::Versioned { separator, accept },
                Kind::Versioned {
                    separator: other_separator,
                    accept: others,
                },
            ) => {
                separator != other_separator
                    || accept
                        .iter()
                        .any(|name| others.iter().any(|one| one == name))
            }
            _ => true,
        }
    }

    /// Refuses labels that could never match, or always.
    pub(crate) fn check(
        &self,
        field: &'static str,
        split: Option<char>,
    ) -> Result<(), SchemeError> {
        let problem = match &self.0 {
            Kind::Bare => None,
            Kind::Prefix(prefix) | Kind::OptionalPrefix(prefix) | Kind::AnyCasePrefix(prefix) => {
                prefix
                    .is_empty()
                    .then_some("the prefix is empty; leave the label out")
            }
            Kind::Versioned { separator, .. } if !separator.is_ascii() => {
                Some("the separator must be one ASCII character")
            }
            Kind::Versioned { separator, .. } if Some(*separator) == split => {
                Some("`sig.split` is the same character as the label's separator")
            }
            Kind::Versioned { separator, accept } => accept
                .iter()
                .map(|name| name.is_empty() || name.contains(*separator))
                .reduce(|one, other| one | other)
                .unwrap_or(true)
                .then_some(
                    "name at least one version, none empty and none with the separator in it",
                ),
        };
        problem.map_or(Ok(()), |problem| Err(SchemeError::new(field, problem)))
    }

    /// What is between a field's name and its value, in headers made of named fields.
    pub(crate) fn separator(&self) -> Option<char> {
        match &self.0 {
            Kind::Versioned { separator, .. } => Some(*separator),
            _ => None,
        }
    }
}

#[inline]
pub(crate) fn split_once(item: &[u8], separator: char) -> Option<(&[u8], &[u8])> {
    let separator = u8::try_from(separator).ok()?;
    let at = item.iter().position(|byte| *byte == separator)?;
    Some((&item[..at], &item[at + 1..]))
}
