//! Errors as problem documents (RFC 9457): what was found and what to do, the same everywhere.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_sender::{Error, SealError, StateError};

macro_rules! kinds {
    ($($name:ident $status:ident $slug:literal $title:literal,)*) => {
        /// The kinds of problems that this version knows. Later ones may add some.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = concat!($title, ".")] $name,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name, with which its address ends: `not-found`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// What it means, in words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The status with which it is answered.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
        }
    };
}

kinds! {
    Unauthorized UNAUTHORIZED "unauthorized" "The request does not say who asks",
    Forbidden FORBIDDEN "forbidden" "The caller may not do this",
    Refused BAD_REQUEST "refused" "The application refuses the request",
    NotFound NOT_FOUND "not-found" "There is no such thing",
    MethodNotAllowed METHOD_NOT_ALLOWED "method-not-allowed" "The method is not one of this path",
    InvalidQuery BAD_REQUEST "invalid-query" "A query parameter cannot be used",
    InvalidCursor BAD_REQUEST "invalid-cursor" "The cursor is not one of this list",
    InvalidHeader BAD_REQUEST "invalid-header" "A header cannot be used",
    InvalidBody UNPROCESSABLE_ENTITY "invalid-body" "The body does not fit the operation",
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "unsupported-media-type" "The body must be JSON",
    TooLarge PAYLOAD_TOO_LARGE "too-large" "The body is too large",
    OwnerRequired BAD_REQUEST "owner-required" "The operation is for one owner, and none is named",
    InvalidSubscription UNPROCESSABLE_ENTITY "invalid-subscription" "The subscription cannot work",
    InvalidMessage UNPROCESSABLE_ENTITY "invalid-message" "The message cannot be sent",
    KeyReused UNPROCESSABLE_ENTITY "key-reused" "The idempotency key was used for another request",
    KeyInUse CONFLICT "key-in-use" "A request with this idempotency key is under way",
    JobRunning CONFLICT "job-running" "A job that does the same has not ended",
    Conflict CONFLICT "conflict" "The state does not allow it",
    PreconditionFailed PRECONDITION_FAILED "precondition-failed" "It was changed after it was read",
    PreconditionRequired PRECONDITION_REQUIRED "precondition-required" "The change must say what it is made from",
    Unavailable SERVICE_UNAVAILABLE "unavailable" "The service cannot answer now",
    Internal INTERNAL_SERVER_ERROR "internal" "The service failed",
}

/// A problem document (RFC 9457), as it is answered.
///
/// ```
/// use webhooks_api::answer::{ProblemDocument, ProblemKind};
///
/// let text = r#"{"type": "../errors/not-found", "title": "There is no such thing", "status": 404, "detail": "check the id"}"#;
/// let problem: ProblemDocument = serde_json::from_str(text)?;
/// assert_eq!(problem.known_kind(), Some(ProblemKind::NotFound));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    rename = "Problem",
    description = "A problem document, as it is answered."
)]
#[non_exhaustive]
pub struct ProblemDocument {
    /// A URL, relative to the request's, that says what the kind of problem means. Clients must expect kinds that they do
    /// not know.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What was found, and what to do.
    pub detail: String,
    /// For a body: what is wrong, part by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<InvalidPart>,
    /// For `job-running`: the id of the job that has not ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
}

impl ProblemDocument {
    /// Its kind; none for one that this version does not know.
    pub fn known_kind(&self) -> Option<Kind> {
        let slug = self.kind.rsplit('/').next()?;
        Kind::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }
}

/// One part of a body that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PartError")]
#[non_exhaustive]
pub struct InvalidPart {
    /// Where: a JSON pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What was found there, and what is expected.
    pub detail: String,
}

