//! Markdown of a document as HTML: `CommonMark` with tables, without raw HTML, images and unsafe links.
//!
//! Headings are moved below the heading above them and never skip a level, whatever the text does.

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag,
    TagEnd,
};

use super::{html::Html, link};

/// Blocks: paragraphs, lists, tables. `parent` is the level of the heading above the text.
pub(super) fn block(html: &mut Html, text: &str, parent: u8) {
    let mut writer = Writer::new(html, parent, false);
    events(text, |event| writer.event(event));
}

/// One line: what is a block in Markdown runs together.
pub(super) fn inline(html: &mut Html, text: &str) {
    let mut writer = Writer::new(html, 6, true);
    events(text, |event| writer.event(event));
}

/// The first sentence, or the beginning of a long one, without marks: for a list.
pub(super) fn beginning(text: &str, most: usize) -> String {
    let mut plain = String::new();
    let mut is_over = false;
    events(text, |event| match event {
        _ if is_over => {}
        Event::Text(text) | Event::Code(text) => {
            plain.push_str(&text);
            is_over = plain.chars().count() > most;
        }
        Event::SoftBreak | Event::HardBreak => plain.push(' '),
        Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => is_over = true,
        _ => {}
    });
    let sentence = plain
        .split_inclusive(". ")
        .next()
        .unwrap_or_default()
        .trim_end();
    match sentence.char_indices().nth(most) {
        Some((end, _)) => {
            let cut = &sentence[..end];
            let word = cut.rfind(' ').unwrap_or(cut.len());
            format!("{}..", &cut[..word])
        }
        None => sentence.to_owned(),
    }
}

fn events(text: &str, write: impl FnMut(Event<'_>)) {
    // rustdoc's [`Payment`] has a target only in rustdoc: here the code alone is left of it.
    let code_alone = |link: BrokenLink<'_>| {
        link.reference
            .starts_with('`')
            .then(|| (CowStr::from(String::new()), CowStr::from(String::new())))
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    Parser::new_with_broken_link_callback(text, options, Some(code_alone)).for_each(write);
}

struct Writer<'h> {
    html: &'h mut Html,
    parent: u8,
    inline: bool,
    /// The open Markdown heading levels; their number gives the level on the page.
    levels: Vec<HeadingLevel>,
    /// For each open link or image: whether it became an `<a>`.
    anchors: Vec<bool>,
    /// Inside the head row of a table.
    head: bool,
    /// In one line: a block has ended, and a blank is due before further text.
    gap: bool,
}

impl<'h> Writer<'h> {
    fn new(html: &'h mut Html, parent: u8, inline: bool) -> Self {
        Self {
            html,
            parent,
            inline,
            levels: Vec::new(),
            anchors: Vec::new(),
            head: false,
            gap: false,
        }
    }

    fn event(&mut self, event: Event<'_>) {
        if self.gap && !matches!(event, Event::End(_)) {
            self.html.raw(" ");
            self.gap = false;
        }
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.open_link(&dest_url)
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.close_link(),
            Event::Start(Tag::Emphasis) => self.html.raw("<em>"),
            Event::End(TagEnd::Emphasis) => self.html.raw("</em>"),
            Event::Start(Tag::Strong) => self.html.raw("<strong>"),
            Event::End(TagEnd::Strong) => self.html.raw("</strong>"),
            Event::Start(Tag::Strikethrough) => self.html.raw("<del>"),
            Event::End(TagEnd::Strikethrough) => self.html.raw("</del>"),
            Event::Code(code) => self.html.code(&code),
            Event::Start(tag) if !self.inline => self.open(&tag),
            Event::End(tag) if !self.inline => self.close(tag),
            Event::End(_) => {
                self.gap = true;
                &mut *self.html
            }
            Event::SoftBreak => self.html.raw(" "),
            Event::HardBreak => self.html.raw(if self.inline { " " } else { "<br>" }),
            Event::Rule if !self.inline => self.html.raw("<hr>"),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.html.text(&text)
            }
            _ => &mut *self.html,
        };
    }

    fn open(&mut self, tag: &Tag<'_>) -> &mut Html {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.html.raw("<p>"),
            Tag::Heading { level, .. } => {
                self.levels.retain(|open| open < level);
                self.levels.push(*level);
                self.html.raw(self.heading().0)
            }
            Tag::BlockQuote(kind) => {
                self.html.raw("<blockquote>");
                // `> [!NOTE]`, as GitHub writes it.
                match kind {
                    None => self.html,
                    Some(BlockQuoteKind::Note) => self.html.raw("<p><strong>Note</strong></p>"),
                    Some(BlockQuoteKind::Tip) => self.html.raw("<p><strong>Tip</strong></p>"),
                    Some(BlockQuoteKind::Important) => {
                        self.html.raw("<p><strong>Important</strong></p>")
                    }
                    Some(BlockQuoteKind::Warning) => {
                        self.html.raw("<p><strong>Warning</strong></p>")
                    }
                    Some(BlockQuoteKind::Caution) => {
                        self.html.raw("<p><strong>Caution</strong></p>")
                    }
                }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.html.raw("<pre><code>")
            }
            Tag::List(Some(start)) => self
                .html
                .raw("<ol")
                .attribute("start", &start.min(&999_999_999).to_string())
                .raw(">"),
            Tag::List(None) => self.html.raw("<ul>"),
            Tag::Item => self.html.raw("<li>"),
            Tag::Table(_) => self.html.raw("<table>"),
            Tag::TableHead => {
                self.head = true;
                self.html.raw("<thead><tr>")
            }
            Tag::TableRow => self.html.raw("<tr>"),
            Tag::TableCell if self.head => self.html.raw("<th scope=\"col\">"),
            Tag::TableCell => self.html.raw("<td>"),
            _ => &mut *self.html,
        }
    }

    fn close(&mut self, tag: TagEnd) -> &mut Html {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.html.raw("</p>"),
            TagEnd::Heading(_) => self.html.raw(self.heading().1),
            TagEnd::BlockQuote(_) => self.html.raw("</blockquote>"),
            TagEnd::CodeBlock => self.html.raw("</code></pre>"),
            TagEnd::List(true) => self.html.raw("</ol>"),
            TagEnd::List(false) => self.html.raw("</ul>"),
            TagEnd::Item => self.html.raw("</li>"),
            TagEnd::Table => self.html.raw("</tbody></table>"),
            TagEnd::TableHead => {
                self.head = false;
                self.html.raw("</tr></thead><tbody>")
            }
            TagEnd::TableRow => self.html.raw("</tr>"),
            TagEnd::TableCell if self.head => self.html.raw("</th>"),
            TagEnd::TableCell => self.html.raw("</td>"),
            _ => &mut *self.html,
        }
    }

    /// Opening and closing tag of the innermost open heading. Below level 6 it is a bold paragraph.
    fn heading(&self) -> (&'static str, &'static str) {
        match usize::from(self.parent) + self.levels.len() {
            0..=2 => ("<h2>", "</h2>"),
            3 => ("<h3>", "</h3>"),
            4 => ("<h4>", "</h4>"),
            5 => ("<h5>", "</h5>"),
            6 => ("<h6>", "</h6>"),
            _ => ("<p><strong>", "</strong></p>"),
        }
    }

    /// An image becomes a link to it: the page loads nothing from another host.
    fn open_link(&mut self, address: &str) -> &mut Html {
        let address = link::safe(address)
            .filter(|address| link::leads_somewhere(address))
            .filter(|_| !self.anchors.contains(&true));
        self.anchors.push(address.is_some());
        match address {
            Some(address) => self.html.raw("<a").attribute("href", &address).raw(">"),
            None => &mut *self.html,
        }
    }

    fn close_link(&mut self) -> &mut Html {
        let closing = if self.anchors.pop() == Some(true) {
            "</a>"
        } else {
            ""
        };
        self.html.raw(closing)
    }
}

