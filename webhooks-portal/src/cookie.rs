//! Cookies: one binds forms to a browser, the other is the session that a link has opened.

use http::{HeaderMap, HeaderValue, header};

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Binds forms to a browser.
    Form,
    /// The session that a link has opened.
    Session,
}

impl Cookie {
    /// Over TLS a name that no other host and no plain connection can set (RFC 6265bis, 4.1.3.2); on this machine, without
    /// TLS, a plain one.
    const fn name(self, is_local: bool) -> &'static str {
        match (self, is_local) {
            (Self::Form, false) => "__Host-webhooks-form",
            (Self::Session, false) => "__Host-webhooks-session",
            (Self::Form, true) => "webhooks-form",
            (Self::Session, true) => "webhooks-session",
        }
    }
}

/// How cookies are set for one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cookies {
    /// Whether the host is this machine: then there is no TLS to wait for.
    is_local: bool,
    /// Whether pages may stand in a frame of another site.
    is_embedded: bool,
}

impl Cookies {
    pub(crate) fn of(headers: &HeaderMap, is_embedded: bool) -> Self {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default();
        let is_local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| {
            host.strip_prefix(local)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        Self {
            is_local,
            is_embedded,
        }
    }

    /// For pages that may stand in a frame of another site, when these do, too.
    pub(crate) fn embedded(self, is_embedded: bool) -> Self {
        Self {
            is_embedded: self.is_embedded || is_embedded,
            ..self
        }
    }

    /// The value of a cookie.
    pub(crate) fn read(self, cookie: Cookie, headers: &HeaderMap) -> Option<&str> {
        let name = cookie.name(self.is_local);
        let lines = headers.get_all(header::COOKIE).iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let mut pairs = lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The header that sets it: for so many seconds, or for as long as the browser is open.
    pub(crate) fn set(
        self,
        cookie: Cookie,
        value: &str,
        seconds: Option<u64>,
    ) -> Option<HeaderValue> {
        let attributes = match (self.is_local, self.is_embedded) {
            (true, false) => "Path=/; HttpOnly; SameSite=Lax",
            (false, false) => "Path=/; HttpOnly; SameSite=Lax; Secure",
            // In a frame of another site a browser sends only cookies that are partitioned by that site (CHIPS).
            // Browsers take the connection to this machine for a secure one.
            (_, true) => "Path=/; HttpOnly; SameSite=None; Secure; Partitioned",
        };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}"));
        let (name, age) = (cookie.name(self.is_local), age.unwrap_or_default());
        HeaderValue::from_str(&format!("{name}={value}; {attributes}{age}")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(
        host: &'static str,
        cookie: &'static str,
        is_embedded: bool,
    ) -> (Option<String>, String) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        let cookies = Cookies::of(&headers, is_embedded);
        let set = cookies.set(Cookie::Form, "v", None).expect("a header");
        (
            cookies.read(Cookie::Form, &headers).map(str::to_owned),
            set.to_str().expect("ASCII").to_owned(),
        )
    }

    #[test]
    fn only_this_machine_is_trusted_without_tls() {
        for host in ["localhost", "localhost:8000", "127.0.0.1:80", "[::1]:80"] {
            assert!(!cookies(host, "", false).1.contains("Secure"), "{host}");
        }
        for host in ["acme.test", "localhost.acme.test", "127.0.0.10", ""] {
            let (_, set) = cookies(host, "", false);
            assert!(
                set.starts_with("__Host-") && set.contains("; Secure"),
                "{host}"
            );
        }
    }

    #[test]
    fn in_a_frame_the_cookie_is_partitioned() {
        assert!(
            cookies("acme.test", "", true)
                .1
                .ends_with("SameSite=None; Secure; Partitioned")
        );
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(
            cookies("localhost", "a=b; webhooks-form=x; c=d", false)
                .0
                .as_deref(),
            Some("x")
        );
        assert_eq!(cookies("acme.test", "webhooks-form=x", false).0, None);
    }
}
