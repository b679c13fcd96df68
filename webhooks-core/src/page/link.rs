//! Addresses on the page: which targets a document may link to, and the ids of the page's own sections.
//!
//! Targets pass by an allow list of schemes, because a list of bad ones is never complete.

use std::fmt::Write;

use super::html::Html;

/// The address as it may be written into `href`, or `None` where it could do more than open a page.
///
/// Control characters and blanks are removed first, because a browser ignores them inside a scheme.
pub(super) fn safe(address: &str) -> Option<String> {
    let address: String = address
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    let scheme = address
        .split_once(':')
        .map(|(scheme, _)| scheme)
        .filter(|s| !s.contains(['/', '?', '#']));
    let allowed = scheme.is_none_or(|scheme| {
        ["http", "https", "mailto"]
            .iter()
            .any(|allowed| scheme.eq_ignore_ascii_case(allowed))
    });
    (allowed && !address.is_empty()).then_some(address)
}

/// Whether an address can have a target: a section of the page it is on must be one that a page can have. GitHub's
/// document says `#push`, which is a section of another site.
pub(super) fn leads_somewhere(address: &str) -> bool {
    const SECTIONS: [&str; 10] = [
        "delivery", "event-", "route-", "routes", "sample", "start", "tag-", "top", "type",
        "verify",
    ];
    let fragment = address.strip_prefix('#');
    fragment.is_none_or(|id| SECTIONS.iter().any(|section| id.starts_with(section)))
}

/// A link where the address is safe, else the bare label.
pub(super) fn write(html: &mut Html, address: &str, label: &str) {
    match safe(address) {
        Some(address) => html
            .raw("<a")
            .attribute("href", &address)
            .raw(">")
            .text(label)
            .raw("</a>"),
        None => html.text(label),
    };
}

/// The id of a section: the same name always gives the same id, and two names never share one.
///
/// Bytes outside letters, digits, `.`, `_` and `-` are written as `~` and two hexadecimal digits.
pub(super) fn anchor(kind: &str, name: &str) -> String {
    let mut id = format!("{kind}-");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            id.push(char::from(byte));
        } else {
            let _ = write!(id, "~{byte:02x}");
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::{anchor, safe};

    #[test]
    fn scripts_and_data_are_no_link_targets() {
        for address in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\tscript\u{a0}:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:x",
            "",
        ] {
            assert_eq!(safe(address), None, "{address:?}");
        }
    }

    #[test]
    fn web_mail_and_relative_addresses_are_link_targets() {
        for address in [
            "https://a.test/b?c:d#e",
            "HTTP://a.test",
            "mailto:a@b.test",
            "guide",
            "./a:b",
            "#x",
        ] {
            assert_eq!(safe(address).as_deref(), Some(address));
        }
    }

    #[test]
    fn two_names_never_share_an_anchor() {
        assert_eq!(anchor("event", "invoice.paid"), "event-invoice.paid");
        assert_eq!(anchor("event", "\"> <"), "event-~22~3e~20~3c");
        assert_ne!(anchor("event", "a b"), anchor("event", "a~20b"));
    }
}
