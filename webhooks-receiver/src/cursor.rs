//! A place in a JSON text (RFC 8259), and the steps from there.
//!
//! A value that is not asked for is passed over and never built. The grammar is checked as strictly as `serde_json` does for
//! values that it ignores; the bytes of texts are not, because who takes one checks it.

/// A text, and how much of it has been read.
pub(crate) struct Cursor<'d> {
    text: &'d [u8],
    at: usize,
}

impl<'d> Cursor<'d> {
    pub(crate) fn new(text: &'d [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// What was read since a place.
    pub(crate) fn since(&self, start: usize) -> &'d [u8] {
        &self.text[start..self.at]
    }

    /// Goes to the next character that is not a blank; returns its place.
    #[inline]
    pub(crate) fn after_blanks(&mut self) -> usize {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.at
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes over this character, if it is the next one behind blanks.
    #[inline]
    pub(crate) fn eat(&mut self, character: u8) -> bool {
        self.after_blanks();
        let is_next = self.peek() == Some(character);
        self.at += usize::from(is_next);
        is_next
    }

    /// The name of a member with its quotes; passes over the colon too.
    #[inline]
    pub(crate) fn name(&mut self) -> Option<&'d [u8]> {
        let start = self.after_blanks();
        if self.next()? != b'"' {
            return None;
        }
        self.rest_of_text()?;
        let name = self.since(start);
        self.eat(b':').then_some(name)
    }

    /// Passes over a value, however deep it is.
    pub(crate) fn skip(&mut self) -> Option<()> {
        let mut open = Nesting::default();
        loop {
            self.after_blanks();
            match self.next()? {
                b'"' => self.rest_of_text()?,
                b'{' if !self.eat(b'}') => {
                    open.enter(true);
                    self.name()?;
                    continue;
                }
                b'[' if !self.eat(b']') => {
                    open.enter(false);
                    continue;
                }
                b'{' | b'[' => {}
                b't' => self.word(b"rue")?,
                b'f' => self.word(b"alse")?,
                b'n' => self.word(b"ull")?,
                b'-' => {
                    let first = self.next()?;
                    self.rest_of_number(first)?;
                }
                first => self.rest_of_number(first)?,
            }
            loop {
                let Some(is_object) = open.innermost() else {
                    return Some(());
                };
                self.after_blanks();
                match (self.next()?, is_object) {
                    (b',', true) => {
                        self.name()?;
                        break;
                    }
                    (b',', false) => break,
                    (b'}', true) | (b']', false) => open.leave(),
                    _ => return None,
                }
            }
        }
    }

    /// Whether nothing but blanks follows.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.after_blanks() == self.text.len()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let is_there = self.text[self.at..].starts_with(rest);
        self.at += if is_there { rest.len() } else { 0 };
        is_there.then_some(())
    }

    fn rest_of_number(&mut self, first: u8) -> Option<()> {
        match first {
            b'0' if self.digits() > 0 => return None,
            b'0' => {}
            b'1'..=b'9' => {
                self.digits();
            }
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return None;
            }
        }
        Some(())
    }

    /// Passes over digits; returns how many there were.
    fn digits(&mut self) -> usize {
        let rest = &self.text[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// Behind the first quote.
    #[inline]
    fn rest_of_text(&mut self) -> Option<()> {
        loop {
            self.at += plain(&self.text[self.at..]);
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    /// Behind the backslash.
    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.text.get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }
}

/// How many bytes at the beginning stand for themselves in a text: no quote, no backslash, no control character.
#[inline]
fn plain(text: &[u8]) -> usize {
    let special = |text: &[u8]| text.iter().position(|byte| IS_SPECIAL[usize::from(*byte)]);
    if let Some(end) = special(&text[..SHORT.min(text.len())]) {
        return end;
    }
    // Of a long text many bytes are looked at together, for what ends it and then for what it must not hold.
    let end = memchr::memchr2(b'"', b'\\', text).unwrap_or(text.len());
    let lowest = text[..end]
        .iter()
        .fold(u8::MAX, |lowest, byte| lowest.min(*byte));
    if lowest < b' ' {
        special(text).unwrap_or(end)
    } else {
        end
    }
}

/// Most names of members are not longer.
const SHORT: usize = 16;

static IS_SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        special[byte] = byte < b' ' as usize || byte == b'"' as usize || byte == b'\\' as usize;
        byte += 1;
    }
    special
};

