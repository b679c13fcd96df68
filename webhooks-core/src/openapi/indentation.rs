//! Indented JSON, by two spaces a level: as serde writes it, from values and from text.

use std::io::{Result, Write};

use serde_json::ser::Formatter;

/// Writes values as `serde_json`'s own indentation does, from a given depth on.
pub(super) struct Indentation {
    depth: usize,
    /// Whether the object or list that ends next has something in it.
    has_value: bool,
}

impl Indentation {
    pub(super) fn at(depth: usize) -> Self {
        Self {
            depth,
            has_value: false,
        }
    }

    fn begin<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> Result<()> {
        self.depth += 1;
        self.has_value = false;
        writer.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> Result<()> {
        self.depth -= 1;
        if self.has_value {
            begin_line(writer, self.depth)?;
        }
        writer.write_all(bracket)
    }

    fn next<W: ?Sized + Write>(&self, writer: &mut W, first: bool) -> Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        begin_line(writer, self.depth)
    }
}

impl Formatter for Indentation {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.next(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.next(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.has_value = true;
        Ok(())
    }
}

/// A line break, and the spaces of as many levels as most documents have.
const LINE: [u8; 65] = {
    let mut line = [b' '; 65];
    line[0] = b'\n';
    line
};

fn begin_line<W: ?Sized + Write>(writer: &mut W, depth: usize) -> Result<()> {
    let mut spaces = depth * 2;
    let begun = spaces.min(LINE.len() - 1);
    writer.write_all(&LINE[..=begun])?;
    spaces -= begun;
    while spaces > 0 {
        let more = spaces.min(LINE.len() - 1);
        writer.write_all(&LINE[1..=more])?;
        spaces -= more;
    }
    Ok(())
}

/// Begins a line of a text.
pub(super) fn new_line(text: &mut Vec<u8>, depth: usize) {
    begin_line(text, depth).expect("a vector takes whatever is written to it");
}

/// Adds JSON without white space to a text, indented from this depth on.
pub(super) fn indent(json: &[u8], depth: usize, text: &mut Vec<u8>) {
    let (mut depth, mut start, mut at) = (depth, 0, 0);
    while at < json.len() {
        match json[at] {
            b'"' => at = end_of_string(json, at),
            b'{' | b'[' => {
                // An empty object or list stays on its line.
                if matches!(json.get(at + 1), Some(b'}' | b']')) {
                    at += 1;
                } else {
                    text.extend_from_slice(&json[start..=at]);
                    start = at + 1;
                    depth += 1;
                    new_line(text, depth);
                }
            }
            b'}' | b']' => {
                text.extend_from_slice(&json[start..at]);
                start = at;
                depth = depth.saturating_sub(1);
                new_line(text, depth);
            }
            b',' => {
                text.extend_from_slice(&json[start..=at]);
                start = at + 1;
                new_line(text, depth);
            }
            b':' => {
                text.extend_from_slice(&json[start..=at]);
                start = at + 1;
                text.push(b' ');
            }
            _ => {}
        }
        at += 1;
    }
    text.extend_from_slice(&json[start..]);
}

/// The place of the quote that ends the string that begins here.
///
/// Most of a document is strings, so eight bytes are looked at together.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        match first_mark(*eight) {
            None => at += 8,
            Some(mark) if eight[mark] == b'"' => return at + mark,
            Some(escape) => at += escape + 2,
        }
    }
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// The place of the first quote or backslash.
///
/// A byte that is zero is found as in Hacker's Delight, section 6-1: the lowest bit that is set is its own, whatever the
/// bytes behind it are.
fn first_mark(eight: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let word = u64::from_le_bytes(eight);
    let repeated = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let marks = zeros(word ^ repeated(b'"')) | zeros(word ^ repeated(b'\\'));
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::{Serializer, Value, json};

    use super::*;

    #[test]
    fn indentation_is_that_of_serde() {
        let mut deep = json!([1]);
        for level in 0..50 {
            deep = json!({ "a": [deep, {}], "b": [], format!("{level}"): [[], [{}]] });
        }
        for value in [
            json!({}),
            json!([]),
            json!(null),
            json!("a\"b\\\\\"{[:,]}\u{e9}\n"),
            json!({ "a,:{}": ["\\", "\"", "", { "\"": -1.5e3 }], "b": true }),
            deep,
        ] {
            let pretty = serde_json::to_string_pretty(&value).expect("a value can be written");
            for depth in [0, 1, 40] {
                let (mut of_text, mut of_value) = (Vec::new(), Vec::new());
                indent(value.to_string().as_bytes(), depth, &mut of_text);
                written(&value, depth, &mut of_value);
                // No line break stands in a text.
                let deeper = pretty.replace('\n', &format!("\n{}", "  ".repeat(depth)));
                assert_eq!(String::from_utf8_lossy(&of_text), deeper);
                assert_eq!(String::from_utf8_lossy(&of_value), deeper);
            }
        }
    }

    fn written(value: &Value, depth: usize, text: &mut Vec<u8>) {
        let mut serializer = Serializer::with_formatter(text, Indentation::at(depth));
        value
            .serialize(&mut serializer)
            .expect("a value can be written");
    }

    #[test]
    fn a_string_ends_at_the_quote_that_nothing_escapes() {
        for length in 0..40 {
            for text in ["x", "\u{e9}", "!", "#", "]", "\u{80}\u{1}"] {
                let text = text.repeat(length);
                for escaped in ["", "\\\"", "\\\\", "\\\\\\\""] {
                    let string = format!("\"{text}{escaped}{text}\"");
                    let behind = format!("{string}:\"\",");
                    assert_eq!(end_of_string(behind.as_bytes(), 0), string.len() - 1);
                }
            }
        }
    }
}
