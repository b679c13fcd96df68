//! A request as a provider would sign it.

use std::time::SystemTime;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request};
use bytes::Bytes;
use webhooks_signature::{Outgoing, Signer};

/// A request that is signed when it is built, for a `Router` with a receiver in it.
///
/// ```
/// use std::time::SystemTime;
/// use webhooks_receiver::testing::SignedRequest;
/// use webhooks_receiver::{Scheme, Secret};
///
/// let signer = Scheme::GITHUB.signer([Secret::new("s3cret")?])?;
/// let request = SignedRequest::new(r#"{"zen":"Design for failure."}"#)
///     .url("https://example.com/hooks/github")
///     .header("x-github-event", "ping")
///     .sign(&signer, SystemTime::now());
/// assert!(request.headers().contains_key("x-hub-signature-256"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "`sign` makes the request"]
pub struct SignedRequest {
    method: Method,
    url: String,
    id: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl SignedRequest {
    /// A POST of exactly these bytes as JSON, with the message id `msg_test`.
    pub fn new(body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            url: "https://example.com/".to_owned(),
            id: "msg_test".to_owned(),
            headers: Vec::new(),
            body: body.into(),
        }
        .header("content-type", "application/json")
    }

    /// The method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// The public URL. The request's target is its path and query.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// The message id, for schemes that sign one.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets a header; the last of a name counts.
    ///
    /// # Panics
    ///
    /// When name or value cannot be a header's.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a test names its headers as HTTP does");
        let value = HeaderValue::try_from(value).expect("a test's header values are visible text");
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
        self
    }

    /// Signs at this time. A receiver inside a `Router` compares it with the time of day.
    ///
    /// # Panics
    ///
    /// When the scheme signs something that the request lacks.
    pub fn sign(self, signer: &Signer, now: SystemTime) -> Request<Body> {
        let others: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let message = Outgoing::new(&self.body, now)
            .id(&self.id)
            .method(self.method.as_str())
            .url(&self.url)
            .headers(&others);
        let signature = match signer.sign(&message) {
            Ok(headers) => headers,
            Err(error) => panic!("the test request cannot be signed: {error}"),
        };
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(self.target());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in signature {
            request = request.header(name, value);
        }
        request
            .body(Body::from(self.body))
            .expect("a signed test request is a request")
    }

    fn target(&self) -> &str {
        let origin_end = self.url.find("://").map_or(0, |at| at + 3);
        self.url[origin_end..]
            .find('/')
            .map_or("/", |at| &self.url[origin_end + at..])
    }
}
