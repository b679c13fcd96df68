//! Texts of others in the log.
//!
//! A sender writes names of events, ids, keys and values, and an application's error may repeat them. A line break in
//! such a text would make a line of its own in the log, which looks like one of ours; a long text would carry a whole
//! payload into it. Therefore control characters are escaped and the text is cut.

use std::fmt::{self, Write};

/// The most characters of a sender's text.
pub(crate) const SENDER: usize = 200;
/// The most characters of an application's error with its sources.
pub(crate) const APPLICATION: usize = 2000;

/// Writes a value with its control characters escaped, cut after so many characters.
pub(crate) struct LogText<T>(pub(crate) T, pub(crate) usize);

impl<T: fmt::Display> fmt::Display for LogText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = EscapeAndCut {
            out: f,
            left: self.1,
        };
        // The cut ends the writing with an error of its own; an error of the formatter is met again below.
        let written = write!(text, "{}", self.0);
        if written.is_err() && text.left == 0 {
            return f.write_str("..");
        }
        written
    }
}

impl<T: fmt::Display> fmt::Debug for LogText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct EscapeAndCut<'a, 'f> {
    out: &'a mut fmt::Formatter<'f>,
    left: usize,
}

impl Write for EscapeAndCut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            if is_plain(character) {
                self.out.write_char(character)?;
            } else {
                write!(self.out, "{}", character.escape_unicode())?;
            }
        }
        Ok(())
    }
}

/// Control characters end lines or steer terminals; directional ones let a line read as another.
pub(crate) fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_makes_no_line_of_its_own_and_is_cut() {
        assert_eq!(
            LogText("a\nb\u{1b}[0m", 20).to_string(),
            "a\\u{a}b\\u{1b}[0m"
        );
        assert_eq!(LogText("abcdef", 3).to_string(), "abc..");
        assert_eq!(LogText("abc", 3).to_string(), "abc");
        assert_eq!(
            LogText("x".repeat(1 << 20), SENDER).to_string().len(),
            SENDER + 2
        );
        assert_eq!(LogText("\u{202e}", 3).to_string(), "\\u{202e}");
    }
}
