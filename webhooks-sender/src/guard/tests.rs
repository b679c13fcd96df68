//! Which targets the policy lets through.

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
    // From inside of a container, whatever address that is; nowhere else.
    let in_container = |policy: &TargetPolicy| policy.allows_host("host.docker.internal");
    assert!(in_container(&policy) && !in_container(&TargetPolicy::default()));
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
