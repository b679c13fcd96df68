//! Words that the texts of this project do not use, because a reader stumbles over them.

use std::fs;

use webhooks_tests::workspace;

/// What is not written, and what says it better.
const AVOIDED: [(&str, &str); 15] = [
    ("anybody", "name the role: a caller, another process"),
    ("are no", "are not; `there are no ..` is well said"),
    ("are told", "receive, are notified"),
    ("at once", "immediately, or concurrently"),
    ("beside", "next to, alongside, in addition to"),
    ("everybody", "name the role: every caller, all processes"),
    ("is no", "is not a; `there is no ..` is well said"),
    (
        "is none",
        "is not a valid .., is missing; `there is none` is well said",
    ),
    ("is told", "receives, is notified"),
    ("nobody", "name the role: no caller, no process"),
    ("somebody", "name the role: a caller, another process"),
    (
        "where there is none",
        "by default, the first time, if it is missing: name the thing",
    ),
    ("who ever", "name the role"),
    ("whoever", "name the role: the sender, the application"),
    ("whatever it is", "say what it can be"),
];

#[test]
fn no_text_uses_a_word_that_is_avoided() {
    let own = workspace::root().join("tests/tests/house/english.rs");
    let mut found = Vec::new();
    for path in workspace::files(workspace::root(), &["rs", "md", "sql", "toml"]) {
        let shown = workspace::shown(&path);
        if path == own {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{shown}: {error}"));
        for (number, line) in (1..).zip(text.lines()) {
            for (word, better) in avoided(line) {
                found.push(format!("{shown}:{number}: `{word}`; write {better}"));
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} places\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn a_word_is_found_as_a_word_only() {
    let words = |line| avoided(line).map(|(word, _)| word).collect::<Vec<_>>();
    assert_eq!(
        words("/// Nobody waits, whoever it is."),
        ["nobody", "whoever"]
    );
    assert_eq!(words("It stands beside the page."), ["beside"]);
    assert!(words("Besides, `v1a-beside-v1` and `is_none` are names.").is_empty());
    assert_eq!(words("`x` is no name"), ["is no"]);
    assert_eq!(words("these are no events."), ["are no"]);
    assert_eq!(words("All, where there is none."), ["where there is none"]);
    assert!(words("If there is none, all.").is_empty());
    assert!(words("There are no events, and this is no longer one; it is not.").is_empty());
    // A provider's published secret.
    assert!(words("It's a Secret to Everybody").is_empty());
}

fn avoided(line: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    // A secret that a provider publishes in its documentation.
    let line = line.replace("Secret to Everybody", "").to_lowercase();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let occurs = move |word: &str| {
        line.match_indices(word).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + word.len()..]);
            // "there is none" and "is no longer" are how everyone says it.
            let denies = matches!(word, "are no" | "is no" | "is none");
            if denies && (before.ends_with("there ") || after.starts_with(" longer")) {
                return false;
            }
            !before.ends_with(is_part) && !after.starts_with(is_part)
        })
    };
    AVOIDED.into_iter().filter(move |(word, _)| occurs(word))
}
