//! Names: those at a crate's root, those that are participles, and columns that have none.

use super::text::Lines;

/// Participles that do not end in `ed`.
const IRREGULAR: [&str; 24] = [
    "Begun", "Born", "Bound", "Built", "Done", "Found", "Given", "Gone", "Held", "Hidden", "Kept",
    "Known", "Lost", "Made", "Put", "Ran", "Seen", "Sent", "Shown", "Spent", "Taken", "Told",
    "Won", "Written",
];

/// Nouns and adjectives that end in `ed` and are not participles.
const NOUNS: [&str; 6] = ["Bed", "Embed", "Feed", "Need", "Seed", "Speed"];

/// The name of a type that this line declares, if it is a participle and nothing else.
pub(super) fn participle_type(line: &str) -> Option<&str> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.starts_with("pub"));
    let kind = words.next()?;
    if !matches!(kind, "struct" | "enum" | "trait" | "type") {
        return None;
    }
    let name = words.next()?;
    let end = name.find(|character: char| !character.is_alphanumeric());
    let name = &name[..end.unwrap_or(name.len())];
    let is_one_word = name
        .chars()
        .filter(|character| character.is_uppercase())
        .count()
        == 1
        && name.starts_with(char::is_uppercase);
    let is_participle =
        (name.ends_with("ed") && !NOUNS.contains(&name)) || IRREGULAR.contains(&name);
    (is_one_word && is_participle).then_some(name)
}

/// Whether a column is read by its number.
pub(super) fn is_positional_read(line: &str) -> bool {
    line.match_indices("row.").any(|(at, _)| {
        let rest = &line[at + "row.".len()..];
        let method = rest.find('(').map(|end| (&rest[..end], &rest[end + 1..]));
        method.is_some_and(|(name, argument)| {
            let is_name = name
                .chars()
                .all(|character| character.is_alphanumeric() || "_:<>".contains(character));
            is_name && argument.starts_with(|character: char| character.is_ascii_digit())
        })
    })
}

/// What a user finds at the root: modules, items and re-exports that are public and not hidden.
pub(super) fn at_root(lines: &Lines<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut hidden = false;
    let mut code = lines.code().map(|(_, line)| line);
    while let Some(line) = code.next() {
        if line == "#[doc(hidden)]" {
            hidden = true;
        } else if let Some(rest) = line.strip_prefix("pub use ") {
            let mut path = rest.to_owned();
            while !path.ends_with(';') {
                path.push_str(code.next().unwrap_or(";").trim());
            }
            if !hidden {
                names.extend(leaves(path.trim_end_matches(';')));
            }
            hidden = false;
        } else if let Some(rest) = line.strip_prefix("pub ") {
            let mut words =
                rest.split(|character: char| !character.is_alphanumeric() && character != '_');
            let kinds = [
                "mod", "fn", "struct", "enum", "trait", "type", "const", "static",
            ];
            let item = words
                .find(|word| kinds.contains(word))
                .and_then(|_| words.next());
            names.extend(item.filter(|_| !hidden).map(str::to_owned));
            hidden = false;
        } else if !line.starts_with("#[") && !line.starts_with(' ') {
            hidden = false;
        }
    }
    names
}

/// The names that a `use` path ends in.
fn leaves(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else {
        let last = path.rsplit("::").next().unwrap_or(path);
        let last = last.rsplit(" as ").next().unwrap_or(last);
        return vec![last.trim().to_owned()];
    };
    // The prefix of a nested group ends in `::` and is not a name.
    let parts = rest.split([',', '{', '}']).map(str::trim);
    let names = parts.filter(|name| !name.is_empty() && !name.ends_with("::"));
    names
        .flat_map(|name| {
            leaves(if name == "self" {
                before.trim_end_matches("::")
            } else {
                name
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{at_root, is_positional_read, participle_type};
    use crate::measure::text::Lines;

    #[test]
    fn a_type_that_is_a_participle_alone_is_found() {
        assert_eq!(participle_type("pub(crate) struct Held<D> {"), Some("Held"));
        assert_eq!(participle_type("enum Finished {"), Some("Finished"));
        assert_eq!(participle_type("type Loaded = ();"), Some("Loaded"));
        assert_eq!(participle_type("pub struct StoredMessage {"), None);
        assert_eq!(participle_type("struct Seed(u64);"), None);
        assert_eq!(participle_type("    // a struct Held is"), None);
    }

    #[test]
    fn a_column_read_by_number_is_found() {
        assert!(is_positional_read("let id = row.int(0)?;"));
        assert!(is_positional_read("row.try_get::<i64>(3)"));
        assert!(!is_positional_read("row.int(\"id\")?"));
        assert!(!is_positional_read("row.columns()"));
    }

    #[test]
    fn the_names_at_the_root_are_those_that_a_user_sees() {
        let text = "\
mod a;
pub mod b;
#[doc(hidden)]
pub mod private;
pub use a::{
    First, Second,
};
pub use c::Third as Fourth;
pub use d;
#[doc(hidden)]
pub use e::Fifth;
pub(crate) use f::Sixth;
";
        let names = at_root(&Lines::of_library(text));
        assert_eq!(names, ["b", "First", "Second", "Fourth", "d"]);
    }
}
