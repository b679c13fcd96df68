//! Reads the page the way a browser would, strictly: what this refuses could be more than text.

use std::collections::HashSet;

const VOID: [&str; 6] = ["meta", "link", "br", "hr", "wbr", "!doctype"];
const KNOWN: [&str; 57] = [
    "html",
    "head",
    "title",
    "body",
    "script",
    "nav",
    "main",
    "header",
    "section",
    "article",
    "details",
    "summary",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "span",
    "a",
    "b",
    "i",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "blockquote",
    "meta",
    "link",
    "br",
    "hr",
    "wbr",
    "!doctype",
    "label",
    "input",
    "sub",
    "sup",
    "mark",
    "small",
];
const ATTRIBUTES: [&str; 18] = [
    "aria-current",
    "id",
    "class",
    "href",
    "lang",
    "charset",
    "name",
    "content",
    "rel",
    "src",
    "defer",
    "tabindex",
    "aria-label",
    "aria-labelledby",
    "scope",
    "colspan",
    "start",
    "open",
];

/// Panics unless tags balance, only known tags and attributes occur, ids are unique, links inside the page
/// have targets, and headings skip no level.
pub(super) fn check(html: &str) {
    let (mut open, mut ids, mut targets) = (Vec::new(), HashSet::new(), Vec::new());
    let mut heading = 0;
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece
            .split_once('>')
            .unwrap_or_else(|| panic!("a tag without an end: {piece}"));
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(
                open.pop(),
                Some(name),
                "closed in the wrong order near {piece}"
            );
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        assert!(KNOWN.contains(&name), "unexpected tag {name}");
        if let Some(level) = name
            .strip_prefix('h')
            .and_then(|level| level.parse::<u32>().ok())
        {
            assert!(level <= heading + 1, "h{level} after h{heading}: {piece}");
            heading = level;
        }
        for (attribute, value) in attributes(tag) {
            assert!(
                ATTRIBUTES.contains(&attribute) || name == "!doctype",
                "unexpected attribute {attribute}"
            );
            match attribute {
                "id" => assert!(ids.insert(value.to_owned()), "id {value} twice"),
                "href" if value.starts_with('#') => targets.push(value[1..].to_owned()),
                "aria-labelledby" => targets.push(value.to_owned()),
                "src" => assert_eq!((name, value), ("script", "docs.js")),
                _ => {}
            }
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    // An author's own `#target` in a text may lead nowhere; those of the page may not.
    for target in targets.iter().filter(|target| target.contains('-')) {
        assert!(ids.contains(target), "no section {target}");
    }
}

/// The text without tags, blanks joined.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        let (tag, rest) = piece.split_once('>').unwrap_or(("", piece));
        let joins = ["i", "/i", "wbr", "code", "/code", "b", "/b", ""].contains(&tag);
        text.push_str(if joins { "" } else { " " });
        text.push_str(rest);
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let quoted = tail
            .strip_prefix("=\"")
            .map(|value| value.split_once('"').expect("attributes are quoted"));
        let (value, tail) = quoted.unwrap_or(("", tail));
        attributes.push((name, value));
        rest = tail.trim_start();
    }
    attributes
}
