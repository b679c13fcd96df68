//! The connections that are kept, and when they are given up.
//!
//! hyper-util's pool keeps a busy connection for ever. A name that moved to another address would then never be resolved
//! again, so the pool as a whole is replaced now and then: requests under way end on their connections, new ones dial.
//! Within a pool, HTTP/2 connections are asked whether the peer is still there: a NAT or a balancer that forgot a
//! connection swallows what comes on it, and a time-out ends the stream, not the connection.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::Instant;

use super::connect::GuardedConnector;

pub(super) type Connector = HttpsConnector<GuardedConnector>;
pub(super) type PooledClient = Client<Connector, Full<Bytes>>;

/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_mins(1);

/// What a pool is asked to do.
#[derive(Clone, Copy)]
pub(super) struct PoolSettings {
    /// Kept per host.
    pub(super) idle_connections: usize,
    pub(super) max_age: Duration,
    /// How long an HTTP/2 connection with requests under way may be silent before the peer is asked, and how long the
    /// peer has for its answer.
    pub(super) ping: (Duration, Duration),
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            idle_connections: 256,
            max_age: Duration::from_mins(5),
            ping: (Duration::from_secs(10), Duration::from_secs(5)),
        }
    }
}

pub(super) struct ConnectionPool {
    connector: Connector,
    settings: PoolSettings,
    current: Mutex<(Arc<PooledClient>, Instant)>,
}

impl ConnectionPool {
    pub(super) fn new(connector: Connector, settings: PoolSettings) -> Self {
        let client = Arc::new(client(connector.clone(), settings));
        Self {
            connector,
            settings,
            current: Mutex::new((client, Instant::now())),
        }
    }

    /// The client for a request that begins now.
    pub(super) fn client(&self) -> Arc<PooledClient> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.1.elapsed() >= self.settings.max_age {
            let fresh = client(self.connector.clone(), self.settings);
            *current = (Arc::new(fresh), Instant::now());
        }
        Arc::clone(&current.0)
    }
}

fn client(connector: Connector, settings: PoolSettings) -> PooledClient {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(settings.idle_connections)
        .timer(TokioTimer::new())
        .http2_keep_alive_interval(settings.ping.0)
        .http2_keep_alive_timeout(settings.ping.1)
        .build(connector)
}
