//! A target URL, taken apart once by the rules of the URL standard: what the guard reads is what the client dials.

use std::fmt;
use std::net::IpAddr;

use http::Uri;
use url::{Host, Url};

/// The longest target, in bytes.
pub(crate) const LONGEST: usize = 2048;

/// A target URL that is well-formed: `http` or `https`, a host, no user info, no fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    port: u16,
}

impl Target {
    pub(crate) fn parse(text: &str) -> Result<Self, TargetError> {
        if text.len() > LONGEST {
            return Err(TargetError::TooLong);
        }
        // The URL standard leaves tabs and line breaks out and cuts spaces off; what is stored would be another text.
        if text.chars().any(|char| char.is_control() || char == ' ') {
            return Err(TargetError::Malformed);
        }
        let url = Url::parse(text).map_err(|_| TargetError::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        let port = url.port_or_known_default().ok_or(TargetError::Malformed)?;
        if url.host().is_none() {
            return Err(TargetError::Malformed);
        }
        Ok(Self { url, port })
    }

    /// Whether requests are encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host: a name in lower case, or an address.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port, also where the URL leaves it out.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, when the host is one, in whatever notation.
    pub fn address(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// The URL in its normal form.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Scheme, host and port: what may stand in a log, where a path or query may hold a secret.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The URL of a request, with further query parameters behind the target's own.
    pub(crate) fn uri<'q>(
        &self,
        query: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Uri, TargetError> {
        let mut query = query.into_iter().peekable();
        if query.peek().is_none() {
            return self
                .url
                .as_str()
                .parse()
                .map_err(|_| TargetError::Malformed);
        }
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(query);
        url.as_str().parse().map_err(|_| TargetError::Malformed)
    }
}

/// Why a target is refused. The text can be shown to the person who named the target: it tells nothing about the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// No URL with a host, or one with spaces or control characters in it.
    Malformed,
    /// Longer than 2,048 bytes.
    TooLong,
    /// Neither `https` nor `http`.
    Scheme,
    /// `http`, which is not accepted.
    NotHttps,
    /// A user name or password in the URL.
    UserInfo,
    /// A fragment, which is never sent.
    Fragment,
    /// A port that is not accepted.
    Port(u16),
    /// An address that is not of the public internet.
    Address,
    /// A name without a dot, which means something else in every network.
    LocalName,
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => {
                "the target is not a URL with a host, as in `https://example.com/hook`"
            }
            Self::TooLong => "the target is longer than 2048 bytes",
            Self::Scheme | Self::NotHttps => "the target must begin with `https://`",
            Self::UserInfo => {
                "the target holds a user name or password; send credentials in a header instead"
            }
            Self::Fragment => "the target holds a `#` part, which is never sent; remove it",
            Self::Port(port) => {
                return write!(f, "the target's port {port} is not accepted; use 443");
            }
            Self::Address | Self::LocalName => "the target is not on the public internet",
        })
    }
}

impl std::error::Error for TargetError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_behind_the_targets_own_and_encoded() {
        let target = Target::parse("https://example.com/hook?key=a%20b").expect("a target");
        let uri = target.uri([("tenant", "ä&b")]).expect("a URI");
        assert_eq!(
            uri.to_string(),
            "https://example.com/hook?key=a%20b&tenant=%C3%A4%26b"
        );
        assert_eq!(
            target.uri([]).expect("a URI").to_string(),
            "https://example.com/hook?key=a%20b"
        );
    }

    #[test]
    fn the_origin_holds_neither_path_nor_query() {
        let target = Target::parse("https://Example.com:8443/secret?key=1").expect("a target");
        assert_eq!(target.origin(), "https://example.com:8443");
    }
}
