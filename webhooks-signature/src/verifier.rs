//! What every way of authenticating a request has in common.

use std::time::SystemTime;

use crate::error::{Reason, Rejection};
use crate::request::Request;

/// Decides whether a request comes from who it should.
///
/// [`SchemeVerifier`](crate::SchemeVerifier) implements it for everything a [`Scheme`](crate::Scheme) can
/// say. Implement it for what does not fit: certificates fetched beforehand, signatures inside the payload,
/// RFC 9421, a client certificate that the transport has checked.
///
/// ```
/// use std::time::SystemTime;
/// use webhooks_signature::{Rejection, Request, Verified, Verifier};
///
/// /// The proxy has checked a client certificate and says whose it is.
/// struct ClientCertificate(&'static str);
///
/// impl Verifier for ClientCertificate {
///     fn verify(&self, request: &Request<'_>, _now: SystemTime) -> Result<Verified, Rejection> {
///         match request.headers().value("x-client-subject", 0) {
///             Some(subject) if subject == self.0.as_bytes() => Ok(Verified::new()),
///             _ => Err(Rejection::because("another client certificate")),
///         }
///     }
/// }
///
/// let verifier: Box<dyn Verifier> = Box::new(ClientCertificate("CN=bank"));
/// let headers = [("X-Client-Subject", "CN=bank")];
/// assert!(verifier.verify(&Request::new(&headers, b"{}"), SystemTime::now()).is_ok());
/// ```
pub trait Verifier: Send + Sync {
    /// Authenticates a request at the time `now`.
    ///
    /// # Errors
    /// A [`Rejection`], which says the same to the outside whatever was wrong.
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection>;

    /// What can be told before the body is there, which `request` has empty: a header that is missing or not in its
    /// form, a time that is over. A receiver asks this first, so that it keeps no body that nobody signed.
    ///
    /// Who passes has not been verified. Nothing is refused here unless an implementation says so.
    ///
    /// # Errors
    /// A [`Rejection`] for what [`verify`](Self::verify) would refuse whatever the body is.
    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        let _ = (request, now);
        Ok(())
    }
}

impl<V: Verifier + ?Sized> Verifier for &V {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        (**self).verify(request, now)
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        (**self).precheck(request, now)
    }
}

impl<V: Verifier + ?Sized> Verifier for Box<V> {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        (**self).verify(request, now)
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        (**self).precheck(request, now)
    }
}

impl<V: Verifier + ?Sized> Verifier for std::sync::Arc<V> {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        (**self).verify(request, now)
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        (**self).precheck(request, now)
    }
}

/// Accepts what any of several verifiers accepts: a provider that moves from one scheme to another, or v1 and
/// v1a of Standard Webhooks side by side. The rejection is the last one's; without verifiers nothing passes.
///
/// ```
/// use webhooks_signature::{AnyOf, Scheme, Secret};
///
/// let old = Scheme::GITLAB_TOKEN.verifier([Secret::new("token")?])?;
/// let new = Scheme::GITLAB_SIGNED.verifier([Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?])?;
/// let either = AnyOf::new([new, old]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AnyOf<V> {
    verifiers: Vec<V>,
}

impl<V: Verifier> AnyOf<V> {
    /// Tries these in order.
    pub fn new(verifiers: impl IntoIterator<Item = V>) -> Self {
        Self {
            verifiers: verifiers.into_iter().collect(),
        }
    }
}

impl<V: Verifier> Verifier for AnyOf<V> {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        self.first(|verifier| verifier.verify(request, now))
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        self.first(|verifier| verifier.precheck(request, now))
    }
}

impl<V> AnyOf<V> {
    fn first<T>(&self, ask: impl Fn(&V) -> Result<T, Rejection>) -> Result<T, Rejection> {
        let nothing = Err(Rejection::new(Reason::Other(
            "there is no verifier to ask".into(),
        )));
        self.verifiers
            .iter()
            .fold(nothing, |found, verifier| found.or_else(|_| ask(verifier)))
    }
}

/// What a verification established. Only what the signature covers is in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    id: Option<String>,
    timestamp: Option<SystemTime>,
    secret: usize,
}

impl Verified {
    /// Authenticated, with nothing known beside that.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the message id, for verifiers of your own.
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the time, for verifiers of your own.
    pub fn with_timestamp(mut self, timestamp: SystemTime) -> Self {
        self.timestamp = Some(timestamp);
        self
    }

    /// Sets which secret matched, for verifiers of your own.
    pub fn with_secret(mut self, index: usize) -> Self {
        self.secret = index;
        self
    }

    /// The message id, if the scheme signs one: the key to deduplicate by.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// When the request was signed, if the scheme signs that.
    pub fn timestamp(&self) -> Option<SystemTime> {
        self.timestamp
    }

    /// Which secret matched, counted from 0 in the order given. When nothing but the newest matches any more,
    /// the old ones can go.
    pub fn secret(&self) -> usize {
        self.secret
    }
}
