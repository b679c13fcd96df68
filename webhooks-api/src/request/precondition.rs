//! `ETag` and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1): two people who edit one subscription do not undo each
//! other's changes.

use http::{HeaderMap, HeaderValue, header};

use crate::problem::{Kind, Problem};

/// The tag of a revision.
pub(crate) fn etag(revision: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{revision}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Refuses the request if it names revisions and this one is not among them. Whether it named one.
pub(crate) fn if_match(headers: &HeaderMap, revision: i64) -> Result<bool, Problem> {
    let mut is_named = false;
    for value in headers.get_all(header::IF_MATCH) {
        is_named = true;
        let text = value.to_str().unwrap_or_default();
        let own = etag(revision);
        // A weak tag never matches: If-Match compares strongly.
        if text
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.as_bytes() == own.as_bytes())
        {
            return Ok(true);
        }
    }
    if is_named {
        let detail = "it was changed after it was read; read it again, and repeat the change";
        return Err(Problem::new(Kind::PreconditionFailed, detail));
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(values: &[&'static str]) -> Option<bool> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, HeaderValue::from_static(value));
        }
        if_match(&headers, 7).ok()
    }

    #[test]
    fn a_strong_tag_or_a_star_matches_and_everything_else_is_refused() {
        assert_eq!(outcome(&[]), Some(false));
        for good in ["\"7\"", "*", "\"6\", \"7\""] {
            assert_eq!(outcome(&[good]), Some(true), "{good}");
        }
        assert_eq!(outcome(&["\"6\"", "\"7\""]), Some(true));
        for bad in ["\"6\"", "W/\"7\"", "7", ""] {
            assert_eq!(outcome(&[bad]), None, "{bad}");
        }
    }
}
