//! A message and a subscription become a request.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use webhooks_signature::{Secret, Signer};

use super::authorize::Authorization;
use super::sign::{Readable, RecipientError, outgoing, sign, signers, written_names};
use super::signing_keys::KEY_ID;
use super::{Dialect, check_custom, check_value};
use crate::client::{Answer, ClientCertificate, Transport, TransportError};
use crate::guard::{Target, TargetPolicy};
use crate::model::{Authentication, MessageId, POLL};
use crate::trace::{SpanId, TraceParent};

/// What a message brings into its requests besides id, event and body. Stored as JSON with the message.
///
/// A member that a later version has added makes the message unreadable here: without it, the request would be another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wire {
    pub(crate) method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cookies: Vec<(String, String)>,
    /// The methods to choose from, where the webhook has several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) methods: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) traceparent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tracestate: Option<String>,
}

impl Wire {
    /// What nearly every message has and no row stores: a POST of JSON without parameters.
    pub(crate) fn usual() -> Self {
        Self {
            method: "POST".to_owned(),
            content_type: Some(JSON.to_owned()),
            headers: Vec::new(),
            query: Vec::new(),
            cookies: Vec::new(),
            methods: Vec::new(),
            traceparent: None,
            tracestate: None,
        }
    }
}

/// What stands for the target in the signatures of what is fetched, for schemes that sign one.
const FETCHED: &str = "https://poll.invalid/";
/// The number of a delivery in the sequence of its subscription.
const SEQUENCE: &str = "webhook-sequence";
/// Headers that a message, its signature and the client add to those of the subscription: so that a map need not grow.
const ADDED: usize = 8;
const JSON: &str = "application/json";

/// A subscription with everything that is the same in all its requests, prepared once.
pub(crate) struct Recipient {
    target: Target,
    uri: Uri,
    signers: Vec<Signer>,
    /// The headers that the signers write.
    written: Vec<HeaderName>,
    base: HeaderMap,
    method: Option<String>,
    event_header: Option<HeaderName>,
    id_header: Option<HeaderName>,
    authorization: Option<Authorization>,
    client_certificate: Option<ClientCertificate>,
}

impl Recipient {
    /// Checks everything: what is refused here is refused when a subscription is made, and again at each change.
    pub(crate) fn new(
        dialect: &Dialect,
        policy: &TargetPolicy,
        target: &str,
        headers: &[(String, String)],
        method: Option<String>,
        secrets: &[Secret],
    ) -> Result<Self, RecipientError> {
        let target = if target == POLL {
            Target::parse(FETCHED)?
        } else {
            policy.check(target)?
        };
        let uri = target.uri([])?;
        let mut base = HeaderMap::new();
        if let Some(user_agent) = check_value(&dialect.user_agent) {
            base.insert(USER_AGENT, user_agent);
        }
        base.extend(check_custom(headers, |name| dialect.writes(name))?);
        let name = |header: &Option<String>| header.as_ref().and_then(|header| header.parse().ok());
        let (event_header, id_header) = (name(&dialect.event_header), name(&dialect.id_header));
        let signers = signers(dialect, secrets)?;
        Ok(Self {
            target,
            uri,
            written: written_names(&signers),
            signers,
            base,
            method,
            event_header,
            id_header,
            authorization: None,
            client_certificate: None,
        })
    }

    /// Authenticates the sender in each request.
    pub(crate) fn authenticated(
        mut self,
        policy: &TargetPolicy,
        authentication: Option<&Authentication>,
        certificate: Option<&ClientCertificate>,
    ) -> Result<Self, RecipientError> {
        if let Some(authentication) = authentication {
            if self.base.contains_key(AUTHORIZATION) {
                let twice = "there is an `authorization` header as well; leave one of them out";
                return Err(RecipientError::Authentication(twice));
            }
            self.authorization = Authorization::new(authentication, policy)?;
        }
        if let Some(Authorization::Fixed(value)) = &self.authorization {
            self.base.insert(AUTHORIZATION, value.clone());
        }
        if let Some(problem) = certificate.and_then(ClientCertificate::problem) {
            return Err(RecipientError::ClientCertificate(problem));
        }
        self.client_certificate = certificate.cloned();
        Ok(self)
    }

    /// Sends a request as the target wants it: with a token, where it has one. One that the target refuses with 401 is asked
    /// for anew, and the request is made once more.
    pub(crate) async fn send(
        &self,
        transport: &dyn Transport,
        mut request: Request<Bytes>,
        now: SystemTime,
    ) -> Result<Answer, TransportError> {
        if let Some(certificate) = &self.client_certificate {
            request.extensions_mut().insert(certificate.clone());
        }
        let Some(Authorization::Token(source)) = &self.authorization else {
            return transport.send(request).await;
        };
        // All of it has the time of one request: the lease of a delivery counts on it.
        let exchange = async {
            let token = source.token(transport, now, None).await?;
            request.headers_mut().insert(AUTHORIZATION, token.clone());
            let answer = transport.send(request.clone()).await?;
            if answer.status != StatusCode::UNAUTHORIZED {
                return Ok(answer);
            }
            let fresh = source.token(transport, now, Some(&token)).await?;
            request.headers_mut().insert(AUTHORIZATION, fresh);
            transport.send(request).await
        };
        let answer = tokio::time::timeout(transport.timeout(), exchange).await;
        answer.unwrap_or(Err(TransportError::Timeout))
    }

