//! A complete receiver: its settings, secrets and handlers.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use axum::http::{HeaderValue, Method, StatusCode};
use tokio::sync::Semaphore;
use webhooks_signature::{Secret, Verifier};

use crate::deduplicate::Deduplicate;
use crate::handshake::{Handshakes, SecretExchange};
use crate::late_handlers::LateHandlers;
use crate::layout::Layout;
use crate::log_throttle::LogThrottle;
use crate::lookup::Lookup;
use crate::routes::Routes;

/// A complete receiver, as its route holds it.
pub(crate) struct Endpoint<S> {
    pub(crate) name: String,
    /// Whether the application gave the name, and so vouches that no other receiver on the same store has it.
    pub(crate) is_named: bool,
    pub(crate) methods: Vec<Method>,
    pub(crate) handshakes: Handshakes,
    /// The exchange of `X-Hook-Secret`, where the application takes part in it.
    pub(crate) secret_exchange: Option<SecretExchange<S>>,
    pub(crate) verifier: Box<dyn Verifier>,
    /// In the order in which the verifier counts them.
    pub(crate) secrets: Vec<Secret>,
    /// Finds the secrets of each request; the verifier is then only asked about what needs no secret.
    pub(crate) lookup: Option<Lookup<S>>,
    /// The challenge of a 401, where the scheme has one.
    pub(crate) challenge: Option<&'static str>,
    pub(crate) layout: Layout,
    pub(crate) routes: Routes<S>,
    pub(crate) store: Option<Box<dyn Deduplicate>>,
    /// Whether an id that comes back with another body is answered 409.
    pub(crate) refuses_other_body: bool,
    pub(crate) limits: Limits,
    /// The bytes of bodies that are not verified yet.
    pub(crate) unverified: Semaphore,
    pub(crate) answer_within: Option<Duration>,
    pub(crate) late: LateHandlers,
    pub(crate) unknown: StatusCode,
    pub(crate) clock: Option<Arc<dyn Fn() -> SystemTime + Send + Sync>>,
    /// What of the secrets keeps the ids of an unnamed receiver apart from those of others.
    pub(crate) label: OnceLock<String>,
    pub(crate) log: Logs,
}

/// What a request may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) body: usize,
    pub(crate) body_timeout: Duration,
    /// For a lookup of secrets, a claim, its end and a confirmation.
    pub(crate) storage_timeout: Duration,
    /// For all handlers of a request together.
    pub(crate) handler_timeout: Duration,
}

/// What limits each kind of log line.
#[derive(Debug)]
pub(crate) struct Logs {
    /// Requests that any client can send.
    pub(crate) unauthenticated: LogThrottle,
    /// Requests that were signed and yet refused, events without a handler, hints.
    pub(crate) authentic: LogThrottle,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            unauthenticated: LogThrottle::every(Duration::from_secs(60)),
            authentic: LogThrottle::every(Duration::from_secs(600)),
        }
    }
}

impl<S> Endpoint<S> {
    /// The time for requests, of the application's clock if it gave one.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock
            .as_ref()
            .map_or_else(SystemTime::now, |clock| clock())
    }

    /// The methods for `Allow` (RFC 9110 section 15.5.6).
    pub(super) fn allowed(&self) -> HeaderValue {
        let mut names: Vec<String> = self
            .methods
            .iter()
            .cloned()
            .chain(self.handshakes.methods())
            .map(|method| method.to_string())
            .collect();
        names.dedup();
        // A method is a token, so that a list of them is a header's value.
        HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("POST"))
    }
}
