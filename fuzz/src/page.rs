//! The documentation page of any document: it is made, and its length is bounded by that of the document.

use webhooks_core::{OpenApi, Page};

/// Returns whether the text is a document.
pub fn check(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let Ok(document) = OpenApi::new("Fuzz", "1.0.0").merge_json(text).build() else {
        return false;
    };
    let html = document.to_html(&Page::default());
    let most = 100_000 + 400 * text.len();
    assert!(html.len() < most, "{} bytes of {}", html.len(), text.len());
    let lower = html.to_ascii_lowercase();
    for forbidden in ["<script>", "<img", "<iframe", "href=\"javascript:"] {
        assert!(
            !lower.contains(forbidden),
            "{forbidden} in the page of {text}"
        );
    }
    true
}
