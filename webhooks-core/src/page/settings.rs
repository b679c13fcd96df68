//! What the page needs to know in addition to the document.

/// What the page needs to know in addition to the document. Addresses are relative to the page, so that it can be
/// nested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Instead of the document's own title.
    pub title: Option<String>,
    /// Where the document is served as JSON.
    pub json_url: String,
    /// Where it is served as YAML, if it is.
    pub yaml_url: Option<String>,
    /// Where [`STYLE`](Self::STYLE) is served.
    pub style_url: String,
    /// Where [`SCRIPT`](Self::SCRIPT) is served, if it is.
    pub script_url: Option<String>,
    /// Further links at the top of the page, each with its text: to Swagger UI, for example.
    pub links: Vec<(String, String)>,
}

impl Page {
    /// The style sheet, to be served at [`style_url`](Self::style_url) as `text/css`.
    pub const STYLE: &str = concat!(
        include_str!("../web/assets/tokens.css"),
        include_str!("../web/assets/elements.css"),
        include_str!("assets/page.css")
    );

    /// A filter over the webhooks and buttons that copy code, to be served at [`script_url`](Self::script_url) as `text/javascript`. The page is
    /// complete without it.
    pub const SCRIPT: &str = include_str!("assets/page.js");
}

impl Default for Page {
    fn default() -> Self {
        Self {
            title: None,
            json_url: "openapi.json".to_owned(),
            yaml_url: None,
            style_url: "docs.css".to_owned(),
            script_url: None,
            links: Vec::new(),
        }
    }
}
