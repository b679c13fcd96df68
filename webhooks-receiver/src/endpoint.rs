//! The way of a request: method, handshake, body, signature, names, repeat, handlers, answer.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use webhooks_signature::{Secret, Verifier};

use crate::authenticate::{authenticate, precheck};
use crate::body;
use crate::deduplicate::{Claim, ClaimGuard, Deduplicate, MessageKey};
use crate::dispatch;
use crate::error_chain::ErrorChain;
use crate::handshake::Handshake;
use crate::layout::{AuthenticRequest, Layout};
use crate::log_throttle::LogThrottle;
use crate::lookup::{Keys, Lookup, LookupError};
use crate::message::IncomingMessage;
use crate::rejection::Rejection;
use crate::report::Report;
use crate::routes::Routes;

/// A receiver that is complete and receives.
pub(crate) struct Endpoint<S> {
    pub(crate) name: String,
    pub(crate) methods: Vec<Method>,
    pub(crate) handshakes: Vec<Handshake>,
    pub(crate) verifier: Box<dyn Verifier>,
    /// In the order in which the verifier counts them.
    pub(crate) secrets: Vec<Secret>,
    /// Finds the secrets of each request; the verifier is then only asked about what needs none.
    pub(crate) lookup: Option<Lookup<S>>,
    /// The challenge of a 401, where the scheme has one.
    pub(crate) challenge: Option<&'static str>,
    pub(crate) layout: Layout,
    pub(crate) routes: Routes<S>,
    pub(crate) memory: Option<Box<dyn Deduplicate>>,
    /// Whether an id that comes back with another body is answered 409.
    pub(crate) refuses_other_body: bool,
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: Duration,
    pub(crate) answer_within: Option<Duration>,
    pub(crate) unknown: StatusCode,
    /// When the log was last told that requests come in another form.
    pub(crate) hinted: LogThrottle,
}

/// A request that goes no further.
enum Stop {
    /// A handshake, or a repeat.
    Answered(Box<Report>),
    Rejected(Rejection),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Self::Answered(Box::new(Report::only(response)))
    }
}

/// What a request brought, verified and claimed. It owns all of it, so that it can be handled in a task of its own.
struct Accepted {
    messages: Vec<IncomingMessage>,
    claim: Option<Box<dyn ClaimGuard>>,
}

