//! The transport over the network: hyper with a connection pool, rustls with Mozilla's roots, HTTP/2 where offered.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::time::{Instant, timeout_at};

use super::connect::GuardedConnector;
use super::error::HttpClientError;
use super::failure::{is_unprocessed, reason};
use super::identities::Identities;
use super::pool::{ConnectionPool, PoolSettings};
use super::proxy::Proxy;
use super::resolver::{CachedResolver, SystemResolver};
use super::{Answer, AnswerFuture, ClientCertificate, Transport, TransportError};
use crate::guard::{Resolve, TargetPolicy};

/// The transport over the network: HTTP/1.1, or HTTP/2 where the target offers it; connections are kept and used again.
///
/// # When an answer counts
///
/// The status decides. What becomes of the body behind it changes nothing: a success whose body breaks off, hangs or
/// never ends is a success, with as much of the body as came. Without a status there was no answer, and the attempt has
/// failed. A request that the receiver has certainly not processed is sent again, within the same time: nothing of it was
/// sent because the connection had been closed, or the receiver refused its HTTP/2 stream (RFC 9113, section 8.7).
///
/// # Connections
///
/// They are kept for a minute without a request, and for five in all (see [`HttpClientBuilder::max_connection_age`]).
/// One whose peer is gone is noticed within 15 seconds, by HTTP/2's ping and TCP's keep-alive.
///
/// # What is not done
///
/// Redirects are not followed, proxies of the environment not used ([`HttpClientBuilder::proxy`] names one), compressed bodies neither asked for nor unpacked.
/// Beyond the cap a body is not read, and its connection is closed.
///
/// ```
/// use std::time::Duration;
/// use webhooks_sender::target::TargetPolicy;
/// use webhooks_sender::transport::HttpClient;
///
/// let client = HttpClient::builder(TargetPolicy::default()).timeout(Duration::from_secs(15)).build();
/// # let _ = client;
/// ```
pub struct HttpClient {
    connections: ConnectionPool,
    /// With a certificate of the sender's.
    identities: Identities,
    timeout: Duration,
    body_cap: usize,
}

impl HttpClient {
    /// A client that dials what this policy allows.
    pub fn builder(policy: TargetPolicy) -> HttpClientBuilder {
        HttpClientBuilder {
            policy,
            resolver: Arc::new(CachedResolver::new(SystemResolver)),
            proxy: None,
            roots: Vec::new(),
            timeout: Duration::from_secs(20),
            body_cap: 16 * 1024,
            pool: PoolSettings::default(),
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, TransportError> {
        let deadline = Instant::now() + self.timeout;
        let response = timeout_at(deadline, self.respond(request)).await;
        let (head, mut body) = response.map_err(|_| TransportError::Timeout)??.into_parts();
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

    async fn respond(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TransportError> {
        let mut repeats = 0;
        loop {
            let client = match request.extensions().get::<ClientCertificate>() {
                Some(certificate) => self.identities.client(certificate)?,
                None => self.connections.client(),
            };
            match client.request(request.clone()).await {
                Ok(response) => return Ok(response),
                Err(error) if repeats < MAX_REPEATS && is_unprocessed(&error) => repeats += 1,
                Err(error) => return Err(reason(&error)),
            }
        }
    }
}

/// How often a request that was not processed is sent again: a receiver that refuses everything is not asked for ever.
const MAX_REPEATS: u32 = 8;

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
    proxy: Option<String>,
    roots: Vec<Root>,
    timeout: Duration,
    body_cap: usize,
    pool: PoolSettings,
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
    /// host, each with its own concurrent requests.
    pub fn idle_connections(mut self, connections: usize) -> Self {
        self.pool.idle_connections = connections;
        self
    }

    /// How old connections may become before new ones are dialled, so that a name that has moved is resolved again;
    /// 5 minutes by default. Requests under way end where they began.
    pub fn max_connection_age(mut self, age: Duration) -> Self {
        self.pool.max_age = age;
        self
    }

    /// When the peer of an HTTP/2 connection is asked whether it is still there: after so long without a word from it while
    /// requests are under way, with so long for its answer; 10 and 5 seconds by default. Without an answer, the connection
    /// is closed and its requests fail.
    pub fn http2_ping(mut self, after: Duration, timeout: Duration) -> Self {
        self.pool.ping = (after, timeout);
        self
    }

    /// Sends everything through an egress proxy: `http://proxy.internal:3128`, or with credentials
    /// `http://name:password@proxy.internal:3128`. Connections are tunnelled (HTTP CONNECT), so the proxy sees the host
    /// and the port of a target, and nothing of what is sent.
    ///
    /// The proxy resolves names and dials, so it must refuse internal addresses itself. What this machine can tell is
    /// still refused here: literal addresses, and names that resolve here to an address that the policy does not allow.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts this certificate authority in addition to Mozilla's: its certificate in DER.
    #[doc(alias = "tls")]
    pub fn root_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.roots.push(Root::Der(der.into()));
        self
    }

    /// Trusts these certificate authorities in addition to Mozilla's: their certificates in PEM, as they stand in a `.pem` or
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
    /// When a root certificate cannot be parsed, or the proxy's URL cannot be used.
    pub fn build(self) -> Result<HttpClient, HttpClientError> {
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        for certificate in self.roots.into_iter().map(Root::certificates) {
            for certificate in certificate? {
                roots.add(certificate).map_err(HttpClientError::root)?;
            }
        }
        let proxy = self.proxy.as_deref().map(Proxy::parse).transpose()?;
        let dialer = GuardedConnector::new(self.policy, self.resolver, proxy);
        let identities = Identities::new(roots, dialer, self.pool);
        Ok(HttpClient {
            connections: identities.pool(None).map_err(HttpClientError::root)?,
            identities,
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
        let certificates = certificates.map_err(HttpClientError::root)?;
        if certificates.is_empty() {
            return Err(HttpClientError::root(
                "there is no certificate in it; PEM begins with `-----BEGIN`",
            ));
        }
        Ok(certificates)
    }
}

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