#[cfg(test)]
mod tests {
    use super::{Html, beginning, block, inline};

    fn blocks(text: &str) -> String {
        let mut html = Html::default();
        block(&mut html, text, 1);
        html.into_string()
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        let html = blocks("a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n\n<!-- c -->");
        assert!(
            !html.contains("<b") && !html.contains("<script") && !html.contains("<!--"),
            "{html}"
        );
        assert!(
            html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{html}"
        );
    }

    #[test]
    fn unsafe_links_keep_their_text_alone() {
        for target in [
            "javascript:alert(1)",
            "&#106;avascript:alert(1)",
            "javascript&colon;alert(1)",
            "java&#9;script:x",
            "<data:text/html,x>",
        ] {
            assert_eq!(blocks(&format!("[x]({target})")), "<p>x</p>", "{target}");
        }
        assert!(!blocks("<javascript:alert(1)>").contains("<a"));
        assert!(!blocks("[x]\n\n[x]: javascript:alert(1)").contains("<a"));
    }

    #[test]
    fn an_image_becomes_a_link_with_its_alternative_text() {
        assert_eq!(
            blocks("![logo](https://a.test/l.png)"),
            "<p><a href=\"https://a.test/l.png\">logo</a></p>"
        );
        assert_eq!(
            blocks("[![logo](https://a.test/l.png)](/b)"),
            "<p><a href=\"/b\">logo</a></p>"
        );
    }

    #[test]
    fn headings_continue_the_page_without_skipping() {
        assert_eq!(
            blocks("### a\n# b\n#### c\n###### d\n## e"),
            "<h2>a</h2><h2>b</h2><h3>c</h3><h4>d</h4><h3>e</h3>"
        );
    }

    #[test]
    fn tables_have_header_cells() {
        let html = blocks("| a | b |\n| --- | --: |\n| 1 | 2 |");
        assert!(
            html.contains("<thead><tr><th scope=\"col\">a</th>"),
            "{html}"
        );
        assert!(
            html.ends_with("<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"),
            "{html}"
        );
    }

    #[test]
    fn a_rustdoc_link_leaves_its_code_and_other_brackets_stay() {
        assert_eq!(
            blocks("see [`Payment`], items[0]"),
            "<p>see <code>Payment</code>, items[0]</p>"
        );
    }

    #[test]
    fn a_note_is_marked_in_words() {
        assert_eq!(
            blocks("> [!NOTE]\n> Read this."),
            "<blockquote><p><strong>Note</strong></p><p>Read this.</p></blockquote>"
        );
    }

    #[test]
    fn a_link_to_a_section_that_no_page_has_leaves_its_text() {
        assert_eq!(blocks("see [push](#push)"), "<p>see push</p>");
        assert!(blocks("see [push](#event-push)").contains("href"));
    }

    #[test]
    fn a_list_shows_the_first_sentence_without_marks() {
        assert_eq!(
            beginning("Sent for *a* `b`. And more.", 40),
            "Sent for a b."
        );
        assert_eq!(
            beginning("see [the guide](https://a.test)\n\nMore", 40),
            "see the guide"
        );
        assert_eq!(beginning("one two three four", 9), "one two..");
    }

    #[test]
    fn one_line_has_no_blocks() {
        let mut html = Html::default();
        inline(&mut html, "# a\n\n- `b`\n- c");
        assert_eq!(
            html.into_string().split_whitespace().collect::<String>(),
            "a<code>b</code>c"
        );
    }
}
