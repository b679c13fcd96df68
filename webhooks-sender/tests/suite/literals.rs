//! Addresses written into a target, in every notation: none of them leads inside.

use std::net::{IpAddr, Ipv4Addr};

use webhooks_sender::target::{TargetError, TargetPolicy};

/// An address of each kind that is not public, with what lies at the edges of the ranges.
const INSIDE: &[(&str, &[&str])] = &[
    ("this network", &["0.0.0.0", "0.1.2.3", "::"]),
    (
        "loopback",
        &["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1"],
    ),
    (
        "private",
        &[
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
        ],
    ),
    (
        "unique local and site-local",
        &["fc00::1", "fd12:3456:789a::1", "fec0::1"],
    ),
    ("carrier-grade NAT", &["100.64.0.1", "100.127.255.255"]),
    (
        "link-local",
        &[
            "169.254.0.1",
            "169.254.169.254",
            "169.254.170.2",
            "fe80::1",
            "febf::1",
        ],
    ),
    (
        "metadata",
        &[
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "fd00:ec2::254",
            "fd20:ce::254",
        ],
    ),
    (
        "multicast",
        &["224.0.0.1", "239.255.255.255", "ff02::1", "ff05::2"],
    ),
    ("broadcast", &["255.255.255.255"]),
    (
        "documentation",
        &[
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "2001:db8::1",
            "3fff::1",
        ],
    ),
    (
        "benchmarking",
        &["198.18.0.1", "198.19.255.255", "2001:2::1"],
    ),
    (
        "reserved",
        &[
            "240.0.0.1",
            "255.255.255.254",
            "192.0.0.1",
            "192.88.99.1",
            "100::1",
            "5f00::1",
            "4000::1",
        ],
    ),
    (
        "ORCHID, AS112, protocol assignments",
        &[
            "2001:10::1",
            "2001:20::1",
            "192.31.196.1",
            "2620:4f:8000::1",
        ],
    ),
    (
        "IPv4-mapped",
        &[
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:8.8.8.8",
        ],
    ),
    (
        "IPv4-compatible and translated",
        &["::127.0.0.1", "::a9fe:a9fe", "::ffff:0:10.0.0.1"],
    ),
    (
        "NAT64",
        &["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"],
    ),
    ("6to4", &["2002:7f00:1::1", "2002:a9fe:a9fe::1"]),
    ("Teredo", &["2001::1", "2001:0:7f00:1::1"]),
    (
        "ISATAP",
        &["2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1"],
    ),
];

pub(crate) fn inside() -> impl Iterator<Item = (&'static str, IpAddr)> {
    INSIDE.iter().flat_map(|(kind, addresses)| {
        addresses
            .iter()
            .map(move |address| (*kind, address.parse().expect(address)))
    })
}

/// Every notation of an IPv4 address that some part of some URL library understands.
fn notations(address: Ipv4Addr) -> Vec<String> {
    let ([a, b, c, d], bits) = (address.octets(), address.to_bits());
    let (high, low) = (bits >> 16, bits & 0xffff);
    let full_width = |text: String| -> String {
        let wide = |c: char| {
            if c == '.' {
                '。'
            } else {
                char::from_u32(c as u32 + 0xfee0).unwrap_or(c)
            }
        };
        text.chars().map(wide).collect()
    };
    let percent_encoded = |text: String| {
        text.bytes()
            .map(|byte| format!("%{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    };
    vec![
        format!("{address}"),
        format!("{address}."),
        format!("{bits}"),
        format!("{bits:#x}"),
        format!("{bits:#X}").replace("0X", "0x"),
        format!("0{bits:o}"),
        format!("000000{bits:o}"),
        format!("{a}.{}", bits & 0x00ff_ffff),
        format!("{a}.{b}.{low}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a:#x}.0{b:o}.{c}.{d:#x}"),
        full_width(format!("{address}")),
        full_width(format!("{bits}")),
        percent_encoded(format!("{address}")),
        percent_encoded(format!("{bits:#x}")),
        format!("[::ffff:{address}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[0:0:0:0:0:FFFF:{high:X}:{low:X}]"),
        format!("[0000:0000:0000:0000:0000:ffff:{high:04x}:{low:04x}]"),
        format!("[::{address}]"),
        format!("[::ffff:0:{address}]"),
        format!("[64:ff9b::{address}]"),
        format!("[64:ff9b:1::{address}]"),
        format!("[2002:{high:x}:{low:x}::]"),
        format!("[2001:0:{high:x}:{low:x}::]"),
        format!("[fe80::5efe:{address}]"),
    ]
}

#[test]
fn no_literal_in_any_notation_is_accepted() {
    let policy = TargetPolicy::default().allow_http();
    for (kind, address) in inside() {
        let texts = match address {
            IpAddr::V4(address) => notations(address),
            IpAddr::V6(address) => {
                let long = address
                    .segments()
                    .map(|part| format!("{part:04X}"))
                    .join(":");
                vec![format!("[{address}]"), format!("[{long}]")]
            }
        };
        for text in texts {
            for url in [
                format!("https://{text}/hook"),
                format!("HTTP://{text}:8080?a=b"),
            ] {
                assert_eq!(
                    policy.check(&url).err(),
                    Some(TargetError::Address),
                    "{kind}: {url}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_address_and_no_name_is_refused_too() {
    let policy = TargetPolicy::default();
    for (host, error) in [
        ("[fe80::1%25eth0]", TargetError::Malformed),
        ("[fe80::1%eth0]", TargetError::Malformed),
        ("[::1", TargetError::Malformed),
        ("::1", TargetError::Malformed),
        ("[127.0.0.1]", TargetError::Malformed),
        ("127.0.0.256", TargetError::Malformed),
        ("4294967296", TargetError::Malformed),
        ("0x1ffffffff", TargetError::Malformed),
        ("127.0.0.0x", TargetError::Address),
        ("127.0.0.1.1", TargetError::Malformed),
        ("09.0.0.1", TargetError::Malformed),
        ("127.0.0.1%00.example.com", TargetError::Malformed),
        ("127.0.0.1\0", TargetError::Malformed),
        ("exam\nple.com", TargetError::Malformed),
        ("example.com\t", TargetError::Malformed),
        ("example.com ", TargetError::Malformed),
        ("127.0.0.1\\@example.com", TargetError::Address),
        ("example.com@127.0.0.1", TargetError::UserInfo),
        ("example.com:443@127.0.0.1", TargetError::UserInfo),
        ("localhost", TargetError::LocalName),
        ("localhost.", TargetError::LocalName),
        ("LOCALHOST", TargetError::LocalName),
        ("ｌｏｃａｌｈｏｓｔ", TargetError::LocalName),
        ("metadata", TargetError::LocalName),
        // Without a host the path begins with one.
        ("", TargetError::LocalName),
        (".", TargetError::LocalName),
    ] {
        assert_eq!(
            policy.check(&format!("https://{host}/hook")).err(),
            Some(error),
            "{host}"
        );
    }
}
