//! The URL of a request, in the parts and the form that RFC 9421 signs.

use crate::url::split_origin;

/// An absolute URL, taken apart.
#[derive(Debug)]
pub(super) struct Address {
    scheme: &'static str,
    /// Host in lower case, and the port unless it is the scheme's own (section 2.2.3).
    authority: String,
    /// As it came, or normalised.
    target: String,
    path: String,
    query: Option<String>,
}

impl Address {
    /// `None` for what is not an absolute `http` or `https` URL with a host.
    ///
    /// With `is_normalised` the target URI is written as RFC 3986 section 6.2.2 and 6.2.3 normalise it, without user
    /// information and fragment: what two parties agree on whose libraries write one URL in different ways.
    pub(super) fn new(url: &str, is_normalised: bool) -> Option<Self> {
        let (origin, rest) = split_origin(url)?;
        let (scheme, authority) = origin.split_once("://")?;
        let scheme = if scheme.eq_ignore_ascii_case("https") {
            "https"
        } else {
            "http"
        };
        let authority = normalised_authority(scheme, authority)?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        let path = match (path, is_normalised) {
            ("", _) => "/".to_owned(),
            (path, true) => normalised_path(path),
            (path, false) => path.to_owned(),
        };
        let mut address = Self {
            scheme,
            authority,
            target: String::new(),
            path,
            query,
        };
        address.target = if is_normalised {
            format!(
                "{scheme}://{}{}",
                address.authority,
                address.request_target()
            )
        } else {
            url.split_once('#').map_or(url, |(url, _)| url).to_owned()
        };
        Some(address)
    }

    pub(super) fn scheme(&self) -> &str {
        self.scheme
    }

    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    pub(super) fn target_uri(&self) -> &str {
        &self.target
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    pub(super) fn request_target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}

/// Host and port without user information, in lower case, without the final dot of DNS and the scheme's own port.
fn normalised_authority(scheme: &str, authority: &str) -> Option<String> {
    let host_and_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, rest)| rest);
    let (host, port) = if host_and_port.starts_with('[') {
        let end = host_and_port.find(']')?;
        let (host, rest) = host_and_port.split_at(end + 1);
        let address: std::net::Ipv6Addr = host[1..end].parse().ok()?;
        let _ = address;
        (
            host,
            rest.strip_prefix(':')
                .or_else(|| rest.is_empty().then_some(""))?,
        )
    } else {
        let (host, port) = host_and_port.split_once(':').unwrap_or((host_and_port, ""));
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_host = host.is_ascii() && host.split('.').all(|label| !label.is_empty());
        if !is_host {
            return None;
        }
        (host, port)
    };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let standard = if scheme == "https" { "443" } else { "80" };
    let host = host.to_ascii_lowercase();
    Some(if port.is_empty() || port == standard {
        host
    } else {
        format!("{host}:{port}")
    })
}

/// RFC 3986 sections 6.2.2.1 to 6.2.2.3: escapes in upper case, unreserved characters decoded, no dot segments.
fn normalised_path(path: &str) -> String {
    without_dot_segments(&normalised_escapes(path))
}

fn normalised_escapes(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        let (plain, escape) = rest.split_at(at);
        out.push_str(plain);
        let digits = escape
            .get(1..3)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(digits) = digits else {
            out.push('%');
            rest = &escape[1..];
            continue;
        };
        match u8::from_str_radix(digits, 16).map(char::from) {
            Ok(char) if char.is_ascii_alphanumeric() || "-._~".contains(char) => out.push(char),
            _ => {
                out.push('%');
                out.push_str(&digits.to_ascii_uppercase());
            }
        }
        rest = &escape[3..];
    }
    out.push_str(rest);
    out
}

/// RFC 3986 section 5.2.4. Empty segments stay.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases of `canonicalization.json` of AdCP's vectors for request signing.
    #[test]
    fn a_url_is_normalised_as_rfc_3986_says() {
        for (url, target, authority) in [
            (
                "HTTPS://A.example/adcp/x",
                "https://a.example/adcp/x",
                "a.example",
            ),
            ("https://a.example./p", "https://a.example/p", "a.example"),
            (
                "https://a.example.:8443/p",
                "https://a.example:8443/p",
                "a.example:8443",
            ),
            (
                "https://[2001:DB8::1]/p",
                "https://[2001:db8::1]/p",
                "[2001:db8::1]",
            ),
            ("https://[::1]:8443/p", "https://[::1]:8443/p", "[::1]:8443"),
            (
                "https://u:p@a.example/p",
                "https://a.example/p",
                "a.example",
            ),
            ("http://a.example:80/p", "http://a.example/p", "a.example"),
            (
                "https://a.example/adcp/./x",
                "https://a.example/adcp/x",
                "a.example",
            ),
            (
                "https://a.example/a/b/../c",
                "https://a.example/a/c",
                "a.example",
            ),
            (
                "https://a.example/a//b",
                "https://a.example/a//b",
                "a.example",
            ),
            (
                "https://a.example/a/.//b",
                "https://a.example/a//b",
                "a.example",
            ),
            (
                "https://a.example/a//../b",
                "https://a.example/a/b",
                "a.example",
            ),
            (
                "https://a.example?x=1",
                "https://a.example/?x=1",
                "a.example",
            ),
            (
                "https://a.example/p%2fh",
                "https://a.example/p%2Fh",
                "a.example",
            ),
            (
                "https://a.example/%7Ef%41",
                "https://a.example/~fA",
                "a.example",
            ),
            (
                "https://a.example/p?x=a+b%2f",
                "https://a.example/p?x=a+b%2f",
                "a.example",
            ),
            ("https://a.example/p?", "https://a.example/p?", "a.example"),
            (
                "https://a.example/p#frag",
                "https://a.example/p",
                "a.example",
            ),
        ] {
            let address = Address::new(url, true).unwrap();
            assert_eq!(address.target_uri(), target, "{url}");
            assert_eq!(address.authority(), authority, "{url}");
        }
    }

    #[test]
    fn an_authority_that_is_malformed_is_refused() {
        for url in [
            "https://a..example/p",
            "https://a.example../p",
            "https://:443/p",
            "https://user@/p",
            "https:///p",
            "https://[::1/p",
            "https://fe80::1/p",
            "https://[fe80::1%25eth0]/p",
            "https://b\u{fc}cher.example/p",
            "/p",
        ] {
            assert!(Address::new(url, true).is_none(), "{url}");
        }
    }

    #[test]
    fn an_address_that_is_not_normalised_is_signed_as_it_came() {
        let address = Address::new("https://A.example:443/%7Ea/../b?c#d", false).unwrap();
        assert_eq!(address.target_uri(), "https://A.example:443/%7Ea/../b?c");
        assert_eq!(address.authority(), "a.example");
        assert_eq!(address.path(), "/%7Ea/../b");
        assert_eq!(address.query(), Some("c"));
    }
}
