//! Which headers a subscription may add, and what a header's value may hold.

use std::fmt;

use http::{HeaderName, HeaderValue};

/// The most that a subscription's own headers may take, in bytes.
const LARGEST: usize = 4096;

/// Whether a header belongs to the connection, to the message or to the proxy.
pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    // Those of Standard Webhooks are the dialect's to refuse: it can write others.
    *name == http::header::CONTENT_TYPE
        || (webhooks_core::is_reserved_header(name.as_str())
            && !name.as_str().starts_with("webhook-"))
}

/// Checks and parses a subscription's own headers. `is_written` tells which headers the dialect writes itself.
pub(crate) fn check_custom(
    headers: &[(String, String)],
    is_written: impl Fn(&str) -> bool,
) -> Result<Vec<(HeaderName, HeaderValue)>, HeaderError> {
    let mut size = 0;
    let mut checked: Vec<(HeaderName, HeaderValue)> = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        size += name.len() + value.len();
        let parsed = name.parse::<HeaderName>().map_err(|_| HeaderError::Name)?;
        let reserved = is_reserved(&parsed)
            || parsed.as_str().starts_with("webhook-")
            || is_written(parsed.as_str());
        if reserved {
            return Err(HeaderError::Reserved(parsed.to_string()));
        }
        if checked.iter().any(|(other, _)| *other == parsed) {
            return Err(HeaderError::Twice(parsed.to_string()));
        }
        let value = check_value(value).ok_or_else(|| HeaderError::Value(parsed.to_string()))?;
        checked.push((parsed, value));
    }
    if size > LARGEST {
        Err(HeaderError::TooLarge)
    } else {
        Ok(checked)
    }
}

/// A header's value: no line breaks or other control characters, nothing beyond ASCII, which receivers read differently.
pub(crate) fn check_value(value: &str) -> Option<HeaderValue> {
    let clear = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let trimmed = value.trim() == value;
    if clear && trimmed {
        HeaderValue::from_str(value).ok()
    } else {
        None
    }
}

/// Why a header is refused. Values are not repeated: they are often credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// No header name.
    Name,
    /// The value holds a control character or a character beyond ASCII, or begins or ends with a space.
    Value(String),
    /// The header is written by the sender itself.
    Reserved(String),
    /// The header is there twice.
    Twice(String),
    /// All headers together are larger than 4 KiB.
    TooLarge,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("a header's name has only letters, digits and `-`"),
            Self::Value(name) => {
                write!(f, "the value of the header `{name}` must be visible ASCII")
            }
            Self::Reserved(name) => {
                write!(
                    f,
                    "the header `{name}` is written by the sender; choose another name"
                )
            }
            Self::Twice(name) => write!(f, "the header `{name}` is there twice"),
            Self::TooLarge => f.write_str("the headers together are larger than 4096 bytes"),
        }
    }
}

impl std::error::Error for HeaderError {}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::*;

    fn check(name: &str, value: &str) -> Result<usize, HeaderError> {
        let headers = [(name.to_owned(), value.to_owned())];
        check_custom(&headers, |name| Dialect::standard_webhooks().writes(name))
            .map(|headers| headers.len())
    }

    #[test]
    fn nothing_can_be_injected_through_a_header() {
        for value in [
            "a\r\nx-evil: 1",
            "a\n",
            "\r",
            "\0",
            "ä",
            "a\t",
            " a",
            "a ",
            "\u{7f}",
        ] {
            assert_eq!(
                check("x-own", value),
                Err(HeaderError::Value("x-own".to_owned())),
                "{value:?}"
            );
        }
        for name in ["", "x own", "x:own", "x\r\ny", "ä", "x\0"] {
            assert_eq!(check(name, "1"), Err(HeaderError::Name), "{name:?}");
        }
        assert_eq!(check("Authorization", "Bearer abc"), Ok(1));
        assert_eq!(check("x-own", ""), Ok(1));
    }

    #[test]
    fn the_senders_own_headers_are_reserved_in_any_case() {
        for name in [
            "Host",
            "content-length",
            "TRANSFER-ENCODING",
            "Webhook-Id",
            "webhook-signature",
            "webhook-x",
        ] {
            assert!(
                matches!(check(name, "1"), Err(HeaderError::Reserved(_))),
                "{name}"
            );
        }
        let headers = [("X-Hook-Signature".to_owned(), "1".to_owned())];
        assert!(check_custom(&headers, |name| Dialect::rest_hooks_signed().writes(name)).is_err());
        assert!(check_custom(&headers, |name| Dialect::rest_hooks().writes(name)).is_ok());
    }

    #[test]
    fn repeated_and_endless_headers_are_refused() {
        let twice = [
            ("X-A".to_owned(), "1".to_owned()),
            ("x-a".to_owned(), "2".to_owned()),
        ];
        assert_eq!(
            check_custom(&twice, |name| Dialect::rest_hooks().writes(name)),
            Err(HeaderError::Twice("x-a".to_owned()))
        );
        assert_eq!(check("x-a", &"a".repeat(5000)), Err(HeaderError::TooLarge));
    }
}
