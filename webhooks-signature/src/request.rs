//! The parts of an HTTP request that a signature can cover, borrowed from whatever the server uses.
//!
//! A type becomes readable by implementing [`Headers`], which is one method; the HTTP crate is optional.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// Looks up headers by name, without regard to case, with values as bytes.
///
/// Implemented for slices, arrays, vectors and maps of pairs, and with the feature `http` for `http::HeaderMap`. For
/// another map it is one method:
///
/// ```
/// use webhooks_signature::Headers;
///
/// /// A type of some server's.
/// struct Fields(Vec<(String, Vec<u8>)>);
///
/// impl Headers for Fields {
///     fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
///         let named = self.0.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
///         named.map(|(_, value)| value.as_slice()).nth(index)
///     }
/// }
/// ```
pub trait Headers {
    /// The value of the header `name` at `index`, counting from 0 where a header came more than once.
    ///
    /// Names are compared without regard to ASCII case. Every value must be reachable: a second signature
    /// header that is hidden here could not be refused.
    fn value(&self, name: &str, index: usize) -> Option<&[u8]>;

    /// Calls `visit` with every value of a header, in the order in which they came.
    ///
    /// A [`Scheme`](crate::Scheme) reads headers in this way. Override it where one look-up finds all values; otherwise
    /// each costs a call of [`value`](Self::value), and one more tells that there are no others.
    fn for_each_value<'h>(&'h self, name: &FieldName, visit: &mut dyn FnMut(&'h [u8])) {
        let mut index = 0;
        while let Some(value) = self.value(name.as_str(), index) {
            visit(value);
            index += 1;
        }
    }

    /// Calls `visit` with every value of each of these headers, and with the index of its name in `names`. Values of one
    /// name are visited in the order in which they came.
    ///
    /// A [`Scheme`](crate::Scheme) looks up all its headers together. Override it where one pass over a request finds
    /// them faster than a look-up of each.
    fn for_each_of<'h>(&'h self, names: &[FieldName], visit: &mut dyn FnMut(usize, &'h [u8])) {
        each_by_itself(self, names, visit);
    }
}

/// Looks each name up by itself.
fn each_by_itself<'h, H: Headers + ?Sized>(
    headers: &'h H,
    names: &[FieldName],
    visit: &mut dyn FnMut(usize, &'h [u8]),
) {
    for (index, name) in names.iter().enumerate() {
        headers.for_each_value(name, &mut |value| visit(index, value));
    }
}

/// The name of a header, parsed once for all requests.
///
/// With the feature `http` it holds the `http::HeaderName` too, with which a look-up takes a third of the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    text: String,
    #[cfg(feature = "http")]
    parsed: Option<http::HeaderName>,
}

impl FieldName {
    /// The name of a header; the case of letters does not count.
    pub fn new(name: &str) -> Self {
        Self {
            text: name.to_owned(),
            #[cfg(feature = "http")]
            parsed: name.parse().ok(),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(feature = "http")]
impl Headers for http::HeaderMap {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        let value = self.get_all(name).iter().nth(index);
        value.map(http::HeaderValue::as_bytes)
    }

    fn for_each_value<'h>(&'h self, name: &FieldName, visit: &mut dyn FnMut(&'h [u8])) {
        // A text that is not a name is the name of no header.
        if let Some(name) = &name.parsed {
            for value in self.get_all(name) {
                visit(value.as_bytes());
            }
        }
    }

    fn for_each_of<'h>(&'h self, names: &[FieldName], visit: &mut dyn FnMut(usize, &'h [u8])) {
        /// Of more values, looking each name up is faster: the hash of one takes as long as passing over a dozen values.
        const FEW: usize = 32;
        /// One bit for each length.
        fn bit(name: &str) -> u64 {
            1 << name.len().min(63)
        }
        if self.len() > FEW {
            return each_by_itself(self, names, visit);
        }
        let lengths = names.iter().fold(0, |set, name| set | bit(&name.text));
        for (name, value) in self {
            if lengths & bit(name.as_str()) == 0 {
                continue;
            }
            for (index, wanted) in names.iter().enumerate() {
                if wanted.parsed.as_ref().is_some_and(|wanted| wanted == name) {
                    visit(index, value.as_bytes());
                }
            }
        }
    }
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

    fn for_each_value<'h>(&'h self, name: &FieldName, visit: &mut dyn FnMut(&'h [u8])) {
        (**self).for_each_value(name, visit);
    }

    fn for_each_of<'h>(&'h self, names: &[FieldName], visit: &mut dyn FnMut(usize, &'h [u8])) {
        (**self).for_each_of(names, visit);
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
    #[doc(alias = "uri")]
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

    /// The method, for verifiers of your own.
    pub fn method_text(&self) -> &'a str {
        self.method
    }

    /// The target as the server saw it, with or without scheme and host; empty when it was not given. Behind a proxy this
    /// is not the public URL.
    pub fn url_text(&self) -> &'a str {
        self.url
    }

    /// The address of the other end of the connection, where it is known.
    pub fn peer_address(&self) -> Option<IpAddr> {
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
