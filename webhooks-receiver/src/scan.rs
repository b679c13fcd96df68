//! Finds several values of a JSON document in one pass, each as a slice of the document.
//!
//! Nothing is built: what is not looked for is skipped, and what is found stays text until someone decodes it. A
//! member that is looked for and comes twice makes the document ambiguous: the next reader might take the
//! other one.

use serde_json::value::RawValue;

use crate::cursor::Cursor;
use crate::pointer::Pointer;

/// Why a document could not be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    NotJson,
    /// One of the members looked for comes twice.
    Repeated,
}

/// Deeper than this nothing is looked for: `serde_json` reads no payload that is deeper.
const DEEPEST: usize = 127;

/// What is at each of these pointers, in their order. The root is not looked for.
///
/// A pointer that leads to `null`, or through something that has no members, finds nothing.
pub(crate) fn find<'d, const N: usize>(
    document: &'d [u8],
    pointers: [&Pointer; N],
) -> Result<[Option<&'d str>; N], ScanError> {
    let mut found = [None; N];
    let active = (0..N)
        .filter(|slot| !pointers[*slot].is_root())
        .fold(0, |set, slot| set | 1 << slot);
    let mut search = Search {
        pointers: &pointers,
        found: &mut found,
        document: Cursor::new(document),
    };
    search.value(active, 0)?;
    if search.document.is_at_end() {
        Ok(found)
    } else {
        Err(ScanError::NotJson)
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
        b'"' => {
            // Without an escape the text is what stands between the quotes.
            let inner = text.strip_prefix('"')?.strip_suffix('"')?;
            if inner.bytes().any(|byte| byte == b'\\') {
                serde_json::from_str(text).ok()
            } else {
                Some(inner.to_owned())
            }
        }
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

/// A pass over a document. The pointers that lead to a value or further down are a set of slots.
struct Search<'a, 'd> {
    pointers: &'a [&'a Pointer],
    found: &'a mut [Option<&'d str>],
    document: Cursor<'d>,
}

impl Search<'_, '_> {
    /// A value at this depth: kept for the pointers that end here, searched for those that go on.
    fn value(&mut self, active: Slots, depth: usize) -> Result<(), ScanError> {
        if active == 0 {
            return self.document.skip().ok_or(ScanError::NotJson);
        }
        if depth > DEEPEST {
            return Err(ScanError::NotJson);
        }
        let start = self.document.after_blanks();
        let ending = self.those(active, |pointer| pointer.tokens().len() == depth);
        let further = active & !ending;
        match self.document.peek() {
            Some(b'{') if further != 0 => self.object(further, depth)?,
            Some(b'[') if further != 0 => self.list(further, depth)?,
            _ => self.document.skip().ok_or(ScanError::NotJson)?,
        }
        if ending != 0 {
            let text = self.document.since(start);
            let text = std::str::from_utf8(text).map_err(|_| ScanError::NotJson)?;
            for (slot, found) in self.found.iter_mut().enumerate() {
                if ending & (1 << slot) != 0 {
                    *found = Some(text).filter(|text| *text != "null");
                }
            }
        }
        Ok(())
    }

    fn object(&mut self, active: Slots, depth: usize) -> Result<(), ScanError> {
        let mut seen: Slots = 0;
        self.document.eat(b'{');
        if self.document.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = self.document.name().ok_or(ScanError::NotJson)?;
            let inner = self.named(active, depth, name)?;
            if inner & seen != 0 {
                return Err(ScanError::Repeated);
            }
            seen |= inner;
            self.value(inner, depth + 1)?;
            if !self.document.eat(b',') {
                break;
            }
        }
        self.document
            .eat(b'}')
            .then_some(())
            .ok_or(ScanError::NotJson)
    }

    fn list(&mut self, active: Slots, depth: usize) -> Result<(), ScanError> {
        self.document.eat(b'[');
        if self.document.eat(b']') {
            return Ok(());
        }
        for index in 0_usize.. {
            let inner = self.those(active, |pointer| is_index(&pointer.tokens()[depth], index));
            self.value(inner, depth + 1)?;
            if !self.document.eat(b',') {
                break;
            }
        }
        self.document
            .eat(b']')
            .then_some(())
            .ok_or(ScanError::NotJson)
    }

    /// The pointers whose next token is this name, which has its quotes.
    fn named(&self, active: Slots, depth: usize, name: &[u8]) -> Result<Slots, ScanError> {
        let decoded: String;
        let name = if name.contains(&b'\\') {
            decoded = serde_json::from_slice(name).map_err(|_| ScanError::NotJson)?;
            decoded.as_str()
        } else {
            str::from_utf8(&name[1..name.len() - 1]).map_err(|_| ScanError::NotJson)?
        };
        Ok(self.those(active, |pointer| pointer.tokens()[depth] == name))
    }

    /// Those of the pointers for which this holds.
    #[inline]
    fn those(&self, active: Slots, holds: impl Fn(&Pointer) -> bool) -> Slots {
        let pointers = self.pointers.iter().enumerate();
        pointers.fold(0, |set, (slot, pointer)| {
            let bit = 1 << slot;
            set | if active & bit != 0 && holds(pointer) {
                bit
            } else {
                0
            }
        })
    }
}

/// Whether a token is the index of an element (RFC 6901 section 4): digits, without zeros in front.
fn is_index(token: &str, index: usize) -> bool {
    let is_written_so = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    is_written_so && token.parse() == Ok(index)
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
