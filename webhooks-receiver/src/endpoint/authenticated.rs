//! The third step: the messages of a request whose signature is right, and the claim on them.

use std::time::SystemTime;

use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use webhooks_signature::Verified;

use super::accepted::AcceptedRequest;
use super::config::Endpoint;
use super::stop::Stop;
use crate::deduplicate::{Claim, ClaimGuard, Deduplicate, MessageKey};
use crate::error_chain::ErrorChain;
use crate::layout::AuthenticRequest;
use crate::log_text::{LogText, SENDER};
use crate::message::IncomingMessage;
use crate::rejection::Rejection;
use crate::wait::within;

/// How much longer a claim is held than handlers may run, so that their end can be recorded.
const LEASE_MARGIN: std::time::Duration = std::time::Duration::from_secs(30);

/// A request whose signature is right.
pub(super) struct AuthenticatedRequest<'e, S> {
    pub(super) endpoint: &'e Endpoint<S>,
    pub(super) now: SystemTime,
    pub(super) parts: &'e mut Parts,
    pub(super) body: Bytes,
    pub(super) verified: Verified,
    /// Under which name the ids are kept.
    pub(super) receiver: String,
}

impl<S: Send + Sync + 'static> AuthenticatedRequest<'_, S> {
    /// Finds the messages and claims them.
    pub(super) async fn accept(mut self) -> Result<AcceptedRequest, Stop> {
        let parameter = self.path_parameter().await;
        let request = AuthenticRequest {
            headers: &self.parts.headers,
            query: self.parts.uri.query(),
            body: &self.body,
            verified: &self.verified,
            path_parameter: parameter.as_deref(),
        };
        let messages = self.endpoint.layout.messages(&request);
        self.hint(&request, &messages);
        let messages = messages.map_err(|rejection| Stop::Refused {
            rejection,
            event: None,
            id: self.verified.id().map(str::to_owned),
        })?;
        let claim = self.claim(&messages).await?;
        Ok(AcceptedRequest { messages, claim })
    }

    async fn path_parameter(&mut self) -> Option<String> {
        let wanted = self.endpoint.layout.path_parameter()?;
        let parameters = RawPathParams::from_request_parts(self.parts, &())
            .await
            .ok()?;
        parameters
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value.to_owned())
    }

    /// Warns when a request of our own sender has the other one of its two forms, bare or enveloped.
    fn hint(
        &self,
        request: &AuthenticRequest<'_>,
        messages: &Result<Vec<IncomingMessage>, Rejection>,
    ) {
        let first = messages.as_ref().ok().and_then(|messages| messages.first());
        let event = first.map(|message| &*message.event);
        if let Some(hint) = self.endpoint.layout.wrong_form(request, event)
            && let Some(left_out) = self.endpoint.log.authentic.observe(hint, self.now)
        {
            tracing::warn!(receiver = self.endpoint.name, left_out, "{hint}");
        }
    }

    /// The messages of a batch have one id, that of the request.
    async fn claim(
        &self,
        messages: &[IncomingMessage],
    ) -> Result<Option<Box<dyn ClaimGuard>>, Stop> {
        let (Some(store), Some(first)) = (&self.endpoint.store, messages.first()) else {
            return Ok(None);
        };
        let Some(id) = first.id.as_deref() else {
            return Ok(None);
        };
        let content = content(first, &self.body);
        let with_content;
        let key = MessageKey {
            receiver: &self.receiver,
            // An id that nothing signs could be put on any body, before the genuine one arrives. It counts together
            // with what it came with, so that it hides nothing else.
            id: if first.is_signed {
                id
            } else {
                with_content = unsigned_id(id, &content);
                &with_content
            },
            is_signed: first.is_signed,
            content,
        };
        match self.claimed(&**store, key).await? {
            Claim::First(claim) => Ok(Some(claim)),
            // Not a success: the first may still fail, and this may be the sender's last try. Nor a 4xx, which some
            // senders take for final.
            Claim::InProgress => Err(Stop::repeat(Rejection::InProgress)),
            Claim::Handled { same_body: true } => Err(Stop::repeat(StatusCode::OK)),
            Claim::Handled { same_body: false } => Err(self.other_body(first, id)),
        }
    }

    async fn claimed(&self, store: &dyn Deduplicate, key: MessageKey<'_>) -> Result<Claim, Stop> {
        let limits = &self.endpoint.limits;
        let lease = limits.handler_timeout.saturating_add(LEASE_MARGIN);
        match within(limits.storage_timeout, store.claim(key, lease, self.now)).await {
            Some(Ok(claim)) => return Ok(claim),
            Some(Err(error)) => tracing::error!(
                receiver = self.endpoint.name,
                "whether a message came before cannot be known: {}",
                ErrorChain(&*error)
            ),
            None => tracing::error!(
                receiver = self.endpoint.name,
                "whether a message came before was not known within {:?}",
                limits.storage_timeout
            ),
        }
        Err(Stop::Unavailable)
    }

    fn other_body(&self, message: &IncomingMessage, id: &str) -> Stop {
        if self.endpoint.refuses_other_body {
            return Stop::Refused {
                rejection: Rejection::OtherBody,
                event: Some(message.event.clone()),
                id: Some(id.to_owned()),
            };
        }
        let kind = "an id came back with another body; the first is kept";
        if let Some(left_out) = self.endpoint.log.authentic.observe(kind, self.now) {
            tracing::warn!(
                receiver = self.endpoint.name,
                event = %LogText(&message.event, SENDER),
                id = %LogText(id, SENDER),
                left_out,
                "{kind}"
            );
        }
        Stop::repeat(StatusCode::OK)
    }
}

/// What came under an id: the body, and the name of the event where the body does not hold it. Otherwise a genuine
/// body that was first sent under another event's name would hide the genuine request.
fn content(message: &IncomingMessage, body: &Bytes) -> [u8; 32] {
    let mut digest = Sha256::new();
    if !message.is_signed {
        digest.update(message.event.len().to_be_bytes());
        digest.update(&message.event);
    }
    digest.update(body);
    digest.finalize().into()
}

fn unsigned_id(id: &str, content: &[u8; 32]) -> String {
    use std::fmt::Write as _;

    let mut text = format!("{id} ");
    for byte in content {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
