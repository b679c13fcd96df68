//! The `Authorization` header of a target's requests: written once, or from a token that an authorization server gives.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::form_urlencoded::byte_serialize;

use super::RecipientError;
use crate::client::{Transport, TransportError};
use crate::guard::TargetPolicy;
use crate::model::{Authentication, ClientCredentials};

/// A token is not used when it is about to expire.
const MARGIN: Duration = Duration::from_secs(30);

/// What a header is made of.
pub(super) enum Authorization {
    Fixed(HeaderValue),
    Token(Box<TokenSource>),
}

impl Authorization {
    pub(super) fn new(
        authentication: &Authentication,
        policy: &TargetPolicy,
    ) -> Result<Option<Self>, RecipientError> {
        let value = match authentication {
            Authentication::None => return Ok(None),
            Authentication::Basic { username, .. } if username.contains(':') => {
                return Err(RecipientError::Authentication("its user name has a colon"));
            }
            Authentication::Basic { username, password } => basic(username, password),
            Authentication::Bearer { token } => format!("Bearer {token}"),
            Authentication::OAuth2(credentials) => {
                let source = TokenSource::new(credentials.clone(), policy)?;
                return Ok(Some(Self::Token(Box::new(source))));
            }
        };
        let value = secret_value(&value);
        let refused = "it cannot stand in a header: it holds more than visible ASCII";
        let value = value.ok_or(RecipientError::Authentication(refused))?;
        Ok(Some(Self::Fixed(value)))
    }
}

fn basic(username: &str, password: &str) -> String {
    let pair = BASE64_STANDARD.encode(format!("{username}:{password}"));
    format!("Basic {pair}")
}

/// A header's value that no log shows.
fn secret_value(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Where tokens come from, with the one that is in use.
pub(super) struct TokenSource {
    credentials: ClientCredentials,
    uri: Uri,
    token: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    value: HeaderValue,
    until: Option<SystemTime>,
}

/// RFC 6749 section 5.1.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl TokenSource {
    fn new(credentials: ClientCredentials, policy: &TargetPolicy) -> Result<Self, RecipientError> {
        let uri = policy.check(&credentials.token_url)?.uri([])?;
        Ok(Self {
            credentials,
            uri,
            token: Mutex::default(),
        })
    }

    /// The token in use, or a new one. `refused` is one that the target does not accept: another caller may have asked for a
    /// new one meanwhile. Concurrent requests wait for one answer.
    pub(super) async fn token(
        &self,
        transport: &dyn Transport,
        now: SystemTime,
        refused: Option<&HeaderValue>,
    ) -> Result<HeaderValue, TransportError> {
        let mut token = self.token.lock().await;
        let is_good = |token: &Token| {
            token.until.is_none_or(|until| now < until) && Some(&token.value) != refused
        };
        if let Some(token) = token.as_ref().filter(|token| is_good(token)) {
            return Ok(token.value.clone());
        }
        let fresh = self.ask(transport, now).await?;
        Ok(token.insert(fresh).value.clone())
    }

    async fn ask(
        &self,
        transport: &dyn Transport,
        now: SystemTime,
    ) -> Result<Token, TransportError> {
        let request = self.request().ok_or(TransportError::Token)?;
        let answer = transport.send(request).await;
        // A sender without a network has no token either.
        let answer = answer.map_err(|error| match error {
            TransportError::Local => TransportError::Local,
            _ => TransportError::Token,
        })?;
        if !answer.status.is_success() {
            return Err(TransportError::Token);
        }
        let given: TokenAnswer =
            serde_json::from_slice(&answer.body).map_err(|_| TransportError::Token)?;
        let value = secret_value(&format!("Bearer {}", given.access_token));
        let lasts = given.expires_in.map(Duration::from_secs);
        Ok(Token {
            value: value.ok_or(TransportError::Token)?,
            until: lasts.and_then(|lasts| now.checked_add(lasts.saturating_sub(MARGIN))),
        })
    }

    fn request(&self) -> Option<Request<Bytes>> {
        let ClientCredentials {
            client_id,
            client_secret,
            ..
        } = &self.credentials;
        let mut pairs = vec![("grant_type", "client_credentials")];
        pairs.extend(
            self.credentials
                .scope
                .as_deref()
                .map(|scope| ("scope", scope)),
        );
        let audience = self.credentials.audience.as_deref();
        pairs.extend(audience.map(|audience| ("audience", audience)));
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if self.credentials.in_body {
            pairs.push(("client_id", client_id));
            pairs.push(("client_secret", client_secret));
        } else {
            // Both are form-encoded first: RFC 6749 section 2.3.1.
            let pair = basic(&encoded(client_id), &encoded(client_secret));
            headers.insert(AUTHORIZATION, secret_value(&pair)?);
        }
        let body: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        *request.body_mut() = body.join("&").into();
        Some(request)
    }
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
