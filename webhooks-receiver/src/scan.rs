//! Finds several values of a JSON document in one pass, each as a slice of the document.
//!
//! Nothing is built: what is not looked for is skipped, and what is found stays text until someone decodes it. A
//! member that is looked for and comes twice makes the document ambiguous: the next reader might take the
//! other one.

use std::fmt;

use serde::Deserialize as _;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use crate::pointer::Pointer;

/// Why a document could not be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    NotJson,
    /// One of the members looked for comes twice.
    Repeated,
}

/// What is at each of these pointers, in their order. The root is not looked for.
///
/// A pointer that leads to `null`, or through something that has no members, finds nothing.
pub(crate) fn find<'d, const N: usize>(
    document: &'d [u8],
    pointers: [&Pointer; N],
) -> Result<[Option<&'d str>; N], ScanError> {
    let (mut found, mut repeated) = ([None; N], false);
    let active = (0..N)
        .filter(|slot| !pointers[*slot].is_root())
        .fold(0, |set, slot| set | 1 << slot);
    let step = Step {
        pointers: &pointers,
        found: &mut found,
        repeated: &mut repeated,
        active,
        depth: 0,
    };
    let mut json = serde_json::Deserializer::from_slice(document);
    let read = step.deserialize(&mut json).and_then(|()| json.end());
    match read {
        _ if repeated => Err(ScanError::Repeated),
        Err(_) => Err(ScanError::NotJson),
        Ok(()) => Ok(found),
    }
}

/// The elements of a list, or `None` when the text is not a list.
pub(crate) fn elements(text: &[u8]) -> Option<Vec<&str>> {
    let list: Vec<&RawValue> = serde_json::from_slice(text).ok()?;
    Some(list.into_iter().map(RawValue::get).collect())
}

/// A text, an integer or a truth value as text; nothing else can be the name of something. `1e999` and `1.0` are other
/// spellings of numbers, and which number they are depends on the reader.
pub(crate) fn scalar(text: &str) -> Option<String> {
    let is_integer = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b't' | b'f' => Some(text.to_owned()),
        b'0'..=b'9' | b'-' if is_integer(text.strip_prefix('-').unwrap_or(text)) => {
            Some(text.to_owned())
        }
        _ => None,
    }
}

/// Whether a body begins as a JSON object, list or text does. No form begins so: its writer would have escaped the
/// character.
pub(crate) fn begins_as_json(body: &[u8]) -> bool {
    let first = without_mark(body)
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'[' | b'"'))
}

/// The body without a byte order mark, which some Windows software writes in front of JSON. RFC 8259 section 8.1 lets a
/// reader ignore it.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(MARK).unwrap_or(body)
}

/// The byte order mark in UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// A set of pointers, one bit for each.
type Slots = u8;

/// One value of the document, and the pointers that lead to it or further down.
struct Step<'a, 'd> {
    pointers: &'a [&'a Pointer],
    found: &'a mut [Option<&'d str>],
    repeated: &'a mut bool,
    active: Slots,
    depth: usize,
}

impl<'d> Step<'_, 'd> {
    /// The pointers whose next token is this one.
    fn narrowed(&self, token: &str) -> Slots {
        self.those(|pointer| {
            pointer
                .tokens()
                .get(self.depth)
                .is_some_and(|own| own == token)
        })
    }

    fn those(&self, keep: impl Fn(&Pointer) -> bool) -> Slots {
        let slots = self
            .pointers
            .iter()
            .enumerate()
            .filter(|(slot, _)| self.active & (1 << slot) != 0);
        slots
            .filter(|(_, pointer)| keep(pointer))
            .fold(0, |set, (slot, _)| set | 1 << slot)
    }

    /// The step to a member or element that these pointers lead to.
    fn below(&mut self, active: Slots) -> Step<'_, 'd> {
        Step {
            pointers: self.pointers,
            found: self.found,
            repeated: self.repeated,
            active,
            depth: self.depth + 1,
        }
    }

    /// The value is known as text: kept for the pointers that end here, searched for those that go on.
    fn keep(mut self, value: &'d RawValue) -> serde_json::Result<()> {
        let depth = self.depth;
        let ending = self.those(|pointer| pointer.tokens().len() == depth);
        for (slot, found) in self.found.iter_mut().enumerate() {
            if ending & (1 << slot) != 0 {
                *found = Some(value.get()).filter(|text| *text != "null");
            }
        }
        self.active &= !ending;
        if self.active == 0 {
            return Ok(());
        }
        self.deserialize(&mut serde_json::Deserializer::from_str(value.get()))
    }

    fn ends_here(&self) -> bool {
        self.those(|pointer| pointer.tokens().len() == self.depth) != 0
    }
}