impl<S: Send + Sync + 'static> Endpoint<S> {
    /// Receives a request at the time `now`.
    pub(crate) async fn receive(
        self: Arc<Self>,
        request: Request,
        state: S,
        now: SystemTime,
    ) -> Report {
        let (mut parts, body) = request.into_parts();
        match self.accept(&mut parts, body, &state, now).await {
            Ok(accepted) => self.answer(accepted, parts, state, now).await,
            Err(Stop::Answered(report)) => *report,
            Err(Stop::Rejected(rejection)) => self.rejected(rejection),
        }
    }

    /// Verifies a request and finds the messages in it. No handler has run yet.
    async fn accept(
        &self,
        parts: &mut Parts,
        body: Body,
        state: &S,
        now: SystemTime,
    ) -> Result<Accepted, Stop> {
        for handshake in &self.handshakes {
            if let Some(response) = handshake.before_body(parts).await {
                return Err(response.into());
            }
        }
        if !self.methods.contains(&parts.method) {
            return Err(Rejection::MethodNotAllowed(self.allowed()).into());
        }
        // Whoever cannot sign shall not make us keep bodies, or look secrets up. What a handshake reads there comes
        // unsigned.
        let precheck = |parts: &Parts| {
            precheck(&*self.verifier, parts, now).map_err(|rejection| self.refused(&rejection))
        };
        let may_be_unsigned = self
            .handshakes
            .iter()
            .any(|one| one.reads_unsigned_bodies(parts));
        if !may_be_unsigned {
            precheck(parts)?;
        }
        let body = body::read(&parts.headers, body, self.body_limit, self.body_timeout).await?;
        if let Some(response) = self
            .handshakes
            .iter()
            .find_map(|one| one.before_verification(parts, &body))
        {
            return Err(response.into());
        }
        if may_be_unsigned {
            precheck(parts)?;
        }
        let keys = self.keys(parts, state).await?;
        let (asked, secrets): (&dyn Verifier, _) = match &keys {
            Some(keys) => (keys, &keys.secrets),
            None => (&*self.verifier, &self.secrets),
        };
        let verified =
            authenticate(asked, parts, &body, now).map_err(|rejection| self.refused(&rejection))?;
        let secret = secrets.get(verified.secret());
        if let Some(response) = self
            .handshakes
            .iter()
            .find_map(|one| one.after_verification(&body, secret))
        {
            return Err(response.into());
        }
        let parameter = self.path_parameter(parts).await;
        let path_parameter = parameter.as_deref();
        let request = AuthenticRequest {
            headers: &parts.headers,
            body: &body,
            verified: &verified,
            path_parameter,
        };
        let messages = self.layout.messages(&request);
        let event = messages
            .as_ref()
            .ok()
            .and_then(|messages| messages.first())
            .map(|one| &*one.event);
        self.hint(&request, event, now);
        let messages = messages?;
        let receiver = keys.map_or(Cow::Borrowed(&*self.name), |keys| {
            keys.label(&self.name).into()
        });
        let claim = self.claim(&receiver, &messages, &body, now).await?;
        Ok(Accepted { messages, claim })
    }

    /// The keys of this request, where they are looked up.
    async fn keys(&self, parts: &mut Parts, state: &S) -> Result<Option<Keys>, Rejection> {
        let Some(lookup) = &self.lookup else {
            return Ok(None);
        };
        let keys = lookup
            .keys(&self.name, parts, state)
            .await
            .map_err(|problem| {
                match problem {
                    LookupError::Failed(error) => {
                        tracing::error!(
                            receiver = self.name,
                            "the secrets could not be looked up: {}",
                            ErrorChain(&*error)
                        );
                    }
                    LookupError::Extractor(status) => tracing::error!(
                        receiver = self.name,
                        "the secrets could not be looked up: an extractor answered {}",
                        status.as_u16()
                    ),
                }
                Rejection::Unavailable
            })?;
        Ok(Some(keys))
    }

    fn refused(&self, rejection: &webhooks_signature::Rejection) -> Rejection {
        tracing::warn!(
            receiver = self.name,
            "not authenticated: {}",
            rejection.reason()
        );
        Rejection::NotAuthenticated(self.challenge)
    }

    /// Tells whoever chose the other of our own sender's two forms, once in a while.
    fn hint(&self, request: &AuthenticRequest<'_>, event: Option<&str>, now: SystemTime) {
        if let Some(hint) = self.layout.wrong_form(request, event)
            && self.hinted.is_due(now)
        {
            tracing::warn!(receiver = self.name, "{hint}");
        }
    }

    /// The messages of a batch have one id, that of the request.
    async fn claim(
        &self,
        receiver: &str,
        messages: &[IncomingMessage],
        body: &Bytes,
        now: SystemTime,
    ) -> Result<Option<Box<dyn ClaimGuard>>, Stop> {
        let id = messages.first().and_then(|message| message.id.as_deref());
        let (Some(memory), Some(id)) = (&self.memory, id) else {
            return Ok(None);
        };
        let key = MessageKey {
            receiver,
            id,
            body: Sha256::digest(body).into(),
        };
        let claim = memory.claim(key, now).await.map_err(|error| {
            tracing::error!(
                receiver = self.name,
                "whether a message came before cannot be known: {}",
                ErrorChain(&*error)
            );
            Rejection::Unavailable
        })?;
        match claim {
            Claim::First(claim) => Ok(Some(claim)),
            // Not a success: the first may still fail, and this may be the sender's last try. Nor a 4xx, which some
            // senders take for final.
            Claim::InProgress => Err(repeat(Rejection::InProgress)),
            Claim::Handled { same_body: true } => Err(repeat(StatusCode::OK)),
            Claim::Handled { same_body: false } => {
                tracing::warn!(
                    receiver = self.name,
                    id,
                    "an id came back with another body; the first is kept"
                );
                Err(if self.refuses_other_body {
                    Rejection::OtherBody.into()
                } else {
                    repeat(StatusCode::OK)
                })
            }
        }
    }

    /// Calls the handlers, and answers when they are done or the time is up.
    async fn answer(
        self: Arc<Self>,
        accepted: Accepted,
        parts: Parts,
        state: S,
        now: SystemTime,
    ) -> Report {
        let Some(limit) = self.answer_within else {
            return self.handle(accepted, parts, state, now).await;
        };
        let name = self.name.clone();
        // A task of its own, which goes on when this one has answered.
        let task = tokio::spawn(self.handle(accepted, parts, state, now));
        match tokio::time::timeout(limit, task).await {
            Ok(Ok(report)) => report,
            Ok(Err(_)) => Report::of(Vec::new(), StatusCode::INTERNAL_SERVER_ERROR),
            Err(_) => {
                tracing::info!(receiver = name, "answered before the handlers were done");
                Report::only(StatusCode::ACCEPTED.into_response())
            }
        }
    }

    async fn handle(
        self: Arc<Self>,
        accepted: Accepted,
        mut parts: Parts,
        state: S,
        now: SystemTime,
    ) -> Report {
        let ran = dispatch::run(&self.routes, &accepted.messages, &mut parts, &state).await;
        let report = Report::of(ran, self.unknown);
        if let Some(claim) = accepted
            .claim
            .filter(|_| report.response.status().is_success())
            && let Err(error) = claim.finish(now).await
        {
            tracing::error!(
                receiver = self.name,
                "a handled message could not be remembered: {}",
                ErrorChain(&*error)
            );
        }
        report
    }

    async fn path_parameter(&self, parts: &mut Parts) -> Option<String> {
        let wanted = self.layout.path_parameter()?;
        let parameters = RawPathParams::from_request_parts(parts, &()).await.ok()?;
        parameters
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value.to_owned())
    }

    fn rejected(&self, rejection: Rejection) -> Report {
        tracing::debug!(
            receiver = self.name,
            status = rejection.status().as_u16(),
            "{}",
            rejection.text()
        );
        let problem = rejection.text().to_owned();
        Report::rejected(rejection, problem)
    }

    /// The methods for `Allow` (RFC 9110 section 15.5.6).
    fn allowed(&self) -> HeaderValue {
        let handshakes = self.handshakes.iter().filter_map(Handshake::method);
        let mut names: Vec<String> = self
            .methods
            .iter()
            .cloned()
            .chain(handshakes)
            .map(|method| method.to_string())
            .collect();
        names.dedup();
        // A method is a token, so that a list of them is a header's value.
        HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("POST"))
    }
}

fn repeat(answer: impl IntoResponse) -> Stop {
    Stop::Answered(Box::new(Report::duplicate(answer)))
}
