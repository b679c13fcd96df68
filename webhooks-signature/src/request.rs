//! The parts of an HTTP request that a signature can cover, borrowed from whatever the server uses.
//!
//! No HTTP crate appears here: a type becomes readable by implementing [`Headers`], one method.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// Looks up headers by name, without regard to case, with values as bytes.
///
/// Implemented for slices, arrays, vectors and maps of pairs. For `http::HeaderMap` it is one line:
///
/// ```
/// use http::HeaderMap;
/// use webhooks_signature::Headers;
///
/// struct HttpHeaders<'a>(&'a HeaderMap);
///
/// impl Headers for HttpHeaders<'_> {
///     fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
///         self.0.get_all(name).iter().nth(index).map(|value| value.as_bytes())
///     }
/// }
/// ```
pub trait Headers {
    /// The value of the header `name` at `index`, counting from 0 where a header came more than once.
    ///
    /// Names are compared without regard to ASCII case. Every value must be reachable: a second signature
    /// header that is hidden here could not be refused.
    fn value(&self, name: &str, index: usize) -> Option<&[u8]>;
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        nth(
            self.iter()
                .map(|(header, value)| (header.as_ref(), value.as_ref())),
            name,
            index,
        )
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const LEN: usize> Headers for [(N, V); LEN] {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        self.as_slice().value(name, index)
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for Vec<(N, V)> {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        self.as_slice().value(name, index)
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, S> Headers for HashMap<N, V, S> {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        nth(
            self.iter()
                .map(|(header, value)| (header.as_ref(), value.as_ref())),
            name,
            index,
        )
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for BTreeMap<N, V> {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        nth(
            self.iter()
                .map(|(header, value)| (header.as_ref(), value.as_ref())),
            name,
            index,
        )
    }
}

impl<H: Headers + ?Sized> Headers for &H {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        (**self).value(name, index)
    }
}

fn nth<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a [u8])>,
    name: &str,
    index: usize,
) -> Option<&'a [u8]> {
    pairs
        .filter(|(header, _)| header.eq_ignore_ascii_case(name))
        .nth(index)
        .map(|(_, value)| value)
}

/// An incoming request, borrowed.
///
/// ```
/// use webhooks_signature::Request;
///
/// let headers = [("webhook-id", "msg_1"), ("webhook-timestamp", "1614265330")];
/// let request = Request::new(&headers, b"{}").method("POST").url("https://example.com/hook");
/// assert_eq!(request.body(), b"{}");
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Request<'a> {
    headers: &'a dyn Headers,
    body: &'a [u8],
    method: &'a str,
    url: &'a str,
    peer: Option<IpAddr>,
}

impl<'a> Request<'a> {
    /// A POST with these headers and exactly the bytes received as body: not decoded, not parsed, not
    /// serialised again.
    pub fn new(headers: &'a dyn Headers, body: &'a [u8]) -> Self {
        Self {
            headers,
            body,
            method: "POST",
            url: "",
            peer: None,
        }
    }

    /// The method in upper case; `POST` when not given. Few schemes sign it (HubSpot v2, v3).
    pub fn method(mut self, method: &'a str) -> Self {
        self.method = method;
        self
    }

    /// The request's target as the server saw it: `https://example.com/hook?x=1` or `/hook?x=1`. Needed by
    /// schemes that sign the URL; see [`SchemeVerifier::public_url`](crate::SchemeVerifier::public_url).
    pub fn url(mut self, url: &'a str) -> Self {
        self.url = url;
        self
    }

    /// The address of the other end of the connection. Forwarded headers count only if it is a trusted proxy.
    pub fn peer(mut self, peer: IpAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    /// The headers.
    pub fn headers(&self) -> &'a dyn Headers {
        self.headers
    }

    /// The bytes of the body.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    pub(crate) fn method_text(&self) -> &'a str {
        self.method
    }

    pub(crate) fn url_text(&self) -> &'a str {
        self.url
    }

    pub(crate) fn peer_address(&self) -> Option<IpAddr> {
        self.peer
    }
}

impl std::fmt::Debug for Request<'_> {
    /// Without headers and body, which hold signatures and foreign data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}
