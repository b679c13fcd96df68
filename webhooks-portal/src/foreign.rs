//! Text that came from outside: payloads, names, answers of targets. It reaches a page as text and never as markup.

use std::fmt;

use maud::{Markup, PreEscaped, Render};
use serde::Deserialize;

/// The shortest piece of a name after which it may be broken, in bytes.
const SHORTEST: usize = 8;

/// A text from outside, kept as it came; escaped when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Foreign(String);

impl Foreign {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With places where a browser may break it: after marks.
    pub(crate) fn breakable(&self) -> Markup {
        let mut text = String::new();
        let mut line = 0;
        for piece in self.0.split_inclusive(['.', '-', '_', '/', '?', '&']) {
            // Between the marks of `https://` nothing is gained.
            if line >= SHORTEST {
                text.push_str("<wbr>");
                line = 0;
            }
            line += piece.len();
            escape(piece, &mut text);
        }
        PreEscaped(text)
    }
}

impl Render for Foreign {
    fn render_to(&self, buffer: &mut String) {
        escape(&self.0, buffer);
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A borrowed text from outside.
pub(crate) struct ForeignStr<'a>(pub(crate) &'a str);

impl Render for ForeignStr<'_> {
    fn render_to(&self, buffer: &mut String) {
        escape(self.0, buffer);
    }
}

/// As [`ForeignStr`], for text that is collected first.
pub(crate) fn escaped(text: &str) -> PreEscaped<String> {
    let mut buffer = String::with_capacity(text.len());
    escape(text, &mut buffer);
    PreEscaped(buffer)
}

fn escape(text: &str, buffer: &mut String) {
    for character in text.chars() {
        match character {
            '&' => buffer.push_str("&amp;"),
            '<' => buffer.push_str("&lt;"),
            '>' => buffer.push_str("&gt;"),
            '"' => buffer.push_str("&quot;"),
            '\'' => buffer.push_str("&#39;"),
            '\r' => {}
            // HTML forbids the other control characters, also as character references; terminals would obey some of them.
            control if control.is_control() && !matches!(control, '\n' | '\t') => {
                buffer.push('\u{fffd}');
            }
            // Overrides and isolates of direction (UAX #9): a text could show itself, and what follows, in another order.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => {
                buffer.push('\u{fffd}');
            }
            other => buffer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn text_from_outside_opens_no_tag_and_leaves_no_attribute() {
        let text = Foreign::new("<script>\"'&\u{0}\u{1b}[31m\u{202e}\r\n");
        assert_eq!(
            html! { a title=(text) { (text) } }.into_string(),
            "<a title=\"&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}[31m\u{fffd}\n\">\
             &lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}[31m\u{fffd}\n</a>"
        );
    }

    #[test]
    fn a_name_breaks_after_its_marks() {
        let name = Foreign::new("https://a.example/<hook>?b=c");
        assert_eq!(
            name.breakable().into_string(),
            "https://<wbr>a.example/<wbr>&lt;hook&gt;?b=c"
        );
    }
}
