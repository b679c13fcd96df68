//! Dials: resolve, vet every address, connect to a vetted one.
//!
//! It works below TLS and below the connection pool, so no request reaches the network without it. hyper-util's own
//! connector asks no resolver for literals; this one vets them all the same.
//!
//! Through an egress proxy, the proxy resolves the name and dials. The target is vetted here all the same, as far as this
//! machine can: literals always, names where they have an answer here.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tower_service::Service;

use super::proxy::Proxy;
use super::race::race;
use crate::guard::{Resolve, TargetPolicy, VetError, vetted};

/// Connects to vetted addresses only.
#[derive(Clone)]
pub(crate) struct GuardedConnector {
    policy: Arc<TargetPolicy>,
    resolver: Arc<dyn Resolve>,
    proxy: Option<Proxy>,
}

impl GuardedConnector {
    pub(super) fn new(
        policy: TargetPolicy,
        resolver: Arc<dyn Resolve>,
        proxy: Option<Proxy>,
    ) -> Self {
        Self {
            policy: Arc::new(policy),
            resolver,
            proxy,
        }
    }

    async fn dial(self, uri: Uri) -> Result<TcpStream, DialError> {
        let host = uri.host().ok_or(DialError::Host)?;
        let port = uri
            .port_u16()
            .unwrap_or(if uri.scheme_str() == Some("http") {
                80
            } else {
                443
            });
        let addresses = vetted(host, port, &self.policy, &*self.resolver).await;
        let stream = match (&self.proxy, addresses) {
            // The proxy may know a name that this machine does not.
            (Some(proxy), Ok(_) | Err(VetError::NotResolved | VetError::Unasked)) => {
                proxy.dial(uri).await.map_err(DialError::Proxy)?
            }
            (_, addresses) => race(&addresses?, TcpStream::connect)
                .await
                .map_err(DialError::Connect)?,
        };
        keep_watch(&stream).map_err(DialError::Connect)?;
        Ok(stream)
    }
}

/// How long a connection may be silent before the system asks whether the peer is there.
const KEEP_ALIVE_AFTER: Duration = Duration::from_secs(15);
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(5);
/// How long what was written may wait for the peer's system to confirm it.
#[cfg(target_os = "linux")]
const UNCONFIRMED: Duration = Duration::from_secs(20);

/// Has the system notice a peer that is gone without a word, also under HTTP/1.1 and between requests.
fn keep_watch(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let keep_alive = TcpKeepalive::new().with_time(KEEP_ALIVE_AFTER);
    socket.set_tcp_keepalive(&keep_alive.with_interval(KEEP_ALIVE_INTERVAL))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(UNCONFIRMED))?;
    Ok(())
}

impl Service<Uri> for GuardedConnector {
    type Response = TokioIo<TcpStream>;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, DialError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.dial(uri).await.map(TokioIo::new) })
    }
}

/// Why no connection was made.
#[derive(Debug)]
pub(crate) enum DialError {
    /// No address that may be dialled.
    Host,
    /// No name server that answers.
    Unasked,
    /// No address that answers.
    Connect(io::Error),
    /// The egress proxy does not answer, or refuses.
    Proxy(io::Error),
}

impl From<VetError> for DialError {
    fn from(error: VetError) -> Self {
        match error {
            VetError::Unasked => Self::Unasked,
            VetError::NotResolved | VetError::Refused => Self::Host,
        }
    }
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Host => "no address that may be dialled",
            Self::Unasked => "no name server that answers",
            Self::Connect(_) => "no connection",
            Self::Proxy(_) => "no connection through the proxy",
        })
    }
}

impl std::error::Error for DialError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Host | Self::Unasked => None,
            Self::Connect(error) | Self::Proxy(error) => Some(error),
        }
    }
}
