//! The transport over the network: hyper with a connection pool, rustls with Mozilla's roots, HTTP/2 where offered.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::{Instant, timeout_at};

use super::connect::{DialError, GuardedConnector};
use super::{Answer, AnswerFuture, Transport, TransportError};
use crate::guard::{Resolve, SystemResolver, TargetPolicy};

/// The transport over the network: HTTP/1.1, or HTTP/2 where the target offers it; connections are kept and used again.
///
/// # When an answer counts
///
/// The status decides. What becomes of the body behind it changes nothing: a success whose body breaks off, hangs or
/// never ends is a success, with as much of the body as came. Without a status there was no answer, and the attempt has
/// failed. A connection that the receiver closed while it was idle fails no attempt: where nothing of a request has been
/// sent, it is sent over another connection.
///
/// # What is not done
///
/// Redirects are not followed, proxies of the environment not asked, compressed bodies neither asked for nor unpacked.
/// Beyond the cap a body is not read, and its connection is closed.
///
/// ```
/// use std::time::Duration;
/// use webhooks_sender::{HttpClient, TargetPolicy};
///
/// let client = HttpClient::builder(TargetPolicy::default()).timeout(Duration::from_secs(15)).build();
/// # let _ = client;
/// ```
pub struct HttpClient {
    client: Client<HttpsConnector<GuardedConnector>, Full<Bytes>>,
    timeout: Duration,
    body_cap: usize,
}

impl HttpClient {
    /// A client that dials what this policy allows.
    pub fn builder(policy: TargetPolicy) -> HttpClientBuilder {
        HttpClientBuilder {
            policy,
            resolver: Arc::new(SystemResolver),
            roots: Vec::new(),
            timeout: Duration::from_secs(20),
            body_cap: 16 * 1024,
            idle_connections: 256,
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, TransportError> {
        let deadline = Instant::now() + self.timeout;
        let Ok(response) = timeout_at(deadline, self.client.request(request)).await else {
            return Err(TransportError::Timeout);
        };
        let (head, mut body) = response.map_err(|error| reason(&error))?.into_parts();
        let mut read = BytesMut::new();
        if !body.is_end_stream() {
            // The status has decided already: what is missing of the body when time is up changes nothing.
            let _ = timeout_at(deadline, read_to_cap(&mut body, &mut read, self.body_cap)).await;
        }
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: read.freeze(),
        })
    }
}

impl Transport for HttpClient {
    fn send(&self, request: Request<Bytes>) -> AnswerFuture<'_> {
        Box::pin(self.exchange(request.map(Full::new)))
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// How an [`HttpClient`] works. Made by [`HttpClient::builder`].
#[must_use]
pub struct HttpClientBuilder {
    policy: TargetPolicy,
    resolver: Arc<dyn Resolve>,
    roots: Vec<Root>,
    timeout: Duration,
    body_cap: usize,
    idle_connections: usize,
}

impl HttpClientBuilder {
    /// The time for a whole exchange: resolving, connecting, sending, reading the answer. 20 seconds by default;
    /// Standard Webhooks recommends 15 to 30.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How much of an answer's body is read and kept, in bytes; 16 KiB by default.
    pub fn body_cap(mut self, bytes: usize) -> Self {
        self.body_cap = bytes;
        self
    }

    /// How many idle connections are kept per host, for a minute each; 256 by default. Many subscriptions may share a
    /// host, each with its own requests at once.
    pub fn idle_connections(mut self, connections: usize) -> Self {
        self.idle_connections = connections;
        self
    }

    /// Trusts this certificate authority beside Mozilla's: its certificate in DER.
    pub fn root_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.roots.push(Root::Der(der.into()));
        self
    }

    /// Trusts these certificate authorities beside Mozilla's: their certificates in PEM, as they stand in a `.pem` or
    /// `.crt` file, at least one.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(Root::Pem(pem.into()));
        self
    }

    /// Resolves names in another way than the operating system. Its answers are vetted all the same.
    pub fn resolver(mut self, resolver: impl Resolve) -> Self {
        self.resolver = Arc::new(resolver);
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// When a root certificate is none.
    pub fn build(self) -> Result<HttpClient, HttpClientError> {
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        for certificate in self.roots.into_iter().map(Root::certificates) {
            for certificate in certificate? {
                roots.add(certificate).map_err(HttpClientError::of)?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(HttpClientError::of)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(GuardedConnector::new(self.policy, self.resolver));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_mins(1))
            .pool_max_idle_per_host(self.idle_connections)
            .build(connector);
        Ok(HttpClient {
            client,
            timeout: self.timeout,
            body_cap: self.body_cap,
        })
    }
}

/// Certificates as they were given.
enum Root {
    Der(Vec<u8>),
    Pem(Vec<u8>),
}

impl Root {
    fn certificates(self) -> Result<Vec<CertificateDer<'static>>, HttpClientError> {
        let pem = match self {
            Self::Der(der) => return Ok(vec![CertificateDer::from(der)]),
            Self::Pem(pem) => pem,
        };
        let certificates = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
        let certificates = certificates.map_err(HttpClientError::of)?;
        if certificates.is_empty() {
            return Err(HttpClientError(
                "there is no certificate in it; PEM begins with `-----BEGIN`".to_owned(),
            ));
        }
        Ok(certificates)
    }
}

/// Why an [`HttpClient`] cannot be built: a root certificate is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpClientError(String);

impl HttpClientError {
    fn of(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for HttpClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a root certificate cannot be used: {}", self.0)
    }
}

impl std::error::Error for HttpClientError {}

impl fmt::Debug for HttpClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClientBuilder")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// Reads up to `cap` bytes. What comes behind is not read: dropping the body closes the connection. A body that breaks
/// off is as good as a short one.
async fn read_to_cap(body: &mut Incoming, read: &mut BytesMut, cap: usize) {
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else {
            continue;
        };
        read.extend_from_slice(&data[..data.len().min(cap - read.len())]);
        if read.len() == cap {
            return;
        }
    }
}

fn reason(error: &hyper_util::client::legacy::Error) -> TransportError {
    let mut source = error.source();
    while let Some(cause) = source {
        match cause.downcast_ref::<DialError>() {
            Some(DialError::Host) => return TransportError::Host,
            Some(DialError::Connect(_)) => return TransportError::Connect,
            None => {}
        }
        source = cause.source();
    }
    // Dialling has errors of its own, so what else fails while connecting is the handshake.
    if error.is_connect() {
        TransportError::Tls
    } else {
        TransportError::Exchange
    }
}
