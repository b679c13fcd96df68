//! Requests go out here and nowhere else: a [`Transport`] takes one and gives what came back.
//!
//! The time-out covers the whole exchange, from resolving to the last byte of the answer; the answer is read to a cap
//! and dropped beyond it. Redirects are not followed, proxies of the environment not asked, compressed answers not
//! unpacked: each of these is a way around the guard or around the cap.

mod connect;
mod error;
mod failure;
mod https;
mod identities;
mod identity;
mod pool;
mod proxy;
mod race;
mod resolver;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use error::HttpClientError;
pub use https::{HttpClient, HttpClientBuilder};
pub use identity::ClientCertificate;
pub(crate) use identity::whole_certificate;
pub use resolver::SystemResolver;

/// What came back, some time later.
pub type AnswerFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Answer, TransportError>> + Send + 'a>>;

/// Sends one request. [`HttpClient`] does it over the network; a test answers itself.
///
/// Another one is given to [`SenderBuilder::transport`](crate::SenderBuilder::transport), for instance to look at
/// everything that goes out:
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use webhooks_sender::transport::{AnswerFuture, HttpClient, Transport};
///
/// struct Noted(HttpClient);
///
/// impl Transport for Noted {
///     fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
///         println!("{} bytes to {:?}", request.body().len(), request.uri().host());
///         self.0.send(request)
///     }
///
///     fn timeout(&self) -> Duration {
///         self.0.timeout()
///     }
/// }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the answer, within the time that the transport was built with.
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_>;

    /// The longest that [`send`](Self::send) takes.
    fn timeout(&self) -> Duration;
}

/// A receiver's answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The first bytes of the body, as many as the transport's cap allows.
    pub body: Bytes,
}

/// Why there is no answer. The texts can be shown to the subscriber: they tell nothing about the sender's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportError {
    /// The exchange was not finished in time.
    Timeout,
    /// The host's name has no address, or one that may not be dialled. One text for both, so that a subscriber cannot
    /// ask what names resolve to inside of the sender's network.
    Host,
    /// No connection could be made.
    Connect,
    /// No encrypted connection could be made: a wrong certificate, or no common protocol.
    Tls,
    /// The connection broke off, or what came is not HTTP.
    Exchange,
    /// The request could not be written: a header or the target is not valid.
    Request,
    /// The authorization server gave no token for the target.
    Token,
    /// The sender's own side is at fault: its network, its name server, its egress proxy, its open files. That does not count
    /// toward switching the subscription off.
    Local,
    /// The sender's own code failed while it made the request.
    Panic,
    /// Each process that made the request ended before there was an outcome, so that it is not made again. That does not
    /// count toward switching the subscription off.
    Crash,
}

impl TransportError {
    /// A short name for metrics and stores: `timeout`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Host => "host",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Exchange => "exchange",
            Self::Request => "request",
            Self::Token => "token",
            Self::Local => "local",
            Self::Panic => "panic",
            Self::Crash => "crash",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "the receiver did not answer in time",
            Self::Host => "the target's host could not be resolved to an address that may be dialled",
            Self::Connect => "no connection could be made to the target",
            Self::Tls => {
                "no encrypted connection could be made: check the target's certificate and its chain"
            }
            Self::Exchange => "the connection broke off, or the answer is not HTTP",
            Self::Request => "the request could not be written: check the subscription's target and headers",
            Self::Token => "the authorization server gave no token: check its address and the client's credentials",
            Self::Local => "the sender could not make the request; that is not the fault of the target",
            Self::Panic => "the sender failed while it made the request; its log says why",
            Self::Crash => "the sender's process ended each time it made the request, so the request is not made again",
        })
    }
}

impl std::error::Error for TransportError {}