/// A problem, before it is known from where its type is relative.
#[derive(Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    status: StatusCode,
    detail: String,
    errors: Vec<InvalidPart>,
    job: Option<String>,
    challenge: Option<HeaderValue>,
    allow: Option<HeaderValue>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            status: kind.status(),
            detail: detail.into(),
            errors: Vec::new(),
            job: None,
            challenge: None,
            allow: None,
        }))
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            Kind::NotFound,
            "there is no such thing, or it is another owner's; check the id",
        )
    }

    /// What the sender says of a subscription that it was asked for.
    pub(crate) fn of_subscription(error: Error) -> Self {
        let mut problem = Self::from(error);
        if problem.0.kind == Kind::InvalidMessage {
            problem.0.kind = Kind::InvalidSubscription;
        }
        problem
    }

    pub(crate) fn part(mut self, pointer: String, detail: String) -> Self {
        self.0.errors.push(InvalidPart { pointer, detail });
        self
    }

    pub(crate) fn allow(mut self, methods: &str) -> Self {
        self.0.allow = HeaderValue::from_str(methods).ok();
        self
    }

    /// What the application has refused: its status and its challenge are kept, its body is not.
    pub(crate) fn refused(response: &Response) -> Self {
        let status = response.status();
        let (kind, detail) = match status {
            StatusCode::UNAUTHORIZED => (Kind::Unauthorized, "sign in, or send valid credentials"),
            StatusCode::FORBIDDEN => (Kind::Forbidden, "the application does not allow it"),
            StatusCode::NOT_FOUND => (Kind::NotFound, "the application finds no such account"),
            _ if status.is_server_error() => {
                (Kind::Internal, "the application could not say who asks")
            }
            _ => (Kind::Refused, "the application refuses the request"),
        };
        let mut problem = Self::new(kind, detail);
        // A redirect to a login page would tell a client that reads JSON nothing.
        if status.is_client_error() || status.is_server_error() {
            problem.0.status = status;
        } else {
            problem.0.kind = Kind::Unauthorized;
            problem.0.status = StatusCode::UNAUTHORIZED;
        }
        problem.0.challenge = response.headers().get(header::WWW_AUTHENTICATE).cloned();
        problem
    }

    /// The answer to a request whose path has this many segments below the API.
    pub(crate) fn respond(self, depth: usize) -> Response {
        self.respond_at(&"../".repeat(depth.saturating_sub(1)))
    }

    /// The answer to a request from whose path this way leads to the API's root.
    pub(crate) fn respond_at(self, root: &str) -> Response {
        let parts = *self.0;
        let document = ProblemDocument {
            kind: format!("{root}errors/{}", parts.kind.slug()),
            title: parts.kind.title().to_owned(),
            status: parts.status.as_u16(),
            detail: parts.detail,
            errors: parts.errors,
            job: parts.job,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let content_type = (header::CONTENT_TYPE, "application/problem+json");
        let mut response = (parts.status, [content_type], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(challenge) = parts.challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(allow) = parts.allow {
            headers.insert(header::ALLOW, allow);
        }
        if parts.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// What the sender refuses or cannot do. Its texts are made for the people who call.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::NotFound => return Self::not_found(),
            Error::Cursor(_) => Kind::InvalidCursor,
            Error::Subscription(_) | Error::Recipient(_) | Error::Target(_) => {
                Kind::InvalidSubscription
            }
            Error::State(StateError::Changed) => Kind::PreconditionFailed,
            Error::State(_) => Kind::Conflict,
            // As in a program from outside of the application. The id of the key is for the log alone.
            Error::Sealed(SealError::MissingKey(_) | SealError::NoKey) => {
                tracing::warn!(%error, "the webhooks API lacks a sealing key");
                let detail =
                    "this takes a key of the application's that this process does not have";
                return Self::new(Kind::Conflict, detail);
            }
            Error::KeyReused { .. } | Error::RequestKeyReused { .. } => Kind::KeyReused,
            Error::KeyInUse => Kind::KeyInUse,
            Error::JobRunning { .. } => Kind::JobRunning,
            Error::ShutDown => Kind::Unavailable,
            Error::Store(store)
                if store.is_busy() || store.is_disconnected() || store.is_read_only() =>
            {
                Kind::Unavailable
            }
            error if error.is_input() => Kind::InvalidMessage,
            _ => Kind::Internal,
        };
        if matches!(kind, Kind::Internal | Kind::Unavailable) {
            // What the database said is for the log alone.
            tracing::error!(%error, "the webhooks API cannot answer");
            let detail = match kind {
                Kind::Unavailable => "the database is busy or away; try again in a moment",
                _ => "the failure is in the service's log",
            };
            return Self::new(kind, detail);
        }
        let mut problem = Self::new(kind, error.to_string());
        if let Error::JobRunning { job } = &error {
            problem.0.job = Some(job.to_string());
        }
        problem
    }
}
