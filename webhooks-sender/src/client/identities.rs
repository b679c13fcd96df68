//! Connections by the certificate that the sender shows: one pool for each, because a connection is of one client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hyper_rustls::HttpsConnectorBuilder;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};

use super::connect::GuardedConnector;
use super::pool::{ConnectionPool, PoolSettings, PooledClient};
use super::{ClientCertificate, TransportError};

/// Certificates whose connections are kept. Beyond that, all are dialled anew.
const KEPT: usize = 1000;

/// The pools of connections with a certificate.
pub(super) struct Identities {
    roots: Arc<RootCertStore>,
    dialer: GuardedConnector,
    settings: PoolSettings,
    pools: Mutex<HashMap<ClientCertificate, Arc<ConnectionPool>>>,
}

impl Identities {
    pub(super) fn new(
        roots: RootCertStore,
        dialer: GuardedConnector,
        settings: PoolSettings,
    ) -> Self {
        Self {
            roots: Arc::new(roots),
            dialer,
            settings,
            pools: Mutex::default(),
        }
    }

    /// The client for a request that begins now.
    pub(super) fn client(
        &self,
        certificate: &ClientCertificate,
    ) -> Result<Arc<PooledClient>, TransportError> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(certificate) {
            return Ok(pool.client());
        }
        // It was checked when the subscription was made.
        let key = certificate
            .certified_key()
            .map_err(|_| TransportError::Request)?;
        let pool = self.pool(Some(key)).map_err(|_| TransportError::Request)?;
        if pools.len() >= KEPT {
            pools.clear();
        }
        let pool = pools.entry(certificate.clone()).or_insert(Arc::new(pool));
        Ok(pool.client())
    }

    /// A pool of connections that show this certificate, or none.
    pub(super) fn pool(
        &self,
        key: Option<Arc<CertifiedKey>>,
    ) -> Result<ConnectionPool, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(Arc::clone(&self.roots));
        let tls = match key {
            Some(key) => tls.with_client_cert_resolver(Arc::new(OneCertificate(key))),
            None => tls.with_no_client_auth(),
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(self.dialer.clone());
        Ok(ConnectionPool::new(connector, self.settings))
    }
}

/// Shows the same certificate to every server that asks for one.
#[derive(Debug)]
struct OneCertificate(Arc<CertifiedKey>);

impl ResolvesClientCert for OneCertificate {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let fits = self.0.key.choose_scheme(schemes).is_some();
        fits.then(|| Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
