//! What kind of address an address is: the table on which the guard against server-side request forgery rests.
//!
//! Only addresses that the IANA special-purpose registries (RFC 6890) leave to the public internet are global. An IPv6
//! address that carries an IPv4 address inside is refused as a whole, except NAT64's well-known prefix, which is judged
//! by the address inside: networks without IPv4 reach the whole internet through it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kind of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressClass {
    /// An address of the public internet: the only kind that is dialled without being allowed by name.
    Global,
    /// `0.0.0.0/8`, `::`: this host or this network.
    Unspecified,
    /// `127.0.0.0/8`, `::1`.
    Loopback,
    /// RFC 1918, unique local (`fc00::/7`), and the abandoned site-local `fec0::/10`.
    Private,
    /// `100.64.0.0/10`: between a provider and its customers (RFC 6598).
    CarrierGradeNat,
    /// `169.254.0.0/16`, `fe80::/10`; the metadata services of the clouds are here.
    LinkLocal,
    /// A metadata service outside of the link-local ranges.
    Metadata,
    /// `224.0.0.0/4`, `ff00::/8`.
    Multicast,
    /// `255.255.255.255`.
    Broadcast,
    /// Addresses for examples and books (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// `198.18.0.0/15`, `2001:2::/48`: for measuring network devices.
    Benchmarking,
    /// An IPv6 address with an IPv4 address inside: mapped, compatible, translated, 6to4, Teredo, ISATAP.
    Embedded,
    /// Everything else that no host of the public internet has.
    Reserved,
}

impl AddressClass {
    /// The class of an address.
    ///
    /// ```
    /// use webhooks_sender::target::AddressClass;
    ///
    /// assert_eq!(AddressClass::of("93.184.216.34".parse().unwrap()), AddressClass::Global);
    /// assert_eq!(AddressClass::of("169.254.169.254".parse().unwrap()), AddressClass::LinkLocal);
    /// assert_eq!(AddressClass::of("::ffff:127.0.0.1".parse().unwrap()), AddressClass::Embedded);
    /// ```
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

fn of_v4(address: Ipv4Addr) -> AddressClass {
    use AddressClass::{
        Benchmarking, Broadcast, CarrierGradeNat, Documentation, Global, LinkLocal, Loopback,
        Metadata, Multicast, Private, Reserved, Unspecified,
    };
    match address.octets() {
        [0, ..] => Unspecified,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Private,
        // Alibaba's metadata service lies inside of the carrier range, Oracle's and Azure's outside of any.
        [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => Metadata,
        [100, 64..=127, ..] => CarrierGradeNat,
        [127, ..] => Loopback,
        [169, 254, ..] => LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Documentation,
        [198, 18..=19, ..] => Benchmarking,
        [224..=239, ..] => Multicast,
        [255, 255, 255, 255] => Broadcast,
        // Protocol assignments, AS112, the old 6to4 relays, AMT, and class E.
        [192, 0, 0, _]
        | [192, 31, 196, _]
        | [192, 52, 193, _]
        | [192, 88, 99, _]
        | [192, 175, 48, _]
        | [240..=255, ..] => Reserved,
        _ => Global,
    }
}

fn of_v6(address: Ipv6Addr) -> AddressClass {
    use AddressClass::{
        Benchmarking, Documentation, Embedded, Global, LinkLocal, Loopback, Metadata, Multicast,
        Private, Reserved, Unspecified,
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Loopback,
        // All of ::/8: IPv4-mapped, IPv4-compatible, IPv4-translated (SIIT).
        [0x0000..=0x00ff, ..] if !is_nat64(address) => Embedded,
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => nat64(high, low),
        // ISATAP below any prefix, 6to4, Teredo.
        [_, _, _, _, 0x0000 | 0x0200, 0x5efe, _, _] | [0x2002, ..] | [0x2001, 0, ..] => Embedded,
        [0x2001, 2, 0, ..] => Benchmarking,
        [0x2001, 0x0db8, ..] | [0x3fff, 0x0000..=0x0fff, ..] => Documentation,
        // Protocol assignments: ORCHID, AMT, AS112 and what is not given out yet.
        [0x2001, 0x0000..=0x01ff, ..] | [0x2620, 0x004f, 0x8000, ..] => Reserved,
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254] | [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254] => {
            Metadata
        }
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Private,
        [0xfe80..=0xfebf, ..] => LinkLocal,
        [0xff00..=0xffff, ..] => Multicast,
        // Global unicast is 2000::/3 alone; this leaves out 5f00::/16, 100::/64 and all that is unassigned.
        [0x2000..=0x3fff, ..] => Global,
        _ => Reserved,
    }
}

/// The IPv4 address inside of an IPv6 address below a NAT64 prefix of this length (RFC 6052, section 2.2): it follows
/// the prefix, and bits 64 to 71 are left out.
pub(super) fn embedded(address: Ipv6Addr, prefix: u8) -> Option<Ipv4Addr> {
    let octets = address.octets();
    let start = match prefix {
        32 | 40 | 48 | 56 | 64 | 96 => usize::from(prefix / 8),
        _ => return None,
    };
    // Octet 8 is the one that is left out; for a prefix of 96 bits it belongs to the prefix.
    let mut inside = (start..16).filter(|&octet| prefix == 96 || octet != 8);
    let mut octet = || inside.next().map(|index| octets[index]);
    Some(Ipv4Addr::new(octet()?, octet()?, octet()?, octet()?))
}

fn is_nat64(address: Ipv6Addr) -> bool {
    address.segments()[..6] == [0x0064, 0xff9b, 0, 0, 0, 0]
}

/// NAT64's well-known prefix (RFC 6052): the translator dials the address inside.
fn nat64(high: u16, low: u16) -> AddressClass {
    let bits = u32::from(high) << 16 | u32::from(low);
    match of_v4(Ipv4Addr::from_bits(bits)) {
        AddressClass::Global => AddressClass::Global,
        _ => AddressClass::Embedded,
    }
}

#[cfg(test)]
mod tests {
    use super::AddressClass::{self, *};

