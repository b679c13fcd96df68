//! The transport over the network: hyper with a connection pool, rustls with Mozilla's roots, HTTP/2 where offered.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use http::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use super::error::ClientError;
use super::transport::{Transport, TransportError};

/// The transport over the network. Redirects are not followed.
#[derive(Clone)]
pub struct Https {
    client: legacy::Client<HttpsConnector<HttpConnector>, Body>,
    allows_plain_http: bool,
}

impl Https {
    /// HTTPS, and plain HTTP to this machine.
    #[expect(
        clippy::missing_panics_doc,
        reason = "it never panics, as the text of `expect` says"
    )]
    pub fn new() -> Self {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring's provider has suites for the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(http);
        Self {
            client: legacy::Client::builder(TokioExecutor::new()).build(connector),
            allows_plain_http: false,
        }
    }

    /// Plain HTTP to any host: for networks that encrypt by other means. A program that listens there reads tokens.
    ///
    /// ```
    /// use webhooks_api::client::{Client, Https};
    ///
    /// let client = Client::over(Https::new().allow_plain_http(), "http://payments.internal/webhooks");
    /// # let _ = client;
    /// assert!(Client::new("http://payments.internal/webhooks").is_err());
    /// ```
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// Refuses what this transport sends no request to.
    pub(super) fn check(&self, address: &str) -> Result<(), ClientError> {
        let refused = |why: &str| Err(ClientError::Request(why.to_owned()));
        let Ok(uri) = address.parse::<Uri>() else {
            return refused("the address of the API is not a URL");
        };
        if uri.query().is_some() {
            return refused("the address of the API must not have a query");
        }
        if self.may_reach(&uri) {
            return Ok(());
        }
        refused(
            "the address of the API must begin with `https://`, so that tokens are not sent in the clear",
        )
    }

    fn may_reach(&self, uri: &Uri) -> bool {
        match (uri.scheme_str(), uri.host()) {
            (Some("https"), Some(_)) => true,
            (Some("http"), Some(host)) => self.allows_plain_http || is_this_machine(host),
            _ => false,
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Default for Https {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Https {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        if !self.may_reach(request.uri()) {
            return Err(TransportError::new(
                "plain HTTP to another machine is not allowed",
            ));
        }
        let response = self.client.request(request).await;
        Ok(response.map_err(TransportError::new)?.map(Body::new))
    }
}

impl fmt::Debug for Https {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Https")
            .field("allows_plain_http", &self.allows_plain_http)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_to_https_and_to_this_machine_alone() {
        let https = Https::new();
        for good in [
            "https://example.com/webhooks",
            "http://127.0.0.1:3000",
            "http://localhost/webhooks",
            "http://[::1]:80/",
        ] {
            assert!(https.check(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com/",
            "http://localhost.example.com/",
            "http://10.0.0.1/",
            "ftp://example.com",
            "/webhooks",
            "example.com",
            "https://example.com/?a=b",
            "",
        ] {
            assert!(https.check(bad).is_err(), "{bad}");
        }
        assert!(
            Https::new()
                .allow_plain_http()
                .check("http://10.0.0.1/")
                .is_ok()
        );
    }
}
