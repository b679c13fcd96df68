//! The networks whose forwarded headers are believed.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::error::UrlError;

/// The reverse proxies in front of this server, by address or network.
///
/// Only requests that come directly from one of these may say with `X-Forwarded-Proto` and
/// `X-Forwarded-Host` what the public URL was. Make sure that the proxies set or remove both headers.
///
/// ```
/// use webhooks_signature::TrustedProxies;
///
/// let proxies = TrustedProxies::new(["10.0.0.0/8", "2001:db8::1"])?;
/// assert!(TrustedProxies::new(["the load balancer"]).is_err());
/// # Ok::<(), webhooks_signature::UrlError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
}

impl TrustedProxies {
    /// Addresses (`10.0.0.7`) and networks (`10.0.0.0/8`), of IPv4 and IPv6.
    ///
    /// # Errors
    /// [`UrlError::Network`] for a text that is neither.
    pub fn new<T: AsRef<str>>(networks: impl IntoIterator<Item = T>) -> Result<Self, UrlError> {
        let networks = networks
            .into_iter()
            .map(|network| parse(network.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self { networks })
    }

    /// Whether a connection from this address is one of them. An IPv4 address inside IPv6 counts as IPv4.
    pub(crate) fn trust(&self, peer: Option<IpAddr>) -> bool {
        peer.is_some_and(|peer| {
            let peer = peer.to_canonical();
            self.networks.iter().any(|network| network.contains(&peer))
        })
    }
}

fn parse(text: &str) -> Result<IpNet, UrlError> {
    let address = || {
        text.parse::<IpAddr>()
            .ok()
            .map(|address| IpNet::from(address.to_canonical()))
    };
    text.parse()
        .ok()
        .or_else(address)
        .ok_or_else(|| UrlError::Network(text.to_owned()))
}