    const TABLE: &[(AddressClass, &[&str])] = &[
        (
            Global,
            &[
                "1.1.1.1",
                "8.8.8.8",
                "93.184.216.34",
                "172.15.255.255",
                "172.32.0.0",
                "100.63.255.255",
            ],
        ),
        (
            Global,
            &[
                "100.128.0.0",
                "169.253.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "192.0.1.0",
            ],
        ),
        (
            Global,
            &[
                "2606:4700:4700::1111",
                "2a00:1450:4001:831::200e",
                "2001:4860:4860::8888",
                "64:ff9b::808:808",
            ],
        ),
        (Unspecified, &["0.0.0.0", "0.1.2.3", "0.255.255.255", "::"]),
        (
            Loopback,
            &["127.0.0.1", "127.255.255.255", "127.1.2.3", "::1"],
        ),
        (
            Private,
            &[
                "10.0.0.0",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "192.168.255.255",
            ],
        ),
        (
            Private,
            &[
                "fc00::1",
                "fd12:3456::1",
                "fdff:ffff::",
                "fec0::1",
                "feff::1",
            ],
        ),
        (CarrierGradeNat, &["100.64.0.0", "100.127.255.255"]),
        (
            LinkLocal,
            &[
                "169.254.0.0",
                "169.254.169.254",
                "169.254.170.2",
                "fe80::1",
                "febf::1",
            ],
        ),
        (
            Metadata,
            &[
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "fd00:ec2::254",
                "fd20:ce::254",
            ],
        ),
        (
            Multicast,
            &[
                "224.0.0.1",
                "239.255.255.255",
                "ff00::",
                "ff02::1",
                "ffff::1",
            ],
        ),
        (Broadcast, &["255.255.255.255"]),
        (
            Documentation,
            &[
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "2001:db8::1",
                "3fff::1",
                "3fff:fff::1",
            ],
        ),
        (Benchmarking, &["198.18.0.0", "198.19.255.255", "2001:2::1"]),
        (
            Embedded,
            &[
                "::ffff:127.0.0.1",
                "::ffff:8.8.8.8",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:0:10.0.0.1",
                "::2",
            ],
        ),
        (
            Embedded,
            &[
                "2002:7f00:1::",
                "2002:808:808::",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            ],
        ),
        (
            Embedded,
            &[
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "64:ff9b::1:0:0",
            ],
        ),
        (
            Embedded,
            &["2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1"],
        ),
        (
            Reserved,
            &[
                "192.0.0.1",
                "192.88.99.1",
                "192.31.196.1",
                "192.52.193.1",
                "192.175.48.1",
                "240.0.0.1",
            ],
        ),
        (
            Reserved,
            &[
                "255.255.255.254",
                "100::1",
                "5f00::1",
                "2001:10::1",
                "2001:20::1",
                "4000::1",
                "e000::1",
            ],
        ),
        (
            Reserved,
            &["2001:1::1", "2001:1ff::1", "2620:4f:8000::1", "1000::1"],
        ),
    ];

    #[test]
    fn every_class_has_its_addresses() {
        for (class, addresses) in TABLE {
            for address in *addresses {
                let found = AddressClass::of(address.parse().expect(address));
                assert_eq!(found, *class, "{address}");
            }
        }
    }

    #[test]
    fn no_private_address_becomes_global_by_wrapping_it() {
        for inner in [
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ] {
            let [a, b, c, d] = inner.parse::<std::net::Ipv4Addr>().expect(inner).octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            for wrapped in [
                format!("::ffff:{high:x}:{low:x}"),
                format!("::{high:x}:{low:x}"),
                format!("::ffff:0:{high:x}:{low:x}"),
                format!("64:ff9b::{high:x}:{low:x}"),
                format!("64:ff9b:1::{high:x}:{low:x}"),
                format!("2002:{high:x}:{low:x}::1"),
                format!("2001:0:{high:x}:{low:x}::1"),
                format!("2606:4700::5efe:{high:x}:{low:x}"),
            ] {
                let class = AddressClass::of(wrapped.parse().expect(&wrapped));
                assert_ne!(class, Global, "{wrapped}");
            }
        }
    }
}
