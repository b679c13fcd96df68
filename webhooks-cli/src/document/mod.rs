//! An OpenAPI document as it was read: any version that has webhooks, with nothing left out.
//!
//! Only what makes reading pointless is an error here (no object, Swagger 2.0, an unknown version); everything else is
//! for `lint` to say.

mod error;
mod json;
mod limit;
mod tree;
#[cfg(feature = "yaml")]
mod yaml;
#[cfg(not(feature = "yaml"))]
#[path = "yaml_missing.rs"]
mod yaml;

use serde_json::{Map, Value};

pub use self::error::DocumentError;
pub(crate) use self::error::kind;
pub use self::limit::LARGEST;
use crate::pointer::Pointer;

/// The versions of OpenAPI that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.0.x, which has no webhooks of its own; tools read them from `x-webhooks`.
    V3_0,
    /// 3.1.x, the first with `webhooks`.
    V3_1,
    /// 3.2.x
    V3_2,
}

/// An OpenAPI document.
///
/// ```
/// use webhooks_cli::{Document, lint};
///
/// let document = Document::parse(br#"{"openapi": "3.1.0", "info": {"title": "A", "version": "1"}}"#)?;
/// let findings = lint::lint(&document);
/// assert!(findings.iter().any(|finding| finding.rule == "paths-missing"));
/// # Ok::<(), webhooks_cli::DocumentError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    root: Value,
    version: Version,
    duplicates: Vec<Pointer>,
}

impl Document {
    /// Reads JSON, or YAML where the text does not begin like a JSON object.
    ///
    /// # Errors
    ///
    /// When the text is neither, is nested more than 128 levels deep (YAML: 64), or is not an OpenAPI document of version 3. The
    /// error names the place.
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let at_root = |message: &str| DocumentError::new(Pointer::root(), message);
        if bytes.len() > LARGEST {
            return Err(at_root("the document is larger than 64 MiB"));
        }
        let (value, duplicates) = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => return Err(at_root("the document is empty")),
            Some(b'{' | b'[') => json::read(bytes)?,
            Some(b'<') => {
                return Err(at_root(
                    "this is HTML or XML; give the address of the JSON or YAML document",
                ));
            }
            Some(_) => yaml::read(bytes)?,
        };
        Ok(Self {
            duplicates,
            ..Self::from_value(value)?
        })
    }

    /// Takes a document that was read already.
    ///
    /// # Errors
    ///
    /// When it is not an OpenAPI document of version 3.
    pub fn from_value(value: Value) -> Result<Self, DocumentError> {
        let Value::Object(members) = &value else {
            let message = format!("an OpenAPI document is an object, this is {}", kind(&value));
            return Err(DocumentError::new(Pointer::root(), message));
        };
        let version = version(members)?;
        for key in ["webhooks", "x-webhooks"] {
            if let Some(value) = members.get(key).filter(|value| !value.is_object()) {
                let message = format!(
                    "expected an object with a member for each event, found {}",
                    kind(value)
                );
                return Err(DocumentError::new(Pointer::root().child(key), message));
            }
        }
        Ok(Self {
            root: value,
            version,
            duplicates: Vec::new(),
        })
    }

    /// Refuses a document in which an object has a member twice: which of the two counts depends on the reader.
    ///
    /// # Errors
    ///
    /// When there is one; the error names the first.
    pub fn without_duplicates(self) -> Result<Self, DocumentError> {
        match self.duplicates.first() {
            None => Ok(self),
            Some(first) => {
                let message = "the object has this member twice; which of the two is read depends on the reader";
                Err(DocumentError::new(first.clone(), message))
            }
        }
    }

    /// The document itself, an object.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// Its version of OpenAPI.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Members that their object has twice; the last one was kept.
    pub fn duplicates(&self) -> &[Pointer] {
        &self.duplicates
    }

    /// Where the webhooks are: `webhooks`, or `x-webhooks` in a document that has only those.
    pub fn webhooks_key(&self) -> &'static str {
        let only_extension =
            self.root.get("webhooks").is_none() && self.root.get("x-webhooks").is_some();
        if only_extension {
            "x-webhooks"
        } else {
            "webhooks"
        }
    }
}

