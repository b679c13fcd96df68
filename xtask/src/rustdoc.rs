//! rustdoc's pages, read as a listing of a crate's public API.
//!
//! The pages are the only form in which the stable compiler says what is public: re-exports are followed, macros are
//! expanded, hidden items are left out. Only a few elements of a page are read, by their class.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The public API of the crate whose pages are in this folder, as text: items in the order of their paths.
pub(crate) fn listing(folder: &Path, name: &str) -> Result<String> {
    let all = page(folder, "all.html")?;
    let (_, list) = all
        .split_once("<h1>List of all items")
        .context("all.html lists no items")?;
    let pages: BTreeSet<&str> = between_each(list, "<li><a href=\"", "\"").collect();
    let mut entries: Vec<(String, String)> = Vec::new();
    let mut modules = BTreeSet::from([String::new()]);
    for link in pages {
        let (parents, file) = link
            .rsplit_once('/')
            .map_or(("", link), |(parents, file)| (parents, file));
        // Every folder on the way is a module.
        for (end, _) in format!("{parents}/").match_indices('/') {
            modules.insert(parents[..end].to_owned());
        }
        let mut parts = file.split('.');
        let (kind, item) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let path = path(name, parents, item);
        entries.push((path.clone(), item_entry(kind, &path, &page(folder, link)?)));
    }
    for module in modules {
        let index = page(
            folder,
            format!("{module}/index.html").trim_start_matches('/'),
        )?;
        let path = path(name, &module, "");
        let exports = between_each(&index, "<dt id=\"reexport.", "</dt>");
        let exports = exports.filter_map(|export| between(export, "<code>", "</code>"));
        let exports: BTreeSet<String> = exports.map(|export| one_line(&text(export))).collect();
        let mut lines = vec![format!("mod {path}")];
        lines.extend(exports.iter().map(|export| format!("    {export}")));
        entries.push((path, lines.join("\n") + "\n"));
    }
    entries.sort();
    Ok(entries
        .into_iter()
        .map(|(_, entry)| entry)
        .collect::<Vec<_>>()
        .join("\n"))
}

fn path(name: &str, parents: &str, item: &str) -> String {
    let parts = parents
        .split('/')
        .chain([item])
        .filter(|part| !part.is_empty());
    std::iter::once(name)
        .chain(parts)
        .collect::<Vec<_>>()
        .join("::")
}

fn page(folder: &Path, link: &str) -> Result<String> {
    let path = folder.join(link);
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// An item: its declaration, then its own implementations with what is in them, then the traits it implements.
fn item_entry(kind: &str, path: &str, page: &str) -> String {
    let declaration = between(
        page,
        "<pre class=\"rust item-decl\"><code>",
        "</code></pre>",
    );
    let declaration = declaration
        .map(|html| text(&without_summaries(html)))
        .unwrap_or_default();
    let mut lines = vec![format!("{kind} {path}")];
    let declared = declaration.lines().filter(|line| !line.trim().is_empty());
    lines.extend(declared.map(|line| format!("    {}", line.trim_end())));
    for (header, members) in implementations(section(page, "implementations")) {
        lines.push(format!("    {header}"));
        lines.extend(members.iter().map(|member| format!("        {member}")));
    }
    let traits = implementations(section(page, "trait-implementations"));
    lines.extend(traits.iter().map(|(header, _)| format!("    {header}")));
    lines.join("\n") + "\n"
}

/// What stands under one of a page's headings, up to the next.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let heading = format!("<h2 id=\"{id}\"");
    let Some((_, rest)) = page.split_once(&heading) else {
        return "";
    };
    let rest = rest.split_once("</h2>").map_or(rest, |(_, rest)| rest);
    rest.split("<h2 id=\"").next().unwrap_or("")
}

/// Each `impl` header of a section with the signatures in it, both in alphabetical order: moving a function in its
/// file is not a change of the API.
fn implementations(html: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for part in html.split("<section id=\"").skip(1) {
        let Some(header) = between(part, "class=\"code-header\">", "</h") else {
            continue;
        };
        let signature = one_line(&text(header));
        if part.starts_with("impl-") {
            found.push((signature, Vec::new()));
        } else if let Some((_, members)) = found.last_mut() {
            members.push(without_long_value(signature));
        }
    }
    for (_, members) in &mut found {
        members.sort();
    }
    found.sort();
    found
}

/// A constant's value is part of its page, but a style sheet of 300 lines is not part of the API.
fn without_long_value(signature: String) -> String {
    match signature.split_once(" = ") {
        Some((name, value)) if name.contains("const ") && value.len() > 100 => name.to_owned(),
        _ => signature,
    }
}

/// The words "Show 13 fields" are a button and no code.
fn without_summaries(html: &str) -> String {
    let mut kept = String::new();
    for (index, part) in html.split("<summary").enumerate() {
        let part = if index == 0 {
            part
        } else {
            part.split_once("</summary>").map_or("", |(_, rest)| rest)
        };
        kept.push_str(part);
    }
    kept
}

/// HTML as plain text.
fn text(html: &str) -> String {
    let html = html
        .replace("</div>", "\n")
        .replace("<br>", "\n")
        .replace("<div class=\"where\">", "\n");
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => inside = false,
            // The mark of notable traits.
            'ⓘ' => {}
            _ if inside => {}
            character => text.push(character),
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    text.replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
        .replace('\u{a0}', " ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(begin)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

fn between_each<'a>(text: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(begin)
        .skip(1)
        .filter_map(move |rest| rest.split_once(end).map(|(inner, _)| inner))
}

#[cfg(test)]
mod tests {
    use super::item_entry;

    #[test]
    fn a_page_becomes_declaration_methods_and_traits() {
        let page = "<pre class=\"rust item-decl\"><code>pub enum <a>E</a>&lt;T&gt; {<details><summary>Show 1 variant\
                    </summary>\n    A,\n}</details></code></pre>\
                    <h2 id=\"implementations\" class=\"section-header\">Implementations</h2>\
                    <section id=\"impl-E\" class=\"impl\"><h3 class=\"code-header\">impl E</h3></section>\
                    <section id=\"method.b\"><h4 class=\"code-header\">pub fn <a>b</a>(&amp;self)</h4></section>\
                    <section id=\"method.a\"><h4 class=\"code-header\">pub fn a()<div class=\"where\">where\
                    <br>    T: X,</div></h4></section>\
                    <h2 id=\"trait-implementations\" class=\"section-header\">Trait Implementations</h2>\
                    <section id=\"impl-Clone-for-E\" class=\"impl\"><h3 class=\"code-header\">impl Clone for E</h3>Words about it.</section>\
                    <h2 id=\"blanket-implementations\" class=\"section-header\">Blanket</h2>\
                    <section id=\"impl-Any-for-T\" class=\"impl\"><h3 class=\"code-header\">impl Any for T</h3></section>";
        let expected = "enum c::E\n    pub enum E<T> {\n        A,\n    }\n    impl E\n        pub fn a() where T: X,\n        \
                        pub fn b(&self)\n    impl Clone for E\n";
        assert_eq!(item_entry("enum", "c::E", page), expected);
    }
}
