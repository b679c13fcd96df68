//! An egress proxy: connections to targets are tunnelled through it (HTTP CONNECT, RFC 9110, section 9.3.6).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use tower_service::Service;
use url::Url;

use super::error::HttpClientError;

/// Where the proxy is, and with which credentials.
#[derive(Clone)]
pub(super) struct Proxy {
    tunnel: Tunnel<ProxyConnector>,
}

impl Proxy {
    /// From `http://proxy.internal:3128`, with name and password in it where the proxy asks for them.
    pub(super) fn parse(text: &str) -> Result<Self, HttpClientError> {
        // The text may hold a password, so no error shows it.
        let url = Url::parse(text).map_err(|_| HttpClientError::Proxy("it is not a URL"))?;
        let host = url
            .host_str()
            .ok_or(HttpClientError::Proxy("it names no host"))?;
        if url.scheme() != "http" {
            return Err(HttpClientError::Proxy("it must begin with `http://`"));
        }
        let address = format!(
            "http://{host}:{}/",
            url.port_or_known_default().unwrap_or(80)
        );
        let address: Uri = address
            .parse()
            .map_err(|_| HttpClientError::Proxy("its host cannot be used"))?;
        let mut tunnel = Tunnel::new(address, ProxyConnector);
        if !url.username().is_empty() {
            tunnel = tunnel.with_auth(credentials(&url)?);
        }
        Ok(Self { tunnel })
    }

    pub(super) async fn dial(&self, target: Uri) -> Result<TcpStream, io::Error> {
        let stream = self.tunnel.clone().call(target).await;
        Ok(stream.map_err(io::Error::other)?.into_inner())
    }
}

/// RFC 7617, after undoing the URL's own encoding.
fn credentials(url: &Url) -> Result<HeaderValue, HttpClientError> {
    let mut plain: Vec<u8> = percent_decode_str(url.username()).collect();
    plain.push(b':');
    plain.extend(percent_decode_str(url.password().unwrap_or_default()));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(plain)))
        .map_err(|_| HttpClientError::Proxy("its credentials cannot be used"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Connects to the proxy, which the operator has named: its address is not vetted.
#[derive(Clone, Copy)]
struct ProxyConnector;

impl Service<Uri> for ProxyConnector {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        Box::pin(async move {
            let host = proxy.host().unwrap_or_default();
            let host = host.trim_start_matches('[').trim_end_matches(']');
            let stream = TcpStream::connect((host, proxy.port_u16().unwrap_or(80))).await?;
            Ok(TokioIo::new(stream))
        })
    }
}
