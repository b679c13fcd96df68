//! Text for people: colours where they are wanted, and nothing of a document that could steer a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// Names of events and rules.
pub(crate) const STRONG: Style = Style::new().bold();
/// What needs attention first.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What may need attention.
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
/// What is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Places and reasons.
pub(crate) const QUIET: Style = Style::new().dimmed();

/// Standard output, with colours as chosen: by default on a terminal, unless `NO_COLOR` or `CLICOLOR=0` is set.
pub(crate) fn output(choice: ColorChoice) -> AutoStream<io::StdoutLock<'static>> {
    AutoStream::new(io::stdout().lock(), choice)
}

/// Whether writing failed only because the reader has gone, as `head` does.
pub(crate) fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// Text in a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Text from a document on one line: control characters, and those that change the direction of writing, are shown
/// as escapes.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => shown.push(' '),
            // Writing to a string cannot fail.
            letter if is_hidden(letter) => drop(write!(shown, "\\u{{{:x}}}", u32::from(letter))),
            letter => shown.push(letter),
        }
    }
    Cow::Owned(shown)
}

fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Rows under headings, each column as wide as its longest cell; the last column is as long as it is.
pub(crate) fn table(
    output: &mut impl Write,
    headings: &[&str],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .chain([headings[column].len()])
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    write_row(output, &headings, &widths, QUIET)?;
    for row in rows {
        write_row(output, row, &widths, STRONG)?;
    }
    Ok(())
}

/// The first cell carries the style.
fn write_row(
    output: &mut impl Write,
    row: &[String],
    widths: &[usize],
    style: Style,
) -> io::Result<()> {
    let cells = row.iter().enumerate().map(|(index, cell)| {
        let padding = " ".repeat(widths[index].saturating_sub(cell.chars().count()));
        if index == 0 {
            styled(style, cell) + &padding
        } else {
            cell.clone() + &padding
        }
    });
    writeln!(
        output,
        "{}",
        cells.collect::<Vec<_>>().join("  ").trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_cannot_steer_the_terminal() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\\u{1b}[2Jb\\u{202e}c d"
        );
        assert!(matches!(visible("Zahlung für alle"), Cow::Borrowed(_)));
    }

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let mut text = Vec::new();
        let rows = [
            vec!["ä".to_owned(), "x".to_owned()],
            vec!["long".to_owned(), String::new()],
        ];
        table(&mut AutoStream::never(&mut text), &["A", "B"], &rows).expect("a buffer");
        assert_eq!(
            String::from_utf8(text).expect("UTF-8"),
            "A     B\nä     x\nlong\n"
        );
    }
}
