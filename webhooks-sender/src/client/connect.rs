//! Dials: resolve, vet every address, connect to a vetted one.
//!
//! Below TLS and below the connection pool, so that there is no way to the network around it. hyper-util's own
//! connector asks no resolver for literals; this one vets them all the same.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::race::race;
use crate::guard::{Resolve, TargetPolicy, VetError, vetted};

/// Connects to vetted addresses only.
#[derive(Clone)]
pub(crate) struct GuardedConnector {
    policy: Arc<TargetPolicy>,
    resolver: Arc<dyn Resolve>,
}

impl GuardedConnector {
    pub(crate) fn new(policy: TargetPolicy, resolver: Arc<dyn Resolve>) -> Self {
        Self {
            policy: Arc::new(policy),
            resolver,
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
        let addresses = vetted(host, port, &self.policy, &*self.resolver).await?;
        let stream = race(&addresses, TcpStream::connect)
            .await
            .map_err(DialError::Connect)?;
        stream.set_nodelay(true).map_err(DialError::Connect)?;
        Ok(stream)
    }
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
    /// No address that answers.
    Connect(io::Error),
}

impl From<VetError> for DialError {
    fn from(_: VetError) -> Self {
        Self::Host
    }
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Host => "no address that may be dialled",
            Self::Connect(_) => "no connection",
        })
    }
}

impl std::error::Error for DialError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Host => None,
            Self::Connect(error) => Some(error),
        }
    }
}
