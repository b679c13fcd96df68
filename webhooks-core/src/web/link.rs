//! Links from one path of a router to another.

/// The way from one path of a router to another, as a relative link: it survives nesting under a prefix, and a proxy that
/// removes one.
///
/// ```
/// use webhooks_core::web::relative_path;
///
/// assert_eq!(relative_path("/docs", "/openapi.json"), "openapi.json");
/// assert_eq!(relative_path("/help/docs", "/openapi.json"), "../openapi.json");
/// ```
pub fn relative_path(from: &str, to: &str) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.split('/').collect(), to.split('/').collect());
    // The last part of a path is the page itself, not a folder that is shared.
    let folders = from.len().min(to.len()) - 1;
    let shared = (0..folders).take_while(|&i| from[i] == to[i]).count();
    let way = "../".repeat(from.len() - 1 - shared) + &to[shared..].join("/");
    // RFC 3986, section 4.2: a first part with a colon would read as a scheme, an empty one as the page itself or a host.
    let first = way.split('/').next().unwrap_or_default();
    if first.is_empty() || first.contains(':') {
        format!("./{way}")
    } else {
        way
    }
}

#[cfg(test)]
mod tests {
    use super::relative_path;

    #[test]
    fn links_are_relative_to_the_folder_of_the_page() {
        for (from, to, link) in [
            ("/docs", "/openapi.json", "openapi.json"),
            ("/a/docs", "/a/openapi.json", "openapi.json"),
            ("/a/docs", "/openapi.json", "../openapi.json"),
            ("/docs", "/a/b/openapi.json", "a/b/openapi.json"),
            ("/a/docs", "/b/openapi.json", "../b/openapi.json"),
            ("/docs/webhooks/paid", "/docs", "../../docs"),
        ] {
            assert_eq!(relative_path(from, to), link);
        }
    }

    #[test]
    fn a_link_never_reads_as_a_scheme_or_a_host() {
        assert_eq!(relative_path("/docs", "/a:b/c"), "./a:b/c");
        assert_eq!(relative_path("/docs", "/"), "./");
        assert_eq!(
            relative_path("/docs", "//elsewhere.test"),
            ".//elsewhere.test"
        );
    }
}
