//! Ways from a page to the portal's root. They are relative, as far as the address that the browser shows can be known: so
//! they hold below every prefix, and behind a proxy that cuts one off.

use axum::extract::OriginalUri;
use http::request::Parts;

/// The way to the portal's root from its own address, with or without a slash at its end.
///
/// Without one, a relative way has to name the last part. Where a proxy has cut everything off, there is no last part, and
/// whether the browser's address ends with a slash is not to be seen either: then the prefix that the proxy tells is the way.
pub(crate) fn way_in(parts: &Parts) -> String {
    let original = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |OriginalUri(uri)| uri);
    let path = original.path();
    match path.rsplit('/').next().unwrap_or_default() {
        "" if path == "/" => cut_off(parts).unwrap_or_else(|| "./".to_owned()),
        "" => "./".to_owned(),
        last => format!("./{last}/"),
    }
}

/// The prefix that a proxy has cut off. It comes from outside: what could lead to another host is left out.
fn cut_off(parts: &Parts) -> Option<String> {
    let prefix = parts.headers.get("x-forwarded-prefix")?.to_str().ok()?;
    let prefix = prefix.trim_end_matches('/');
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/-._~%".contains(letter);
    let is_path = prefix.starts_with('/') && !prefix.contains("//") && !prefix.contains("/.");
    (is_path && prefix.chars().all(is_plain)).then(|| format!("{prefix}/"))
}

/// The way up from a path that is not one of the portal.
pub(crate) fn way_up(parts: &Parts) -> String {
    let path = parts.uri.path().trim_start_matches('/');
    match path.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(path: &str, prefix: Option<&str>) -> String {
        let mut request = http::Request::get(path);
        if let Some(prefix) = prefix {
            request = request.header("x-forwarded-prefix", prefix);
        }
        way_in(&request.body(()).expect("a request").into_parts().0)
    }

    #[test]
    fn the_way_in_is_relative_to_the_address_that_came() {
        assert_eq!(way("/portal", None), "./portal/");
        assert_eq!(way("/portal/", None), "./");
        assert_eq!(way("/a/b", None), "./b/");
        assert_eq!(way("/", None), "./");
        // A proxy cuts its prefix off in front of what is left, and says nothing of that.
        assert_eq!(way("/portal", Some("/hooks")), "./portal/");
        assert_eq!(way("/portal/", Some("/hooks/")), "./");
    }

    #[test]
    fn where_all_was_cut_off_the_prefix_is_the_way() {
        assert_eq!(way("/", Some("/hooks")), "/hooks/");
        assert_eq!(way("/", Some("/a/hooks/")), "/a/hooks/");
        for odd in [
            "",
            "/",
            "hooks",
            "//evil.example",
            "/\\evil.example",
            "/a//b",
            "/../a",
            "https://evil.example",
            "/a, /b",
            "/a?b",
        ] {
            assert_eq!(way("/", Some(odd)), "./", "{odd}");
        }
    }
}
