//! Dials: resolve, vet every address, connect to a vetted one.
//!
//! Below TLS and below the connection pool, so that there is no way to the network around it. hyper-util's own
//! connector asks no resolver for literals; this one vets them all the same.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tower_service::Service;

use crate::guard::{Resolve, TargetPolicy, VetError, vetted};

/// Connects to vetted addresses only.
#[derive(Clone)]
pub(crate) struct GuardedConnector {
    policy: Arc<TargetPolicy>,
    resolver: Arc<dyn Resolve>,
}

impl GuardedConnector {
    pub(crate) fn new(policy: TargetPolicy, resolver: Arc<dyn Resolve>) -> Self {
        Self { policy: Arc::new(policy), resolver }
    }

    async fn dial(self, uri: Uri) -> Result<TcpStream, DialError> {
        let host = uri.host().ok_or(DialError::Host)?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let addresses = vetted(host, port, &self.policy, &*self.resolver).await?;
        first_that_answers(&addresses, dialled).await.map_err(DialError::Connect)
    }
}

/// How long an address has before the next one is tried beside it (RFC 8305, section 5): a host whose IPv6 leads
/// nowhere is reached over IPv4 all the same.
const HEAD_START: Duration = Duration::from_millis(250);
/// The most addresses of one name that are dialled.
const MOST_ADDRESSES: usize = 8;

/// The first connection that stands. The addresses are tried in the resolver's order, each a little after the one
/// before it, or at once when that has failed.
async fn first_that_answers<T, F>(
    addresses: &[SocketAddr],
    connect: impl Fn(SocketAddr) -> F,
) -> io::Result<T>
where
    T: Send + 'static,
    F: Future<Output = io::Result<T>> + Send + 'static,
{
    let mut waiting = addresses.iter().copied().take(MOST_ADDRESSES).peekable();
    let (mut tried, mut last) = (JoinSet::new(), io::Error::from(io::ErrorKind::NotFound));
    loop {
        match waiting.next() {
            Some(address) => _ = tried.spawn(connect(address)),
            None if tried.is_empty() => return Err(last),
            None => {}
        }
        tokio::select! {
            Some(ended) = tried.join_next() => match ended {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(error)) => last = error,
                Err(panicked) => last = io::Error::other(panicked),
            },
            () = tokio::time::sleep(HEAD_START), if waiting.peek().is_some() => {}
        }
    }
}

async fn dialled(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn addresses(count: u8) -> Vec<SocketAddr> {
        (1..=count).map(|last| SocketAddr::from(([192, 0, 2, last], 443))).collect()
    }

    fn refused() -> io::Error {
        io::Error::from(io::ErrorKind::ConnectionRefused)
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_leads_nowhere_delays_the_next_one_a_little() {
        let (started, addresses) = (tokio::time::Instant::now(), addresses(3));
        let last = addresses[2];
        let connected = first_that_answers(&addresses, move |address| async move {
            match address {
                address if address == last => Ok(address),
                _ => std::future::pending().await,
            }
        });
        assert_eq!(connected.await.expect("the third answers"), last);
        assert_eq!(started.elapsed(), HEAD_START * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_refuses_delays_nothing_and_the_last_error_is_told() {
        let (started, addresses) = (tokio::time::Instant::now(), addresses(3));
        let last = addresses[2];
        let one = first_that_answers(&addresses, move |address| async move {
            if address == last { Ok(()) } else { Err(refused()) }
        });
        one.await.expect("the third answers");
        let none = first_that_answers(&addresses, async |_| Err::<(), _>(refused())).await;
        assert_eq!(none.expect_err("none answers").kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_name_with_very_many_addresses_is_not_dialled_at_all_of_them() {
        let (dialled, addresses) = (AtomicUsize::new(0), addresses(200));
        let none = first_that_answers(&addresses, |_| {
            dialled.fetch_add(1, Ordering::Relaxed);
            async { Err::<(), _>(refused()) }
        });
        none.await.expect_err("none answers");
        assert_eq!(dialled.load(Ordering::Relaxed), MOST_ADDRESSES);
    }
}
