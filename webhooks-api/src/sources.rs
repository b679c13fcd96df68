//! Where requests come from: what customers put into the rules of a firewall.

use std::fmt;
use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The addresses from which webhooks are sent, as single addresses and networks in CIDR notation.
///
/// ```
/// use webhooks_api::Sources;
///
/// let sources = Sources::new(["192.0.2.10", "2001:db8::/48"])?;
/// assert!(Sources::new(["example.com"]).is_err());
/// # let _ = sources;
/// # Ok::<(), webhooks_api::SourcesError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "The addresses from which requests come.")]
pub struct Sources {
    /// Addresses and networks in CIDR notation.
    addresses: Vec<String>,
}

impl Sources {
    /// Addresses and networks in CIDR notation.
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// These addresses and networks.
    ///
    /// # Errors
    ///
    /// When one of them is neither.
    pub fn new<T: Into<String>>(
        addresses: impl IntoIterator<Item = T>,
    ) -> Result<Self, SourcesError> {
        let addresses: Vec<String> = addresses.into_iter().map(Into::into).collect();
        match addresses.iter().find(|text| !is_network(text)) {
            Some(text) => Err(SourcesError(text.clone())),
            None => Ok(Self { addresses }),
        }
    }
}

fn is_network(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// A text that is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcesError(String);

impl fmt::Display for SourcesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is neither an address nor a network; write it as `192.0.2.10` or `192.0.2.0/24`",
            self.0
        )
    }
}

impl std::error::Error for SourcesError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_taken_and_nothing_else() {
        for good in [
            "192.0.2.1",
            "192.0.2.0/24",
            "::1",
            "2001:db8::/32",
            "0.0.0.0/0",
        ] {
            assert!(Sources::new([good]).is_ok(), "{good}");
        }
        for odd in [
            "",
            "a",
            "192.0.2.0/33",
            "::/129",
            "192.0.2.1/",
            "192.0.2.1/-1",
            "1.2.3",
        ] {
            assert!(Sources::new([odd]).is_err(), "{odd}");
        }
    }
}