impl<'d> DeserializeSeed<'d> for Step<'_, 'd> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.active == 0 {
            IgnoredAny::deserialize(deserializer).map(|_| ())
        } else if self.ends_here() {
            let value = <&RawValue>::deserialize(deserializer)?;
            self.keep(value).map_err(D::Error::custom)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'d> Visitor<'d> for Step<'_, 'd> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'d>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut seen: Slots = 0;
        while let Some(inner) = map.next_key_seed(Key(&self))? {
            if inner & seen != 0 {
                *self.repeated = true;
                return Err(A::Error::custom("a member that is looked for comes twice"));
            }
            seen |= inner;
            map.next_value_seed(self.below(inner))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'d>>(mut self, mut elements: A) -> Result<(), A::Error> {
        for index in 0_usize.. {
            let inner = self.narrowed(&index.to_string());
            if elements.next_element_seed(self.below(inner))?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Compares a member's name with the next tokens, without keeping it.
struct Key<'k, 'a, 'd>(&'k Step<'a, 'd>);

impl<'d> DeserializeSeed<'d> for Key<'_, '_, '_> {
    type Value = Slots;

    fn deserialize<D: Deserializer<'d>>(self, deserializer: D) -> Result<Slots, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_, '_> {
    type Value = Slots;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Slots, E> {
        Ok(self.0.narrowed(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_one<'d>(document: &'d str, pointer: &str) -> Result<Option<&'d str>, ScanError> {
        find(document.as_bytes(), [&Pointer::parse(pointer)]).map(|[found]| found)
    }

    #[test]
    fn a_value_is_found_wherever_it_stands() {
        for (document, pointer, value) in [
            (r#"{"type":"a"}"#, "/type", r#""a""#),
            (r#"{"data":{"type":"no"},"type":"a"}"#, "/type", r#""a""#),
            (
                r#"{"data" : { "object" : [1, {"x":2}] } }"#,
                "/data/object",
                r#"[1, {"x":2}]"#,
            ),
            (r#"{"a":[0,{"b":7}]}"#, "/a/1/b", "7"),
            (r#"{"a\u002fb":true}"#, "/a~1b", "true"),
        ] {
            assert_eq!(
                find_one(document, pointer),
                Ok(Some(value)),
                "{document} {pointer}"
            );
        }
    }

    #[test]
    fn what_is_not_there_or_null_is_not_found() {
        for document in [
            "{}",
            "[]",
            "7",
            r#""a""#,
            r#"{"a":null}"#,
            r#"{"a":{"b":null}}"#,
            r#"{"a":"b"}"#,
        ] {
            assert_eq!(find_one(document, "/a/b"), Ok(None), "{document}");
        }
    }

    #[test]
    fn several_values_are_found_in_one_pass_also_inside_one_another() {
        let [data, kind, name] = find(
            br#"{"name":"n","data":{"kind":"k","x":1}}"#,
            [
                &Pointer::parse("/data"),
                &Pointer::parse("/data/kind"),
                &Pointer::parse("/name"),
            ],
        )
        .unwrap();
        assert_eq!(data, Some(r#"{"kind":"k","x":1}"#));
        assert_eq!((kind, name), (Some(r#""k""#), Some(r#""n""#)));
    }

    #[test]
    fn a_member_that_is_looked_for_and_comes_twice_is_ambiguous() {
        for document in [
            r#"{"type":"a","type":"b"}"#,
            r#"{"type":"a","type":"a"}"#,
            r#"{"type":"a","\u0074ype":"b"}"#,
        ] {
            assert_eq!(
                find_one(document, "/type"),
                Err(ScanError::Repeated),
                "{document}"
            );
        }
        assert_eq!(
            find_one(r#"{"d":{"o":1},"d":{"o":2}}"#, "/d/o"),
            Err(ScanError::Repeated)
        );
        assert_eq!(
            find_one(r#"{"x":1,"x":2,"type":"a"}"#, "/type"),
            Ok(Some(r#""a""#))
        );
    }

    #[test]
    fn a_body_that_is_not_json_to_its_end_is_refused() {
        for document in [
            "",
            "{",
            r#"{"type":"a"}}"#,
            r#"{"type":"a"} x"#,
            "type=a",
            "\u{feff}{}",
        ] {
            assert_eq!(
                find_one(document, "/type"),
                Err(ScanError::NotJson),
                "{document}"
            );
        }
    }

    #[test]
    fn a_deeply_nested_body_is_refused_and_does_not_overflow_the_stack() {
        let deep = format!(r#"{{"x":{}"#, "[".repeat(100_000));
        assert_eq!(find_one(&deep, "/type"), Err(ScanError::NotJson));
        let deep = format!("{}1{}", r#"{"a":"#.repeat(1000), "}".repeat(1000));
        assert_eq!(find_one(&deep, &"/a".repeat(900)), Err(ScanError::NotJson));
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused_where_a_value_is_taken_from_them() {
        assert!(find(b"{\"type\":\"\xff\"}", [&Pointer::parse("/type")]).is_err());
    }

    #[test]
    fn names_are_texts_numbers_and_truth_values() {
        assert_eq!(scalar(r#""a\u0062""#).as_deref(), Some("ab"));
        assert_eq!(scalar("12").as_deref(), Some("12"));
        assert_eq!(scalar("-1").as_deref(), Some("-1"));
        assert_eq!(scalar("1e999"), None);
        assert_eq!(scalar("1.0"), None);
        assert_eq!(scalar("true").as_deref(), Some("true"));
        assert_eq!(scalar("{}"), None);
        assert_eq!(scalar(r#""\ud800""#), None);
    }
}
