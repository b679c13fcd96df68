//! The names by which a dashboard answers. A page of another site can have its own name lead to this machine (DNS
//! rebinding); its requests then carry that name.

use std::str::FromStr;

use http::{HeaderMap, header};

/// What names this machine to itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// A name by which a proxy is asked for the pages: `ops.example.com`, or with a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host(String);

impl Host {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter);
        if text.is_empty() || !text.chars().all(is_plain) {
            return Err("write the name alone, as in `ops.example.com`".to_owned());
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

/// The name that a request asks for, with its port.
fn asked(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().filter(|_| hosts.next().is_none())?;
    host.to_str().ok().map(str::to_ascii_lowercase)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        // An address of IPv6 has colons, and brackets around them.
        Some((name, port)) if !port.ends_with(']') => name,
        _ => host,
    }
}

/// Whether a request asks for this machine by its own names.
pub(super) fn is_loopback(headers: &HeaderMap) -> bool {
    asked(headers).is_some_and(|host| LOOPBACK.contains(&without_port(&host)))
}

/// Whether a request asks for a name that is ours.
pub(super) fn is_ours(headers: &HeaderMap, hosts: &[Host]) -> bool {
    let is_named = |host: String| {
        let names = [host.as_str(), without_port(&host)];
        hosts.iter().any(|own| names.contains(&own.as_str()))
    };
    is_loopback(headers) || asked(headers).is_some_and(is_named)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn ours(host: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        let hosts = ["ops.example.com", "wiki.test:8443"].map(|host| host.parse().expect("a name"));
        is_ours(&headers, &hosts)
    }

    #[test]
    fn only_the_names_of_this_machine_and_those_given_are_answered() {
        for host in [
            "localhost",
            "LocalHost:80",
            "127.0.0.1:65535",
            "[::1]",
            "[::1]:80",
            "ops.example.com",
            "ops.example.com:443",
            "wiki.test:8443",
        ] {
            assert!(ours(host), "{host}");
        }
        for host in [
            "",
            "evil.test",
            "localhost.evil.test",
            "127.0.0.1.evil.test",
            "127.0.0.10",
            "wiki.test",
            "x.ops.example.com",
            "0.0.0.0",
        ] {
            assert!(!ours(host), "{host}");
        }
    }

    #[test]
    fn no_host_and_two_hosts_are_none_of_ours() {
        let mut headers = HeaderMap::new();
        assert!(!is_ours(&headers, &[]));
        headers.append(header::HOST, HeaderValue::from_static("localhost"));
        assert!(is_ours(&headers, &[]));
        headers.append(header::HOST, HeaderValue::from_static("evil.test"));
        assert!(!is_ours(&headers, &[]));
    }

    #[test]
    fn a_name_is_no_url() {
        for bad in ["", "https://ops.test", "ops.test/x", "a b", "*"] {
            assert!(bad.parse::<Host>().is_err(), "{bad}");
        }
    }
}
