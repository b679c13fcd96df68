//! Where things are: on one page, or on an index with a page for each webhook.

use std::collections::HashSet;
use std::fmt::Write;

use super::{link, page_index::PageIndex};

/// How a document is laid out, seen from the page that is written.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "axum"),
    expect(dead_code, reason = "a router alone has a page for each webhook")
)]
pub(super) enum Layout<'p> {
    /// Everything is on one page.
    OnePage,
    /// This is the index. The addresses of the webhooks' pages begin with this.
    Index(&'p str),
    /// This is the page of one webhook; the others are next to it, and the index is at this address.
    Webhook(&'p str, &'p str),
}

/// The addresses of sections, relative to the page that is written.
pub(super) struct Addresses<'p> {
    layout: Layout<'p>,
    names: HashSet<&'p str>,
}

impl<'p> Addresses<'p> {
    pub(super) fn new(layout: Layout<'p>, index: &PageIndex<'p>) -> Self {
        Self {
            layout,
            names: index.webhooks.iter().map(|webhook| webhook.name).collect(),
        }
    }

    /// The webhook's section or page, if there is a webhook of this name.
    pub(super) fn event(&self, name: &str) -> Option<String> {
        self.names.contains(name).then(|| match self.layout {
            Layout::Index(webhooks) => format!("{webhooks}{}", segment(name)),
            Layout::Webhook(own, _) if own != name => segment(name),
            Layout::OnePage | Layout::Webhook(..) => format!("#{}", link::anchor("event", name)),
        })
    }

    /// A section that all webhooks share.
    pub(super) fn section(&self, id: &str) -> String {
        match self.layout {
            Layout::OnePage | Layout::Index(_) => format!("#{id}"),
            Layout::Webhook(_, index) => format!("{index}#{id}"),
        }
    }

    /// The index, seen from the page of a webhook.
    pub(super) fn index(&self) -> Option<&'p str> {
        match self.layout {
            Layout::Webhook(_, index) => Some(index),
            _ => None,
        }
    }

    /// Whether webhooks have pages of their own, so that this one only lists them.
    pub(super) fn is_index(&self) -> bool {
        matches!(self.layout, Layout::Index(_))
    }

    /// The webhook whose page this is.
    pub(super) fn own_webhook(&self) -> Option<&'p str> {
        match self.layout {
            Layout::Webhook(own, _) => Some(own),
            _ => None,
        }
    }
}

/// A name as one segment of a path (RFC 3986, section 3.3): everything but unreserved characters is encoded, also `/` and
/// `:`, so that a relative link cannot lead elsewhere.
pub(super) fn segment(name: &str) -> String {
    let mut segment = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resolver::Resolver, Addresses, Layout, PageIndex};

    #[test]
    fn a_webhook_is_addressed_from_each_kind_of_page() {
        let root = json!({"webhooks": {"a/b": {}, "c": {}}});
        let index = PageIndex::read(Resolver::new(&root));
        let at = |layout| Addresses::new(layout, &index);
        assert_eq!(
            at(Layout::OnePage).event("a/b").as_deref(),
            Some("#event-a~2fb")
        );
        let listed = at(Layout::Index("docs/webhooks/"));
        assert_eq!(listed.event("a/b").as_deref(), Some("docs/webhooks/a%2Fb"));
        let own = at(Layout::Webhook("c", "../../docs"));
        assert_eq!(own.event("a/b").as_deref(), Some("a%2Fb"));
        assert_eq!(own.event("c").as_deref(), Some("#event-c"));
        assert_eq!(own.section("verify"), "../../docs#verify");
        assert_eq!(own.event("d"), None);
    }
}