fn version(root: &Map<String, Value>) -> Result<Version, DocumentError> {
    let place = Pointer::root().child("openapi");
    let error = |message: String| Err(DocumentError::new(place.clone(), message));
    let text = match root.get("openapi") {
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => {
            return error(format!(
                "expected a text such as \"3.1.0\", found a number; write it as \"{number}.0\""
            ));
        }
        Some(other) => {
            return error(format!(
                "expected a text such as \"3.1.0\", found {}",
                kind(other)
            ));
        }
        None if root.contains_key("swagger") => {
            let message =
                "this is Swagger 2.0, which has no webhooks; convert it to OpenAPI 3.1 first";
            return Err(DocumentError::new(
                Pointer::root().child("swagger"),
                message,
            ));
        }
        None => {
            return error(
                "the member is missing; an OpenAPI document begins with its version".into(),
            );
        }
    };
    let mut parts = text.splitn(3, '.');
    match (parts.next(), parts.next()) {
        (Some("3"), Some("0")) => Ok(Version::V3_0),
        (Some("3"), Some("1")) => Ok(Version::V3_1),
        (Some("3"), Some("2")) => Ok(Version::V3_2),
        _ => error(format!(
            "OpenAPI `{text}` is not read; 3.0, 3.1 and 3.2 are"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Document::parse(text.as_bytes())
            .expect_err(text)
            .to_string()
    }

    #[test]
    fn what_is_no_object_is_refused_at_the_root() {
        assert_eq!(
            error("[1]"),
            "#: an OpenAPI document is an object, this is an array"
        );
        assert_eq!(error(" \n"), "#: the document is empty");
        assert!(error("<!doctype html>").starts_with("#: this is HTML"));
    }

    #[test]
    fn other_versions_are_refused_with_what_to_do() {
        assert!(error(r#"{"swagger": "2.0"}"#).starts_with("#/swagger: this is Swagger 2.0"));
        assert!(
            error(r#"{"openapi": "4.0.0"}"#).starts_with("#/openapi: OpenAPI `4.0.0` is not read")
        );
        assert!(error(r#"{"openapi": "3"}"#).starts_with("#/openapi: OpenAPI `3` is not read"));
        assert!(error(r#"{"openapi": 3.1}"#).ends_with(r#"write it as "3.1.0""#));
        assert!(error(r#"{"openapi": null}"#).ends_with("found null"));
        assert!(error("{}").starts_with("#/openapi: the member is missing"));
    }

    #[test]
    fn webhooks_that_are_no_object_are_refused_at_their_place() {
        let text = r#"{"openapi": "3.1.0", "webhooks": []}"#;
        assert_eq!(
            error(text),
            "#/webhooks: expected an object with a member for each event, found an array"
        );
    }

    #[test]
    fn broken_text_is_refused_with_the_place_it_broke_in() {
        let text = error(r#"{"openapi": "3.1.0", "webhooks": {"a": {"post": tru}}}"#);
        assert!(
            text.starts_with("#/webhooks/a/post: ") && text.contains("line 1"),
            "{text}"
        );
        let deep = format!("{{\"a\": {}", "[".repeat(10_000));
        assert!(
            error(&deep).contains("recursion limit"),
            "{}",
            error(&deep).len()
        );
    }

    #[test]
    fn members_that_stand_twice_are_remembered_and_the_last_one_is_kept() {
        let text = r#"{"openapi": "3.1.0", "webhooks": {"a/b": {"x": 1, "x": 2}}}"#;
        let document = Document::parse(text.as_bytes()).expect("a document");
        assert_eq!(
            document.duplicates(),
            [Pointer::root().child("webhooks").child("a/b").child("x")]
        );
        assert_eq!(document.root()["webhooks"]["a/b"]["x"], 2);
        let refused = document
            .without_duplicates()
            .expect_err("a member twice")
            .to_string();
        assert!(
            refused.starts_with("#/webhooks/a~1b/x: the object has this member twice"),
            "{refused}"
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert!(Document::parse(b"\xEF\xBB\xBF{\"openapi\": \"3.1.0\"}").is_ok());
    }

    #[test]
    fn more_than_64_mib_is_refused_unread() {
        let text = vec![b' '; LARGEST + 1];
        assert!(
            Document::parse(&text)
                .expect_err("too large")
                .to_string()
                .contains("64 MiB")
        );
    }
}
