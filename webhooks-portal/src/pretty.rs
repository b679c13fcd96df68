//! JSON laid out for people, token by token: numbers keep their digits, members their order, strings their escapes.
//!
//! A parser would round large numbers and lose members of the same name. Here only white space changes.

use serde::de::IgnoredAny;

/// A piece of laid-out JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The name of a member, with its quotes.
    Name(String),
    /// Everything else.
    Other(String),
}

/// How deep a text may be nested: each line is indented by its depth, so a deep text would grow with its square.
const DEEPEST: usize = 64;

/// The text laid out, if it is JSON that is not nested too deeply.
pub(crate) fn pretty(text: &str) -> Option<Vec<Piece>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut writer = Writer::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string(rest),
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            blank if blank.is_ascii_whitespace() => {
                rest = &rest[1..];
                continue;
            }
            _ => scalar(rest),
        };
        let (token, after) = rest.split_at(length);
        writer.token(token, after.trim_start());
        if writer.depth > DEEPEST {
            return None;
        }
        rest = after;
    }
    Some(writer.finish())
}

/// The bytes of a string, its quotes included.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

/// The bytes of a number, `true`, `false` or `null`.
fn scalar(text: &str) -> usize {
    let end = text.find(|next: char| next.is_ascii_whitespace() || "{}[],:\"".contains(next));
    end.unwrap_or(text.len()).max(1)
}

#[derive(Default)]
struct Writer {
    pieces: Vec<Piece>,
    text: String,
    depth: usize,
    /// Whether an object or list was opened with nothing in it.
    is_empty: bool,
}

impl Writer {
    fn token(&mut self, token: &str, next: &str) {
        match token {
            "{" | "[" => {
                self.text.push_str(token);
                self.depth += 1;
                self.is_empty = next.starts_with(['}', ']']);
                if !self.is_empty {
                    self.line();
                }
            }
            "}" | "]" => {
                self.depth = self.depth.saturating_sub(1);
                if !self.is_empty {
                    self.line();
                }
                self.is_empty = false;
                self.text.push_str(token);
            }
            "," => {
                self.text.push(',');
                self.line();
            }
            ":" => self.text.push_str(": "),
            name if name.starts_with('"') && next.starts_with(':') => {
                let before = std::mem::take(&mut self.text);
                self.pieces.push(Piece::Other(before));
                self.pieces.push(Piece::Name(name.to_owned()));
            }
            other => self.text.push_str(other),
        }
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(self.depth));
    }

    fn finish(mut self) -> Vec<Piece> {
        self.pieces.push(Piece::Other(self.text));
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(json: &str) -> Option<String> {
        let text = |piece| match piece {
            Piece::Name(text) | Piece::Other(text) => text,
        };
        Some(pretty(json)?.into_iter().map(text).collect())
    }

    #[test]
    fn digits_order_and_doubled_members_stay() {
        let laid_out = laid_out(
            r#"{"b":123456789012345678901234567890.10,"a":1e400,"a":[ ],"c":{"d":"x: {\" }"}}"#,
        );
        assert_eq!(
            laid_out.as_deref(),
            Some(
                "{\n  \"b\": 123456789012345678901234567890.10,\n  \"a\": 1e400,\n  \"a\": [],\n  \"c\": {\n    \"d\": \"x: {\\\" }\"\n  }\n}"
            )
        );
    }

    #[test]
    fn names_of_members_are_known_from_other_strings() {
        let pieces = pretty(r#"{"a" : "b"}"#).expect("JSON");
        assert_eq!(pieces[1], Piece::Name("\"a\"".to_owned()));
        assert_eq!(
            pieces
                .iter()
                .filter(|piece| matches!(piece, Piece::Name(_)))
                .count(),
            1
        );
    }

    #[test]
    fn what_is_not_json_or_too_deep_is_left_alone() {
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        for text in ["", "<html>", "{\"a\":", "{'a':1}", &"[".repeat(5000), &deep] {
            assert_eq!(pretty(text), None);
        }
    }
}