    /// Names the sender's own keys in each request.
    pub(crate) fn with_key_ids(mut self, ids: &HeaderValue) -> Self {
        self.base.insert(KEY_ID, ids.clone());
        self
    }

    /// Scheme, host and port, for logs: put together when they are shown, which most are not.
    pub(crate) fn origin(&self) -> Origin<'_> {
        Origin(&self.target)
    }

    /// A request without a message, to ask the target something.
    pub(crate) fn question(&self, method: Method) -> Request<Bytes> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.base.clone();
        request
    }

    /// The request of an attempt that is made now.
    ///
    /// `event` is the name to tell in a header: none for an enveloped body, which tells it itself. `span` is that of the
    /// attempt, for a message with a trace.
    pub(crate) fn request(
        &self,
        id: &MessageId,
        event: Option<&str>,
        wire: &Wire,
        body: &Bytes,
        now: SystemTime,
        span: Option<SpanId>,
    ) -> Result<Request<Bytes>, TransportError> {
        let method = self.method_of(wire);
        let uri = self.uri_of(wire)?;
        let mut headers = HeaderMap::with_capacity(self.base.len() + ADDED);
        let base = self.base.iter();
        headers.extend(base.map(|(name, value)| (name.clone(), value.clone())));
        self.add_message(&mut headers, id, event, wire)?;
        add_trace(&mut headers, wire, span)?;
        let carries_body = !matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE");
        let body = if carries_body {
            body.clone()
        } else {
            Bytes::new()
        };
        if let Some(content_type) = wire.content_type.as_deref().filter(|_| carries_body) {
            let content_type = match content_type {
                JSON => HeaderValue::from_static(JSON),
                other => valid(other)?,
            };
            headers.insert(CONTENT_TYPE, content_type);
        }
        self.sign(&mut headers, id, method, &uri, &body, now)?;
        let mut request = Request::new(body);
        *request.method_mut() =
            Method::from_bytes(method.as_bytes()).map_err(|_| TransportError::Request)?;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn method_of<'m>(&'m self, wire: &'m Wire) -> &'m str {
        let chosen = self
            .method
            .as_ref()
            .filter(|method| wire.methods.contains(method));
        chosen.unwrap_or(&wire.method)
    }

    fn uri_of(&self, wire: &Wire) -> Result<Uri, TransportError> {
        if wire.query.is_empty() {
            return Ok(self.uri.clone());
        }
        let query = wire
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        self.target.uri(query).map_err(|_| TransportError::Request)
    }

    fn add_message(
        &self,
        headers: &mut HeaderMap,
        id: &MessageId,
        event: Option<&str>,
        wire: &Wire,
    ) -> Result<(), TransportError> {
        let mut before = None;
        for (name, value) in &wire.headers {
            let (header, value) = (
                name.parse::<HeaderName>()
                    .map_err(|_| TransportError::Request)?,
                valid(value)?,
            );
            if before.replace(name) == Some(name) {
                headers.append(header, value);
            } else {
                // The webhook's own word counts, not the subscription's.
                headers.insert(header, value);
            }
        }
        if !wire.cookies.is_empty() {
            let pairs: Vec<_> = wire
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            headers.insert(COOKIE, valid(&pairs.join("; "))?);
        }
        if let (Some(header), Some(event)) = (&self.event_header, event) {
            headers.insert(header, valid(event)?);
        }
        if let Some(header) = &self.id_header {
            headers.insert(header, valid(id.as_str())?);
        }
        Ok(())
    }

    fn sign(
        &self,
        headers: &mut HeaderMap,
        id: &MessageId,
        method: &str,
        uri: &Uri,
        body: &Bytes,
        now: SystemTime,
    ) -> Result<(), TransportError> {
        if self.signers.is_empty() {
            return Ok(());
        }
        let signs_url = self
            .signers
            .iter()
            .any(|signer| signer.scheme().signs_url());
        let url = if signs_url {
            uri.to_string()
        } else {
            String::new()
        };
        let signed = {
            let readable = Readable(headers);
            let message = outgoing(body, now, id.as_str(), method, &url, &readable);
            sign(&self.signers, &self.written, &message).map_err(|_| TransportError::Request)?
        };
        headers.extend(signed);
        Ok(())
    }
}

/// Where a target is, as text.
pub(crate) struct Origin<'r>(&'r Target);

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin())
    }
}

fn add_trace(
    headers: &mut HeaderMap,
    wire: &Wire,
    span: Option<SpanId>,
) -> Result<(), TransportError> {
    let parent = wire.traceparent.as_deref().and_then(TraceParent::parse);
    if let (Some(parent), Some(span)) = (parent, span) {
        headers.insert("traceparent", valid(&parent.child(span))?);
        if let Some(state) = &wire.tracestate {
            headers.insert("tracestate", valid(state)?);
        }
    }
    Ok(())
}

/// Tells the receiver which of the subscription's deliveries it is. Not covered by any signature, as the headers of a message
/// are not either.
pub(crate) fn add_sequence_number(request: &mut Request<Bytes>, number: i64) {
    request
        .headers_mut()
        .insert(SEQUENCE, HeaderValue::from(number));
}

fn valid(value: &str) -> Result<HeaderValue, TransportError> {
    HeaderValue::from_str(value).map_err(|_| TransportError::Request)
}
