//! The only way to produce HTML on this page: markup is a literal of this crate, everything else is escaped.
//!
//! [`Html::raw`] takes `&'static str`, so that no text of a document can reach the page as markup by mistake.

/// A piece of HTML under construction.
#[derive(Default)]
pub(super) struct Html {
    buffer: String,
}

impl Html {
    /// Markup written in this crate.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.buffer.push_str(markup);
        self
    }

    /// Text between tags. Quotes stay as they are, because they mean nothing there.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            match character {
                '"' => self.buffer.push('"'),
                other => self.escaped(other),
            }
        }
        self
    }

    /// ` name="value"`, inside a tag.
    pub(super) fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"");
        for character in value.chars() {
            self.escaped(character);
        }
        self.raw("\"")
    }

    /// `<code>text</code>`.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.raw("<code>").text(text).raw("</code>")
    }

    /// Finished HTML of another writer.
    pub(super) fn append(&mut self, other: &Self) -> &mut Self {
        self.buffer.push_str(&other.buffer);
        self
    }

    /// A name that breaks at its dots, dashes and slashes where a line is too short, and nowhere else.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        let pieces = name.split_inclusive(['.', '-', '_', '/', ':']);
        for (place, piece) in pieces.enumerate() {
            self.raw(if place > 0 { "<wbr>" } else { "" }).text(piece);
        }
        self
    }

    /// The bytes written so far.
    pub(super) fn len(&self) -> usize {
        self.buffer.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    pub(super) fn into_string(self) -> String {
        self.buffer
    }

    fn escaped(&mut self, character: char) {
        match character {
            '&' => self.buffer.push_str("&amp;"),
            '<' => self.buffer.push_str("&lt;"),
            '>' => self.buffer.push_str("&gt;"),
            '"' => self.buffer.push_str("&quot;"),
            '\r' => {}
            // HTML forbids the other control characters, also as character references.
            control if control.is_control() && !matches!(control, '\n' | '\t') => {
                self.buffer.push('\u{fffd}');
            }
            // Overrides and isolates of direction (UAX #9): a text could show itself, and what follows, in another order.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.buffer.push('\u{fffd}'),
            other => self.buffer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_cannot_open_a_tag() {
        let mut html = Html::default();
        html.text("<script>&\"'\u{0}\r\n");
        assert_eq!(html.into_string(), "&lt;script&gt;&amp;\"'\u{fffd}\n");
    }

    #[test]
    fn text_cannot_turn_its_direction_around() {
        let mut html = Html::default();
        html.text("a\u{202e}b\u{2066}c");
        assert_eq!(html.into_string(), "a\u{fffd}b\u{fffd}c");
    }

    #[test]
    fn a_name_breaks_at_its_marks_alone() {
        let mut html = Html::default();
        html.name("payment.card-declined");
        assert_eq!(html.into_string(), "payment.<wbr>card-<wbr>declined");
    }

    #[test]
    fn an_attribute_cannot_be_left() {
        let mut html = Html::default();
        html.raw("<a")
            .attribute("href", "\"><img onerror=x>")
            .raw(">");
        assert_eq!(
            html.into_string(),
            "<a href=\"&quot;&gt;&lt;img onerror=x&gt;\">"
        );
    }
}
