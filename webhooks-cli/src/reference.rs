//! Following `$ref`s inside a document, however they are knotted.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::{DocumentError, kind};
use crate::pointer::Pointer;

/// More hops than this lead nowhere or in a circle.
const MOST_HOPS: usize = 64;

/// A value together with its place.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    pub(crate) pointer: Pointer,
    pub(crate) value: &'a Value,
}

impl<'a> Part<'a> {
    pub(crate) fn new(pointer: Pointer, value: &'a Value) -> Self {
        Self { pointer, value }
    }

    pub(crate) fn child(&self, name: &str) -> Option<Self> {
        self.value
            .get(name)
            .map(|value| Self::new(self.pointer.child(name), value))
    }

    /// The items, where this is an array.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().into_iter().flatten();
        items
            .enumerate()
            .map(move |(index, value)| Self::new(pointer.index(index), value))
    }

    /// The members with their names, where this is an object.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(name, value)| (name.as_str(), Self::new(pointer.child(name), value)))
    }
}

/// Why a `$ref` cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is nothing at its target.
    Dangling,
    /// It leads back to itself without ever meeting a value.
    Cyclic,
    /// It leads out of the document, or to an anchor.
    Outside,
    /// It is not a text.
    NoText,
}

/// A `$ref` that cannot be followed.
#[derive(Debug, Clone)]
pub(crate) struct ReferenceError {
    /// The place of the `$ref`.
    pub(crate) pointer: Pointer,
    pub(crate) fault: Fault,
    target: String,
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = &self.target;
        match self.fault {
            Fault::Dangling => write!(f, "`{target}` leads to nothing in the document"),
            Fault::Cyclic => write!(f, "`{target}` leads back to itself"),
            Fault::Outside => {
                write!(
                    f,
                    "`{target}` leads out of the document; only pointers into it are followed"
                )
            }
            Fault::NoText => {
                f.write_str("a `$ref` is a text such as `#/components/schemas/Payment`")
            }
        }
    }
}

impl From<ReferenceError> for DocumentError {
    fn from(error: ReferenceError) -> Self {
        let message = error.to_string();
        Self::new(error.pointer, message)
    }
}

/// The `$ref`s of one document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct References<'a> {
    root: &'a Value,
}

impl<'a> References<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// The value that a part stands for: itself, or where its `$ref`s lead.
    pub(crate) fn follow(self, part: Part<'a>) -> Result<Part<'a>, ReferenceError> {
        let first = part.clone();
        let mut part = part;
        for _ in 0..MOST_HOPS {
            match self.step(&part)? {
                Some(next) => part = next,
                None => return Ok(part),
            }
        }
        Err(fault(&first, Fault::Cyclic))
    }

    /// The object that a part is or refers to.
    pub(crate) fn object(self, part: Part<'a>) -> Result<Part<'a>, DocumentError> {
        let part = self.follow(part)?;
        match part.value {
            Value::Object(_) => Ok(part),
            other => Err(DocumentError::new(
                part.pointer,
                format!("expected an object, found {}", kind(other)),
            )),
        }
    }

    /// Where the `$ref` of this very object leads; nothing without one.
    pub(crate) fn step(self, part: &Part<'a>) -> Result<Option<Part<'a>>, ReferenceError> {
        let Some(reference) = part.value.get("$ref") else {
            return Ok(None);
        };
        let text = reference
            .as_str()
            .ok_or_else(|| fault(part, Fault::NoText))?;
        let pointer = text
            .strip_prefix('#')
            .ok_or_else(|| fault(part, Fault::Outside))?;
        let pointer = percent_decode_str(pointer).decode_utf8_lossy();
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(fault(part, Fault::Outside));
        }
        let value = self
            .root
            .pointer(&pointer)
            .ok_or_else(|| fault(part, Fault::Dangling))?;
        Ok(Some(Part::new(Pointer::from_text(&pointer), value)))
    }
}

fn fault(part: &Part<'_>, fault: Fault) -> ReferenceError {
    let target = part.value["$ref"]
        .as_str()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    ReferenceError {
        pointer: part.pointer.child("$ref"),
        fault,
        target,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn follow(document: &Value, name: &str) -> Result<String, Fault> {
        let start = Part::new(Pointer::root().child(name), &document[name]);
        References::new(document)
            .follow(start)
            .map(|part| part.pointer.to_string())
            .map_err(|error| error.fault)
    }

    #[test]
    fn a_chain_is_followed_to_its_end() {
        let document =
            json!({ "a": {"$ref": "#/b/x~1y"}, "b": {"x/y": {"$ref": "#/c%20d/0"}}, "c d": [{}] });
        assert_eq!(follow(&document, "a").expect("an end"), "#/c d/0");
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        let cases = [
            (json!("#/nowhere"), Fault::Dangling),
            (json!("#/a"), Fault::Cyclic),
            (json!("#/b"), Fault::Cyclic),
            (json!("other.json#/a"), Fault::Outside),
            (json!("https://example.com/a"), Fault::Outside),
            (json!("#anchor"), Fault::Outside),
            (json!(7), Fault::NoText),
        ];
        for (reference, expected) in cases {
            let document = json!({ "a": {"$ref": reference}, "b": {"$ref": "#/a"} });
            assert_eq!(
                follow(&document, "a").expect_err("a fault"),
                expected,
                "{reference}"
            );
        }
    }

    #[test]
    fn the_error_names_the_place_and_repeats_no_endless_text() {
        let document = json!({ "a": {"$ref": "#/".to_owned() + &"x".repeat(5_000)} });
        let start = Part::new(Pointer::root().child("a"), &document["a"]);
        let error = DocumentError::from(
            References::new(&document)
                .follow(start)
                .expect_err("dangling"),
        )
        .to_string();
        assert!(
            error.starts_with("#/a/$ref: `#/xxx") && error.len() < 300,
            "{error}"
        );
    }
}
