//! One request of the client and its answer: path, query and body are written, problems are separated from answers.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::Client;
use super::error::ClientError;
use super::transport::{Transport, TransportError};
use crate::describe::PROBLEM;
use crate::problem::ProblemDocument;

/// The largest answer that is read: a page of 250 messages with their payloads, and room.
const MOST: usize = 256 * 1024 * 1024;
/// How much is quoted of an answer that is not the API's.
const TOLD: usize = 300;

/// What a segment of a path can hold as it is (RFC 3986, section 3.3), but for what means something there.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Pairs of a query, in their order.
pub(super) type Pairs = Vec<(&'static str, String)>;

/// One request, before it is sent.
pub(super) struct Call<'c, T> {
    client: &'c Client<T>,
    method: Method,
    path: String,
    query: Pairs,
    body: Option<Vec<u8>>,
    headers: Vec<(header::HeaderName, HeaderValue)>,
    /// A status whose answer is not a problem, though it says no.
    also: Option<StatusCode>,
}

impl<T: Transport> Client<T> {
    pub(super) fn get(&self, path: &[&str]) -> Call<'_, T> {
        self.call(Method::GET, path)
    }

    pub(super) fn post(&self, path: &[&str]) -> Call<'_, T> {
        let mut call = self.call(Method::POST, path);
        let key = self.key.clone();
        call.headers
            .extend(key.map(|key| (header::HeaderName::from_static("idempotency-key"), key)));
        call
    }

    pub(super) fn call(&self, method: Method, path: &[&str]) -> Call<'_, T> {
        let mut written = String::new();
        for segment in path {
            written.push('/');
            written.extend(utf8_percent_encode(segment, SEGMENT));
        }
        Call {
            client: self,
            method,
            path: written,
            query: Vec::new(),
            body: None,
            headers: Vec::new(),
            also: None,
        }
    }
}

impl<T: Transport> Call<'_, T> {
    pub(super) fn query(mut self, pairs: &[(&'static str, String)]) -> Self {
        self.query.extend_from_slice(pairs);
        self
    }

    pub(super) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn also(mut self, status: StatusCode) -> Self {
        self.also = Some(status);
        self
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self, ClientError> {
        let written = serde_json::to_vec(body);
        self.body = Some(written.map_err(|error| ClientError::Request(error.to_string()))?);
        Ok(self)
    }

    /// The answer's body, as the type that the API wrote.
    pub(super) async fn read<V: DeserializeOwned>(self) -> Result<V, ClientError> {
        let (_, body) = self.answered().await?;
        read(&body)
    }

    /// Where the answer has no body, or one that does not matter.
    pub(super) async fn done(self) -> Result<(), ClientError> {
        self.answered().await.map(drop)
    }

    /// The head of a successful answer, and its body.
    pub(super) async fn answered(self) -> Result<(http::response::Parts, Bytes), ClientError> {
        let (limit, also) = (self.client.timeout, self.also);
        let answered = timeout(limit, async {
            let (parts, body) = self.sent().await?.into_parts();
            let body = collected(body).await?;
            let media_type = parts.headers.get(header::CONTENT_TYPE);
            if parts.status.is_success() || (also == Some(parts.status) && !is_problem(media_type))
            {
                return Ok((parts, body));
            }
            Err(refused(parts.status, media_type, &body))
        });
        answered.await.unwrap_or(Err(ClientError::Timeout))
    }

    /// A successful answer whose body goes on.
    pub(super) async fn open(self) -> Result<Body, ClientError> {
        let limit = self.client.timeout;
        let opened = timeout(limit, async {
            let (parts, body) = self.sent().await?.into_parts();
            if parts.status.is_success() {
                return Ok(body);
            }
            let body = collected(body).await?;
            Err(refused(
                parts.status,
                parts.headers.get(header::CONTENT_TYPE),
                &body,
            ))
        });
        opened.await.unwrap_or(Err(ClientError::Timeout))
    }

    async fn sent(mut self) -> Result<Response<Body>, ClientError> {
        if let Some(owner) = &self.client.owner {
            self.query.push(("owner", owner.as_ref().to_owned()));
        }
        let mut uri = format!("{}{}", self.client.base, self.path);
        if !self.query.is_empty() {
            let written = serde_html_form::to_string(&self.query);
            let written = written.map_err(|error| ClientError::Request(error.to_string()))?;
            uri.push('?');
            uri.push_str(&written);
        }
        let mut request = Request::builder().method(self.method).uri(uri);
        if self.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(self.body.map_or_else(Body::empty, Body::from));
        let mut request = request.map_err(|error| ClientError::Request(error.to_string()))?;
        request.headers_mut().extend(self.client.headers.clone());
        request.headers_mut().extend(self.headers);
        Ok(self.client.transport.send(request).await?)
    }
}

pub(super) fn read<V: DeserializeOwned>(body: &[u8]) -> Result<V, ClientError> {
    serde_json::from_slice(body).map_err(|error| ClientError::Unreadable(error.to_string()))
}

async fn collected(body: Body) -> Result<Bytes, ClientError> {
    let collected = Limited::new(body, MOST).collect().await;
    Ok(collected.map_err(TransportError::new)?.to_bytes())
}

/// A problem document, or what something else says.
fn refused(status: StatusCode, media_type: Option<&HeaderValue>, body: &[u8]) -> ClientError {
    if is_problem(media_type)
        && let Ok(problem) = serde_json::from_slice::<ProblemDocument>(body)
    {
        return ClientError::Problem(Box::new(problem));
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(TOLD)]).into_owned();
    ClientError::Unexpected { status, text }
}

fn is_problem(media_type: Option<&HeaderValue>) -> bool {
    media_type.is_some_and(|value| value.as_bytes().starts_with(PROBLEM.as_bytes()))
}
