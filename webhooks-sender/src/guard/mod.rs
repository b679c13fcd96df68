//! The guard against server-side request forgery: which targets may be subscribed, and which addresses dialled.
//!
//! A target is checked when it is subscribed *and* at each attempt, and a name's addresses are vetted between resolving
//! and dialling: the address that was vetted is the address that is dialled, so nothing can change in between. One
//! refused address refuses the name. Literals take the same way.

mod address;
mod resolve;
mod target;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use ipnet::{IpNet, Ipv6Net};

pub use address::AddressClass;
pub use resolve::{Resolve, ResolveFuture};
pub(crate) use resolve::{VetError, vetted};
pub use target::{Target, TargetError};

/// Which targets are accepted.
///
/// The default: `https` alone, ports 443 and 1024 upward, addresses of the public internet, names with a dot. What is
/// allowed beyond that is for development, or for targets in one's own network.
///
/// ```
/// use webhooks_sender::target::TargetPolicy;
///
/// let policy = TargetPolicy::default();
/// assert!(policy.check("https://example.com/hook").is_ok());
/// assert!(policy.check("http://example.com/hook").is_err());
/// assert!(policy.check("https://0x7f.1/hook").is_err());
///
/// let internal = TargetPolicy::default().allow_net("10.1.0.0/16".parse().unwrap());
/// assert!(internal.check("https://10.1.2.3/hook").is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetPolicy {
    http: bool,
    ports: Vec<RangeInclusive<u16>>,
    nets: Vec<IpNet>,
    denied_nets: Vec<IpNet>,
    nat64_prefixes: Vec<Ipv6Net>,
    hosts: Vec<String>,
}

impl Default for TargetPolicy {
    fn default() -> Self {
        Self {
            http: false,
            ports: vec![443..=443, 1024..=u16::MAX],
            nets: Vec::new(),
            denied_nets: Vec::new(),
            nat64_prefixes: Vec::new(),
            hosts: Vec::new(),
        }
    }
}

impl TargetPolicy {
    /// For development alone: in addition to what the default accepts also `http`, any port, and this machine itself, as
    /// `localhost`, `127.0.0.1` or `[::1]`, or from inside of a container as `host.docker.internal`.
    ///
    /// In production, a subscriber could make the sender reach every service that listens on its machine.
    ///
    /// ```
    /// use webhooks_sender::target::TargetPolicy;
    ///
    /// let policy = TargetPolicy::development();
    /// assert!(policy.check("http://localhost:3000/hook").is_ok());
    /// assert!(policy.check("http://10.0.0.1/hook").is_err());
    /// ```
    pub fn development() -> Self {
        let loopback = [
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ];
        let nets = loopback
            .map(|address| IpNet::new_assert(address, if address.is_ipv4() { 8 } else { 128 }));
        Self {
            nets: nets.map(|net| net.trunc()).to_vec(),
            ..Self::default()
        }
        .allow_http()
        .ports([1..=u16::MAX])
        .allow_host("localhost")
        .allow_host("host.docker.internal")
    }

    /// Accepts `http` in addition to `https`, and port 80.
    ///
    /// Every host on the way can read and repeat such requests.
    pub fn allow_http(mut self) -> Self {
        self.http = true;
        self.ports.push(80..=80);
        self
    }

    /// Accepts these ports and no others.
    pub fn ports(mut self, ports: impl IntoIterator<Item = RangeInclusive<u16>>) -> Self {
        self.ports = ports.into_iter().collect();
        self
    }

    /// Accepts addresses of this network, whatever their kind.
    pub fn allow_net(mut self, net: IpNet) -> Self {
        self.nets.push(net);
        self
    }

