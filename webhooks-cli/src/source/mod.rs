//! Where a document comes from: a file, standard input, or a running app.

mod header;
#[cfg(feature = "http")]
mod http;
#[cfg(not(feature = "http"))]
#[path = "http_missing.rs"]
mod http;
mod limit;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

pub(crate) use self::header::Header;
use self::limit::read_to_limit;
use crate::document::Document;

/// The place that a user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// `-`
    StandardInput,
    /// `http://..` or `https://..`
    Address(String),
    /// Everything else.
    File(PathBuf),
}

impl Source {
    /// Reads the document.
    ///
    /// The error is a text that begins with the source and, where it is about the document, names the place in it.
    pub(crate) fn read(&self, patience: Duration, headers: &[Header]) -> Result<Document, String> {
        let bytes = match self {
            Self::StandardInput => {
                read_to_limit(io::stdin().lock()).map_err(|error| error.to_string())
            }
            Self::Address(address) => http::get(address, patience, headers),
            Self::File(path) => File::open(path)
                .and_then(read_to_limit)
                .map_err(|error| error.to_string()),
        };
        let document =
            bytes.and_then(|bytes| Document::parse(&bytes).map_err(|error| error.to_string()));
        document.map_err(|error| format!("{self}: {error}"))
    }
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_address = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        Ok(match text {
            "-" => Self::StandardInput,
            _ if is_address => Self::Address(text.to_owned()),
            _ => Self::File(text.into()),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => f.write_str("standard input"),
            Self::Address(address) => f.write_str(&without_secrets(address)),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// An address without user, password, query and fragment, which may hold secrets.
fn without_secrets(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else {
        return String::new();
    };
    let (authority, path) = rest
        .find('/')
        .map_or((rest, ""), |slash| rest.split_at(slash));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        text.parse().expect("every text is a source")
    }

    #[test]
    fn a_source_is_known_by_its_beginning() {
        assert_eq!(source("-"), Source::StandardInput);
        assert_eq!(
            source("HTTP://localhost"),
            Source::Address("HTTP://localhost".into())
        );
        assert_eq!(
            source("a/openapi.json"),
            Source::File("a/openapi.json".into())
        );
        assert_eq!(source("http.json"), Source::File("http.json".into()));
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        assert_eq!(
            source("https://me:pw@a.test/x?key=1#y").to_string(),
            "https://a.test/x"
        );
        assert_eq!(source("http://a.test?key=1").to_string(), "http://a.test");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = source("nowhere.json")
            .read(Duration::ZERO, &[])
            .expect_err("no file");
        assert!(error.starts_with("nowhere.json: "), "{error}");
    }
}
