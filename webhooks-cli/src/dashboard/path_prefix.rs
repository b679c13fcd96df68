//! The path under which a proxy shows the pages.

use std::str::FromStr;

use axum::extract::Request;
use http::Uri;
use http::uri::PathAndQuery;

/// A path such as `/ops/webhooks`, without the slash at its end. The empty one is the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PathPrefix(String);

impl PathPrefix {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The request without the prefix. A proxy that has cut it off already is right as well.
    pub(super) fn cut(&self, mut request: Request) -> Request {
        if let Some(uri) = self.cut_from(request.uri()) {
            *request.uri_mut() = uri;
        }
        request
    }

    fn cut_from(&self, uri: &Uri) -> Option<Uri> {
        let rest = uri.path_and_query()?.as_str().strip_prefix(&self.0)?;
        let rest = match rest.chars().next() {
            Some('/') => rest.to_owned(),
            None | Some('?') => format!("/{rest}"),
            // Another path that begins alike.
            Some(_) => return None,
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(rest).ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl FromStr for PathPrefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~/".contains(letter);
        let is_path = text.is_empty() || text.starts_with('/') && !text.contains("//");
        if is_path && text.chars().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err("write a path, as in `/ops/webhooks`".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_cut_off_where_it_is() {
        let prefix: PathPrefix = "/ops/hooks/".parse().expect("a path");
        let cut = |path: &'static str| {
            let uri = prefix.cut_from(&Uri::from_static(path));
            uri.map_or_else(|| path.to_owned(), |uri| uri.to_string())
        };
        assert_eq!(cut("/ops/hooks/overview?q=1"), "/overview?q=1");
        assert_eq!(cut("/ops/hooks"), "/");
        assert_eq!(cut("/ops/hooks?q=1"), "/?q=1");
        assert_eq!(cut("/overview"), "/overview", "a proxy has cut it off");
        assert_eq!(cut("/ops/hooks2/x"), "/ops/hooks2/x");
    }

    #[test]
    fn a_prefix_is_a_path() {
        for bad in ["ops", "https://x/ops", "/a b", "//evil.test", "/a?b"] {
            assert!(bad.parse::<PathPrefix>().is_err(), "{bad}");
        }
        assert_eq!("/".parse(), Ok(PathPrefix::default()));
    }
}
