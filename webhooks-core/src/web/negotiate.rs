//! What a request says it has and takes: `If-None-Match` and `Accept-Encoding`, as pure functions.

/// Whether the request has this response already (RFC 9110, section 13.1.2: weak comparison).
pub(super) fn has_etag(if_none_match: &str, etags: &[&str]) -> bool {
    let candidates = if_none_match.split(',').map(str::trim);
    candidates
        .map(|one| one.strip_prefix("W/").unwrap_or(one))
        .any(|one| one == "*" || etags.contains(&one))
}

/// Whether the request takes gzip (RFC 9110, section 12.5.3).
pub(super) fn takes_gzip(accept_encoding: &str) -> bool {
    let mut any = false;
    for coding in accept_encoding.split(',') {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let quality = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
        let taken = quality.is_some_and(|quality| quality > 0.0);
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
                return taken;
            }
            "*" => any = taken,
            _ => {}
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_when_it_is_named_or_anything_is() {
        for header in [
            "gzip",
            "br, GZIP",
            "deflate, gzip;q=0.5",
            "*",
            "gzip; q=1.0, identity;q=0",
        ] {
            assert!(takes_gzip(header), "{header}");
        }
        for header in [
            "",
            "br",
            "gzip;q=0",
            "gzip;q=0, *",
            "*;q=0",
            "gzip;q=x",
            "gzipped",
        ] {
            assert!(!takes_gzip(header), "{header}");
        }
    }

    #[test]
    fn an_etag_is_found_in_lists_and_weak_forms() {
        for header in [r#""a""#, r#"W/"a""#, r#""b", "a""#, "*"] {
            assert!(has_etag(header, &[r#""a""#]), "{header}");
        }
        for header in ["", "a", r#""b""#, r#""a-gzip""#] {
            assert!(!has_etag(header, &[r#""a""#]), "{header}");
        }
    }
}
