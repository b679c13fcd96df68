//! JSON text as a document. What is wrong in it is reported with its place.
//!
//! A parser that keeps the last of two equal keys loses a webhook without a word, so the text is read twice: once for
//! its values, and once for its keys alone.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::pointer;
use crate::error::BuildError;

/// Reads a document from JSON text, and refuses keys that stand twice in one object.
///
/// ```
/// use webhooks_core::openapi::read_json;
///
/// let twice = r#"{ "webhooks": { "payment.created": {}, "payment.created": {} } }"#;
/// let problem = read_json(twice).unwrap_err().to_string();
/// assert_eq!(problem, "#/webhooks/payment.created of the document stands there twice: leave one of them out");
/// ```
///
/// # Errors
///
/// When the text is not JSON, with line and column, or when keys stand twice, with the JSON pointer of each.
pub fn read_json(text: &str) -> Result<Value, BuildError> {
    // Editors of some systems begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = serde_json::from_str(text)
        .map_err(|error| BuildError::of("the document is not JSON", error))?;
    let mut keys = Keys {
        pointer: String::new(),
        twice: Vec::new(),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // The same text was read a moment ago, so there is no error now.
    let _ = Level(&mut keys).deserialize(&mut deserializer);
    BuildError::check(keys.twice)?;
    Ok(value)
}

/// Where the walk through the keys is, and what it found.
struct Keys {
    pointer: String,
    twice: Vec<String>,
}

/// One value of the text, of which only the keys matter.
struct Level<'a>(&'a mut Keys);

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let own = self.0.pointer.len();
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            pointer::push(&mut self.0.pointer, &key);
            if !seen.insert(key) {
                let problem = format!(
                    "#{} of the document stands there twice: leave one of them out",
                    self.0.pointer
                );
                self.0.twice.push(problem);
            }
            map.next_value_seed(Level(self.0))?;
            self.0.pointer.truncate(own);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let own = self.0.pointer.len();
        for index in 0_usize.. {
            pointer::push(&mut self.0.pointer, &index.to_string());
            let item = items.next_element_seed(Level(self.0))?;
            self.0.pointer.truncate(own);
            if item.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_stands_twice_is_named_with_its_pointer() {
        let text = r#"{ "a": 1, "b": [{}, { "c/d": 1, "c/d": 2, "\u0063/d": 3 }], "a": null }"#;
        let error = read_json(text).expect_err("keys twice");
        let places: Vec<_> = error
            .problems()
            .iter()
            .map(|one| one.split(' ').next().unwrap_or_default())
            .collect();
        assert_eq!(places, ["#/b/1/c~1d", "#/b/1/c~1d", "#/a"]);
    }

    #[test]
    fn the_same_key_in_two_objects_is_nothing_special() {
        let text = "\u{feff}{ \"a\": { \"a\": [{ \"a\": true }, { \"a\": -1.5e3 }] } }";
        assert_eq!(
            read_json(text).expect("a document"),
            serde_json::from_str::<Value>(&text[3..]).expect("JSON")
        );
    }

    #[test]
    fn what_is_not_json_is_refused_with_line_and_column() {
        for (text, place) in [
            ("{\n  \"a\": 1,\n}", "line 3 column 1"),
            ("", "line 1 column 0"),
            ("{} {}", "line 1 column 4"),
        ] {
            let problem = read_json(text).expect_err("no JSON").to_string();
            assert!(
                problem.starts_with("the document is not JSON") && problem.contains(place),
                "{problem}"
            );
        }
        let deep = "[".repeat(100_000);
        assert!(
            read_json(&deep)
                .expect_err("too deep")
                .to_string()
                .contains("recursion limit")
        );
    }
}
