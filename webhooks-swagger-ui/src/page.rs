//! The page: four links, all relative, and no script of its own.

use webhooks_core::web::relative_path;

use crate::asset::VERSION;

/// What the page may do: run and style itself from its own host, show the images inside its style sheet, and read the
/// document. Measured with Swagger UI 5.35: it renders everything, without one violation.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                                 font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                                 frame-ancestors 'none'";

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
        let link = |to: &str| escape(&relative_path(self.path, to));
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
