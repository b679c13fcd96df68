//! What every way of authenticating a request has in common.

use std::time::SystemTime;

use crate::error::{Rejection, RejectionKind};
use crate::request::Request;

/// Decides whether a request comes from the party that it should come from.
///
/// [`SchemeVerifier`](crate::SchemeVerifier) implements it for everything that a [`Scheme`](crate::Scheme) can describe,
/// [`MessageSignatureVerifier`](crate::MessageSignatureVerifier) for RFC 9421. Implement it for what does not fit:
/// certificates fetched beforehand, signatures inside the payload, a client certificate that the transport has checked.
///
/// Headers and body of the request can be read, and its [method](Request::method_text), [URL](Request::url_text) and
/// [peer](Request::peer_address).
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

    /// What is certain before the body is there, which is empty in `request`: a header that is missing or malformed, a
    /// time that is over. A receiver asks this before it waits for a body, so that it buffers none for a request that
    /// cannot be authentic; a small body that has come with its head is verified without asking.
    ///
    /// A request that passes has not been verified. By default all pass.
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

/// Accepts what any of several verifiers accepts, for a provider that moves from one scheme to another. Without verifiers
/// nothing passes.
///
/// The rejection is the one that tells most: a signature that is right but stale, then one that does not match; malformed
/// only if it is that for every verifier.
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
        self.first(|index, verifier| {
            let verified = verifier.verify(request, now)?;
            Ok(Verified {
                verifier: index,
                ..verified
            })
        })
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        self.first(|_, verifier| verifier.precheck(request, now))
    }
}

impl<V> AnyOf<V> {
    fn first<T>(&self, ask: impl Fn(usize, &V) -> Result<T, Rejection>) -> Result<T, Rejection> {
        let mut telling: Option<Rejection> = None;
        for (index, verifier) in self.verifiers.iter().enumerate() {
            let rejection = match ask(index, verifier) {
                Ok(answer) => return Ok(answer),
                Err(rejection) => rejection,
            };
            let tells_more = telling
                .as_ref()
                .is_none_or(|other| weight(rejection.kind()) > weight(other.kind()));
            if tells_more {
                telling = Some(rejection);
            }
        }
        Err(telling.unwrap_or_else(|| Rejection::because("there is no verifier to ask")))
    }
}

/// How much a kind tells about a request that several verifiers refused. Every other scheme finds it malformed or misses
/// its own header, which tells nothing.
fn weight(kind: RejectionKind) -> u8 {
    match kind {
        RejectionKind::Missing => 0,
        RejectionKind::Malformed => 1,
        RejectionKind::Other => 2,
        RejectionKind::Mismatch => 3,
        RejectionKind::Stale => 4,
    }
}

/// What a verification established. Only what the signature covers is in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub(crate) id: Option<String>,
    pub(crate) timestamp: Option<SystemTime>,
    pub(crate) secret: usize,
    pub(crate) verifier: usize,
}

impl Verified {
    /// Authenticated, with nothing else known.
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

    /// Which verifier of an [`AnyOf`] accepted, counted from 0; 0 without one.
    pub fn verifier(&self) -> usize {
        self.verifier
    }
}
