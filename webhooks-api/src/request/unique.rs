//! JSON in which no member is there twice. Readers differ in which one they take (RFC 8259, section 4): what one of them
//! checks is not what another one does.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Any JSON whose objects have each member once.
pub(super) struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.contains(&name) {
                map.next_value::<Twice>()?;
            } else {
                map.next_value::<Unique>()?;
            }
            names.insert(name);
        }
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }
}

/// The value of a member that was there before: it is refused, and the error says where it is.
struct Twice;

impl<'de> Deserialize<'de> for Twice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer)?;
        Err(D::Error::custom("the member is there twice; send it once"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<String> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read: Result<Unique, _> = serde_path_to_error::deserialize(&mut deserializer);
        read.err().map(|error| error.path().to_string())
    }

    #[test]
    fn a_member_that_is_there_twice_is_found_wherever_it_is() {
        for good in [
            "1",
            r#"{"a": {"a": [1, -1, 1.5, true, null, "a", {"a": 1}]}, "b": {"a": 1}}"#,
            r#"[{"a": 1}, {"a": 1}]"#,
        ] {
            assert_eq!(place(good), None, "{good}");
        }
        for (bad, at) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"a": {"b": 1, "c": 2, "b": {}}}"#, "a.b"),
            (r#"{"a": [1, {"b": 1, "\u0062": 2}]}"#, "a[1].b"),
        ] {
            assert_eq!(place(bad).as_deref(), Some(at), "{bad}");
        }
    }
}