/// The objects and lists that are open, the innermost last: one bit for each.
#[derive(Default)]
struct Nesting {
    bits: u64,
    depth: usize,
    /// What no longer fits into the bits.
    outer: Vec<u64>,
}

impl Nesting {
    const WORD: usize = 64;

    #[inline]
    fn enter(&mut self, is_object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(Self::WORD) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(is_object);
        self.depth += 1;
    }

    #[inline]
    fn leave(&mut self) {
        self.depth -= 1;
        self.bits >>= 1;
        if self.depth.is_multiple_of(Self::WORD) {
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }

    /// Whether the innermost is an object; `None` where nothing is open.
    #[inline]
    fn innermost(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    fn is_json(text: &[u8]) -> bool {
        let mut cursor = Cursor::new(text);
        cursor.skip().is_some() && cursor.is_at_end()
    }

    #[track_caller]
    fn agrees_with_serde(text: &[u8]) {
        let expected = serde_json::from_slice::<IgnoredAny>(text).is_ok();
        assert_eq!(is_json(text), expected, "{}", text.escape_ascii());
    }

    const TEXTS: [&str; 12] = [
        r#"{"a":[1,-2.5e+3,{"b":null}],"c":"d\u00e9\n\"","e":{},"f":[]}"#,
        " [ true , false , null ] ",
        r#"{"long":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","b":0}"#,
        "0",
        "-0.0",
        "10e5",
        "\"\\\\\"",
        "[[[[[[]]]],{}]]",
        "[1,2",
        "",
        "\"\u{e9}\u{1f980}\"",
        "{\"a\" :\t1 ,\r\n\"b\":\"\"}",
    ];

    #[test]
    fn what_serde_takes_is_taken_and_what_it_refuses_is_refused() {
        let characters = b"\"\\{}[],:.-+0159eEtfnua \n\t\r\x00\x1f\x7f\xff/";
        for text in TEXTS {
            let text = text.as_bytes();
            agrees_with_serde(text);
            for place in 0..=text.len() {
                agrees_with_serde(&text[..place]);
                for character in characters {
                    let (before, after) = text.split_at(place);
                    agrees_with_serde(&[before, &[*character], after].concat());
                    if let Some(after) = after.get(1..) {
                        agrees_with_serde(&[before, after].concat());
                        agrees_with_serde(&[before, &[*character], after].concat());
                    }
                }
            }
        }
    }

    #[test]
    fn short_texts_of_every_kind_are_judged_as_serde_does() {
        let characters = b"\"\\{}[],:.-0 1eu";
        let count = characters.len();
        for length in 1..=4 {
            for number in 0..count.pow(length) {
                let text: Vec<u8> = (0..length)
                    .map(|place| characters[number / count.pow(place) % count])
                    .collect();
                agrees_with_serde(&text);
            }
        }
    }

    #[test]
    fn any_depth_is_passed_over() {
        for depth in [1, 63, 64, 65, 127, 128, 129, 200, 100_000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                assert!(is_json(text.as_bytes()), "{open} {depth}");
                assert!(!is_json(&text.as_bytes()[1..]), "{open} {depth}");
                assert!(
                    !is_json(&text.as_bytes()[..text.len() - 1]),
                    "{open} {depth}"
                );
            }
        }
    }

    #[test]
    fn a_special_character_is_found_wherever_it_stands() {
        for length in 0..150 {
            for special in [b'"', b'\\', 0, 0x1f] {
                let mut text = vec![b'x'; length];
                text.extend([special, b'y', special]);
                assert_eq!(plain(&text), length);
                text[length] = 0xff;
                assert_eq!(plain(&text), length + 2);
            }
        }
    }
}
