//! A request header that a user gives for an address, for documents behind a login.

use std::fmt;

/// A header of the request for a document.
///
/// Its value may be a secret: `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(super) name: String,
    pub(super) value: String,
}

impl Header {
    /// Reads `NAME: VALUE`, as curl takes it.
    ///
    /// # Errors
    ///
    /// A text that says what is wrong and repeats no value.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once(':')
            .ok_or("expected `NAME: VALUE`, as in `authorization: Bearer TOKEN`")?;
        let (name, value) = (name.trim(), value.trim());
        // RFC 9110, section 5.6.2: a name is a token; section 5.5: a value has no control characters.
        let in_name =
            |letter: u8| letter.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&letter);
        if name.is_empty() || !name.bytes().all(in_name) {
            return Err("the part before the colon is not the name of a header".to_owned());
        }
        if value.chars().any(char::is_control) {
            return Err(format!("the value of `{name}` has a control character"));
        }
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let header = Header::read("X-Key:  a:b ").expect("a header");
        assert_eq!(
            (header.name.as_str(), header.value.as_str()),
            ("X-Key", "a:b")
        );
        assert!(
            !format!("{header:?}").contains("a:b"),
            "the value may be a secret"
        );
    }

    #[test]
    fn what_is_not_a_header_is_refused_without_its_value() {
        for text in [
            "secret",
            ": secret",
            "a b: secret",
            "x: secret\r\ny: z",
            "é: secret",
        ] {
            let error = Header::read(text).expect_err(text);
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
