//! Finds one number in a JSON body without building the document.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::{Reason, VerifyResult};
use crate::text::Text;

/// A JSON pointer (RFC 6901); a name alone is the member of that name.
#[derive(Clone, Debug)]
pub(crate) struct JsonPointer {
    pub(crate) text: Text,
}

impl JsonPointer {
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self {
            text: Text::Borrowed(text),
        }
    }

    pub(crate) fn owned(text: String) -> Self {
        Self {
            text: Text::Owned(text),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.trim_matches('/').is_empty()
    }

    fn path(&self) -> &str {
        self.text.strip_prefix('/').unwrap_or(&self.text)
    }
}

impl PartialEq for JsonPointer {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

impl Eq for JsonPointer {}

/// The digits at `pointer`, or `None` when nothing is there.
pub(crate) fn find_digits(body: &[u8], pointer: &JsonPointer) -> VerifyResult<Option<String>> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let found = Walk(Some(pointer.path()))
        .deserialize(&mut json)
        .map_err(|error| {
            if error.is_data() {
                Reason::MalformedTimestamp
            } else {
                Reason::MalformedBody
            }
        })?;
    json.end().map_err(|_| Reason::MalformedBody)?;
    Ok(found)
}

/// The path still to go; `None` when it has been walked.
struct Walk<'p>(Option<&'p str>);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp of digits")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let path = self
            .0
            .ok_or_else(|| A::Error::custom("an object where the timestamp was expected"))?;
        let (token, rest) = split(path);
        let mut found = None;
        while let Some(is_it) = map.next_key_seed(Key(&token))? {
            if !is_it {
                map.next_value::<IgnoredAny>()?;
            } else if found.replace(map.next_value_seed(Walk(rest))?).is_some() {
                // The reader of the payload might take the other one.
                return Err(A::Error::custom("the member with the timestamp came twice"));
            }
        }
        Ok(found.flatten())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let path = self
            .0
            .ok_or_else(|| A::Error::custom("an array where the timestamp was expected"))?;
        let (token, rest) = split(path);
        let wanted = token.parse::<usize>().ok();
        let mut found = None;
        for index in 0.. {
            if Some(index) == wanted {
                match items.next_element_seed(Walk(rest))? {
                    Some(value) => found = value,
                    None => break,
                }
            } else if items.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(self.0.is_none().then(|| number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.0.is_none().then(|| text.to_owned()))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Compares a member's name without keeping it.
struct Key<'t>(&'t str);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

impl Walk<'_> {
    fn other<E: Error>(self) -> Result<Option<String>, E> {
        if self.0.is_some() {
            Ok(None)
        } else {
            Err(E::custom("something else than digits"))
        }
    }
}

/// The first token of a path, unescaped (`~1` is `/`, `~0` is `~`), and the rest.
fn split(path: &str) -> (String, Option<&str>) {
    let (token, rest) = path
        .split_once('/')
        .map_or((path, None), |(token, rest)| (token, Some(rest)));
    (token.replace("~1", "/").replace("~0", "~"), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(body: &str, pointer: &str) -> VerifyResult<Option<String>> {
        find_digits(body.as_bytes(), &JsonPointer::owned(pointer.to_owned()))
    }

    #[test]
    fn a_number_is_found_wherever_it_stands() {
        for (body, pointer) in [
            (r#"{"a":1700}"#, "/a"),
            (r#"{"a":1700}"#, "a"),
            (r#"{"x":{"a":[1,{"a":2}]},"a":"1700"}"#, "/a"),
            (r#"{"a":{"b":[0,{"c":1700}]}}"#, "/a/b/1/c"),
            (r#"{"a/b":{"~":1700}}"#, "/a~1b/~0"),
        ] {
            assert_eq!(
                find(body, pointer),
                Ok(Some("1700".to_owned())),
                "{body} {pointer}"
            );
        }
    }

    #[test]
    fn what_is_not_there_is_none() {
        for body in [
            "{}",
            r#"{"b":1}"#,
            r#"{"a":null}"#,
            "[]",
            "7",
            r#"{"a":{"b":null}}"#,
        ] {
            assert_eq!(find(body, "/a/b"), Ok(None), "{body}");
        }
    }

    #[test]
    fn a_repeated_or_strange_timestamp_is_malformed() {
        for body in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":-1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":true}"#,
            r#"{"a":{}}"#,
            r#"{"a":[]}"#,
        ] {
            assert_eq!(
                find(body, "/a"),
                Err(Box::new(Reason::MalformedTimestamp)),
                "{body}"
            );
        }
    }

    #[test]
    fn a_body_that_is_not_json_is_malformed() {
        for body in ["", "{", "{\"a\":1}}", "a=1"] {
            assert_eq!(
                find(body, "/a"),
                Err(Box::new(Reason::MalformedBody)),
                "{body}"
            );
        }
        assert_eq!(
            find_digits(b"{\"a\xff\":1}", &JsonPointer::fixed("/a")),
            Err(Box::new(Reason::MalformedBody))
        );
    }
}
