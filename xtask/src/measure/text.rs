//! A source file as numbered lines, without its inline tests.

/// The lines of a file, each with its number, that belong to the library.
pub(super) struct Lines<'a> {
    lines: Vec<(usize, &'a str)>,
}

impl<'a> Lines<'a> {
    /// Leaves out what only tests compile: an item behind `#[cfg(test)]`, up to its closing brace or semicolon.
    pub(super) fn of_library(text: &'a str) -> Self {
        let mut kept = Vec::new();
        let mut lines = (1..).zip(text.lines());
        while let Some((number, line)) = lines.next() {
            if !is_for_tests(line) {
                kept.push((number, line));
                continue;
            }
            let indent = indent(line);
            for (_, line) in lines.by_ref() {
                let is_own = !line.trim().is_empty() && self::indent(line) == indent;
                let is_end = line.ends_with(';') || line.trim_start().starts_with('}');
                if is_own && (is_end || line.ends_with("{}")) {
                    break;
                }
            }
        }
        Lines { lines: kept }
    }

    /// Lines with code.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let lines = self.lines.iter().copied();
        lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with("//"))
    }

    /// How many lines hold a comment only, and no documentation.
    pub(super) fn comments(&self) -> usize {
        let lines = self.lines.iter().map(|(_, line)| line.trim());
        let comments = lines.filter(|line| {
            line.starts_with("//") && !line.starts_with("///") && !line.starts_with("//!")
        });
        comments.count()
    }

    /// Each function with a body: the line where it begins, its name, and its lines from signature to closing brace.
    pub(super) fn functions(&self) -> Vec<(usize, &'a str, usize)> {
        let mut found = Vec::new();
        for (index, (number, line)) in self.lines.iter().enumerate() {
            let Some(name) = function(line) else {
                continue;
            };
            let own = indent(line);
            let mut rest = self.lines[index..].iter();
            let end = rest.find(|(_, line)| indent(line) == own && is_end(line));
            if let Some((end, last)) = end
                && last.trim_start().starts_with('}')
            {
                found.push((*number, name, end - number + 1));
            }
        }
        found
    }
}

/// Whether what follows is compiled for tests only.
pub(super) fn is_for_tests(line: &str) -> bool {
    let line = line.trim();
    line == "#[cfg(test)]" || line.starts_with("#[cfg(all(test,")
}

/// The name of the function that begins on this line.
fn function(line: &str) -> Option<&str> {
    let words = line.trim_start();
    if words.starts_with("//") {
        return None;
    }
    let (before, rest) = words.split_once("fn ")?;
    let modifiers = before.split_whitespace().all(|word| {
        matches!(word, "async" | "const" | "extern" | "unsafe") || word.starts_with("pub")
    });
    let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
    (modifiers && end != Some(0)).then(|| &rest[..end.unwrap_or(rest.len())])
}

/// Whether a function whose indentation this line has ends here: at its brace, or without a body.
fn is_end(line: &str) -> bool {
    let line = line.trim();
    line == "}" || line.ends_with(';') || line.ends_with("{}")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::Lines;

    const TEXT: &str = "\
//! Documentation.

/// Documentation.
pub(crate) async fn long(
    argument: u8,
) -> u8 {
    // A comment.
    let text = \"fn no_function\";
    argument
}

impl T {
    fn short(&self) {}

    fn inner(&self) {
        match self {
            T => {}
        }
    }
}

#[cfg(test)]
mod tests {
    fn not_counted() {
    }
}

const LAST: u8 = 1;
";

    #[test]
    fn functions_run_from_the_signature_to_the_brace() {
        let lines = Lines::of_library(TEXT);
        assert_eq!(lines.functions(), [(4, "long", 7), (15, "inner", 5)]);
    }

    #[test]
    fn tests_comments_and_blank_lines_are_not_code() {
        let lines = Lines::of_library(TEXT);
        assert_eq!((lines.code().count(), lines.comments()), (15, 1));
        assert_eq!(lines.code().last(), Some((28, "const LAST: u8 = 1;")));
    }
}
