//! The guard against server-side request forgery: which targets may be subscribed, and which addresses dialled.
//!
//! A target is checked when it is subscribed *and* at each attempt, and a name's addresses are vetted between resolving
//! and dialling: the address that was vetted is the address that is dialled, so nothing can change in between. One
//! refused address refuses the name. Literals take the same way.

mod address;
mod resolve;
mod target;

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
    /// For development alone: beside what the default accepts also `http`, any port, and this machine itself, as
    /// `localhost`, `127.0.0.1` or `[::1]`.
    ///
    /// In production, whoever subscribes could make the sender reach every service that listens on its machine.
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
    }

    /// Accepts `http` beside `https`, and port 80.
    ///
    /// Everybody on the way can read and repeat such requests.
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
    /// Whoever can change what the name resolves to can make the sender reach any address.
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
        let inside = self.translated(address).map(IpAddr::from);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_understood_in_every_notation() {
        let policy = TargetPolicy::default();
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "127.1",
            "0",
            "0x0",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "127。0。0。1",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "10.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[0:0:0:0:0:ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
        ] {
            let found = policy.check(&format!("https://{host}/hook"));
            assert_eq!(found.err(), Some(TargetError::Address), "{host}");
        }
    }

    #[test]
    fn zone_ids_user_info_fragments_and_other_schemes_are_refused() {
        let policy = TargetPolicy::default().allow_http();
        let wrong = |url: &str| policy.check(url).expect_err(url);
        for url in [
            "https://[fe80::1%25eth0]/",
            "https://[::1%eth0]/",
            "https://256.1.1.1/",
            "",
            "/hook",
            "https://",
        ] {
            assert_eq!(wrong(url), TargetError::Malformed, "{url}");
        }
        assert_eq!(wrong("https://user@example.com/"), TargetError::UserInfo);
        assert_eq!(
            wrong("https://user:pass@example.com/"),
            TargetError::UserInfo
        );
        assert_eq!(wrong("https://example.com/#part"), TargetError::Fragment);
        for url in [
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "data:,x",
        ] {
            assert_eq!(wrong(url), TargetError::Scheme, "{url}");
        }
        assert_eq!(
            wrong(&format!("https://example.com/{}", "a".repeat(4096))),
            TargetError::TooLong
        );
        assert_eq!(wrong("https://localhost/"), TargetError::LocalName);
        assert_eq!(wrong("https://metadata/"), TargetError::LocalName);
    }

    #[test]
    fn ports_outside_of_the_list_are_refused() {
        let policy = TargetPolicy::default();
        assert_eq!(
            policy.check("https://example.com:22/").err(),
            Some(TargetError::Port(22))
        );
        assert_eq!(
            policy.check("https://example.com:0/").err(),
            Some(TargetError::Port(0))
        );
        assert!(policy.check("https://example.com:8443/").is_ok());
        let strict = policy.ports([443..=443]);
        assert_eq!(
            strict.check("https://example.com:8443/").err(),
            Some(TargetError::Port(8443))
        );
    }

    #[test]
    fn in_development_this_machine_is_a_target_and_its_network_is_not() {
        let policy = TargetPolicy::development();
        for target in [
            "http://localhost/",
            "http://LOCALHOST:8080/",
            "http://127.0.0.2:1/",
            "https://[::1]:9/",
        ] {
            assert!(policy.check(target).is_ok(), "{target}");
        }
        for target in [
            "http://192.168.0.1/",
            "http://169.254.169.254/",
            "http://[fe80::1]/",
            "http://printer/",
        ] {
            assert!(policy.check(target).is_err(), "{target}");
        }
    }

    #[test]
    fn what_is_denied_is_refused_whatever_else_allows_it() {
        let net = |text: &str| text.parse::<IpNet>().expect("a network");
        let policy = TargetPolicy::default()
            .allow_net(net("10.0.0.0/8"))
            .deny_net(net("10.9.0.0/16"))
            .deny_net(net("2600:1f18::/36"));
        assert!(policy.check("https://10.1.0.1/").is_ok());
        for denied in ["https://10.9.0.1/", "https://[2600:1f18::7]/"] {
            assert_eq!(
                policy.check(denied).err(),
                Some(TargetError::Address),
                "{denied}"
            );
        }
    }

    #[test]
    fn an_address_below_a_nat64_prefix_is_judged_by_the_one_inside() {
        let policy = TargetPolicy::default();
        // RFC 6052, section 2.4: 192.0.2.33 below prefixes of each length; here with addresses of other kinds.
        for (prefix, inside, outside) in [
            ("2001:db8::/32", "2001:db8:0a00:1::", "2001:db8:0808:808::"),
            (
                "2001:db8:100::/40",
                "2001:db8:10a:0:1::",
                "2001:db8:108:0808:8::",
            ),
            (
                "2001:db8:122::/48",
                "2001:db8:122:a00:0:100::",
                "2001:db8:122:808:8:800::",
            ),
            (
                "2001:db8:122:300::/56",
                "2001:db8:122:30a:0:1::",
                "2001:db8:122:308:8:808::",
            ),
            (
                "2001:db8:122:344::/64",
                "2001:db8:122:344:a:0:100:0",
                "2001:db8:122:344:8:808:800:0",
            ),
            ("2a00:1234::/96", "2a00:1234::a00:1", "2a00:1234::808:808"),
        ] {
            let policy = policy
                .clone()
                .nat64_prefix(prefix.parse().expect("a prefix"));
            assert!(
                !policy.allows(inside.parse().expect("an address")),
                "{inside}"
            );
            assert!(
                policy.allows(outside.parse().expect("an address")),
                "{outside}"
            );
        }
        let private = "2a00:1234::a00:1".parse().expect("an address");
        assert!(
            policy.allows(private),
            "a prefix that was not named cannot be known"
        );
    }

    #[test]
    fn what_is_allowed_passes_and_nothing_else() {
        let policy = TargetPolicy::default()
            .allow_host("backend")
            .allow_net("10.1.0.0/16".parse().expect("a net"));
        assert!(policy.check("https://BACKEND/hook").is_ok());
        assert!(
            policy.check("https://10.1.2.3/").is_ok() && policy.check("https://10.2.0.1/").is_err()
        );
        assert!(
            policy.check("https://backend.other/").is_ok(),
            "a name with a dot is vetted by its addresses"
        );
        assert!(policy.check("https://backends/").is_err());
    }
}
