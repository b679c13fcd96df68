//! The page: four links, all relative, and no script of its own.

use crate::asset::VERSION;

/// The script that starts Swagger UI on the document that the page names.
pub(crate) const START: &str = include_str!("start.js");

/// The page and the paths of what it loads.
pub(crate) struct Page<'a> {
    path: &'a str,
    document: &'a str,
    title: &'a str,
}

impl<'a> Page<'a> {
    pub(crate) fn new(path: &'a str, document: &'a str, title: &'a str) -> Self {
        Self {
            path,
            document,
            title,
        }
    }

    pub(crate) fn bundle_path(&self) -> String {
        self.below(&format!("{VERSION}/swagger-ui-bundle.js"))
    }

    pub(crate) fn style_path(&self) -> String {
        self.below(&format!("{VERSION}/swagger-ui.css"))
    }

    pub(crate) fn start_path(&self) -> String {
        self.below("start.js")
    }

    pub(crate) fn html(&self) -> String {
        let link = |to: &str| escape(&relative(self.path, to));
        format!(
            include_str!("page.html"),
            title = escape(self.title),
            document = link(self.document),
            bundle = link(&self.bundle_path()),
            style = link(&self.style_path()),
            start = link(&self.start_path()),
        )
    }

    fn below(&self, name: &str) -> String {
        format!("{}/{name}", self.path.trim_end_matches('/'))
    }
}

/// The way from one path of the router to another, for a link that survives nesting under a prefix.
fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.split('/').collect(), to.split('/').collect());
    // The last part of a path is the page itself, not a folder that is shared.
    let folders = from.len().min(to.len()) - 1;
    let shared = (0..folders).take_while(|&i| from[i] == to[i]).count();
    let way = "../".repeat(from.len() - 1 - shared) + &to[shared..].join("/");
    // A first part with a colon would read as a scheme, an empty one as the page itself or a host.
    let first = way.split('/').next().unwrap_or_default();
    if first.is_empty() || first.contains(':') {
        format!("./{way}")
    } else {
        way
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_to_the_folder_of_the_page() {
        assert_eq!(relative("/swagger", "/openapi.json"), "openapi.json");
        assert_eq!(relative("/swagger/", "/openapi.json"), "../openapi.json");
        assert_eq!(
            relative("/a/swagger", "/b/openapi.json"),
            "../b/openapi.json"
        );
        assert_eq!(relative("/", "/5/x.js"), "5/x.js");
    }

    #[test]
    fn no_link_can_be_read_as_another_host() {
        assert_eq!(
            relative("/swagger", "//example.com/x.json"),
            ".//example.com/x.json"
        );
        assert_eq!(
            relative("/swagger", "/javascript:alert(1)"),
            "./javascript:alert(1)"
        );
    }

    #[test]
    fn text_is_escaped_and_placeholders_in_it_stay_text() {
        let html = Page::new("/swagger", "/a\"b.json", "<b>{document} & more</b>").html();
        assert!(
            html.contains("<title>&lt;b&gt;{document} &amp; more&lt;/b&gt;</title>"),
            "{html}"
        );
        assert!(html.contains(r#"data-document="a&quot;b.json""#), "{html}");
    }

    #[test]
    fn the_page_has_no_script_or_style_of_its_own() {
        let html = Page::new("/swagger", "/openapi.json", "T").html();
        assert!(
            !html.contains("<style") && !html.contains("style=\"") && !html.contains("<script>"),
            "{html}"
        );
    }
}