    /// Refuses addresses of this network, whatever else allows them: also those of a host that was allowed by name.
    ///
    /// For internal hosts with addresses of the public internet, as IPv6 networks of the clouds have them: this list is
    /// asked before everything else.
    ///
    /// ```
    /// use webhooks_sender::target::TargetPolicy;
    ///
    /// let policy = TargetPolicy::default().deny_net("2600:1f18::/36".parse().unwrap());
    /// assert!(policy.check("https://[2600:1f18::1]/hook").is_err());
    /// ```
    pub fn deny_net(mut self, net: IpNet) -> Self {
        self.denied_nets.push(net);
        self
    }

    /// Names a NAT64 prefix of this network (RFC 6052): an address below it is judged by the IPv4 address inside, which
    /// is where the translator connects to. The well-known prefix `64:ff9b::/96` is known without being named.
    pub fn nat64_prefix(mut self, prefix: Ipv6Net) -> Self {
        self.nat64_prefixes.push(prefix);
        self
    }

    /// Accepts this host and whatever addresses its name resolves to: a service in one's own network.
    ///
    /// A person who can change what the name resolves to can make the sender reach any address.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into().to_ascii_lowercase());
        self
    }

    /// Reads and checks a target, without resolving its name.
    ///
    /// # Errors
    ///
    /// What is wrong with it; see [`TargetError`].
    pub fn check(&self, url: &str) -> Result<Target, TargetError> {
        let target = Target::parse(url)?;
        if !(target.is_https() || self.http) {
            return Err(TargetError::NotHttps);
        }
        if !self
            .ports
            .iter()
            .any(|range| range.contains(&target.port()))
        {
            return Err(TargetError::Port(target.port()));
        }
        match target.address() {
            Some(address) if !self.allows(address) => Err(TargetError::Address),
            Some(_) => Ok(target),
            None if self.allows_host(target.host())
                || target.host().trim_end_matches('.').contains('.') =>
            {
                Ok(target)
            }
            None => Err(TargetError::LocalName),
        }
    }

    /// Whether this address may be dialled.
    ///
    /// ```
    /// use webhooks_sender::target::TargetPolicy;
    ///
    /// assert!(!TargetPolicy::default().allows("10.0.0.1".parse().unwrap()));
    /// ```
    pub fn allows(&self, address: IpAddr) -> bool {
        if self.denies(address) {
            return false;
        }
        if self.nets.iter().any(|net| net.contains(&address)) {
            return true;
        }
        match self.translated(address) {
            Some(inside) => self.allows(inside.into()),
            None => AddressClass::of(address) == AddressClass::Global,
        }
    }

    /// Whether this address is in a network that was denied, or the IPv4 address inside of it is.
    pub(crate) fn denies(&self, address: IpAddr) -> bool {
        let inside = self.translated(address).or_else(|| known_inside(address));
        let inside = inside.map(IpAddr::from);
        let mut addresses = [Some(address), inside].into_iter().flatten();
        addresses.any(|address| self.denied_nets.iter().any(|net| net.contains(&address)))
    }

    /// Where a translator of this network would connect to for an IPv6 address.
    fn translated(&self, address: IpAddr) -> Option<Ipv4Addr> {
        let IpAddr::V6(address) = address else {
            return None;
        };
        let mut prefixes = self.nat64_prefixes.iter();
        let prefix = prefixes.find(|prefix| prefix.contains(&address))?;
        address::embedded(address, prefix.prefix_len())
    }

    /// Whether addresses outside of the public internet were allowed.
    pub(crate) fn allows_nets(&self) -> bool {
        !self.nets.is_empty()
    }

    /// Whether no target at all could be accepted.
    pub(crate) fn is_closed(&self) -> bool {
        self.ports.iter().all(RangeInclusive::is_empty)
    }

    /// Whether this host was allowed by name.
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|allowed| allowed == host)
    }
}

/// The IPv4 address that is dialled for a mapped one, or for one below the well-known prefix of NAT64.
fn known_inside(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    let well_known = match address.octets() {
        [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] => {
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    };
    address.to_ipv4_mapped().or(well_known)
}
