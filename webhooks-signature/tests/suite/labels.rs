//! Lists, labels and encodings of signatures.

use webhooks_signature::{Encoding, Label, MAX_SIGNATURES, Reason, Scheme, Secret};

use crate::support::{at, secret, signed, standard, verdict, verdict_at};

/// The verdict on the published Standard Webhooks vector with another signature header.
fn standard_webhooks(signature: &str) -> Result<(), Reason> {
    with_key(&Scheme::STANDARD_WEBHOOKS, standard::SECRET, signature)
}

fn with_key(scheme: &Scheme, key: &str, signature: &str) -> Result<(), Reason> {
    let time = standard::TIME.to_string();
    let headers = [
        ("webhook-id", standard::ID),
        ("webhook-timestamp", &time),
        ("webhook-signature", signature),
    ];
    verdict_at(
        scheme,
        &secret(key),
        &headers,
        standard::BODY,
        at(standard::TIME),
    )
    .map(|_| ())
}

const GOOD: &str = standard::SIGNATURE;
const BARE: &str = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

#[test]
fn one_good_signature_among_bad_ones_is_enough() {
    for others in [
        "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=",
        "v1,invalid_signature",
        "v1,potato",
        "v1,",
        "v1",
        ",",
        "v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=",
        "v1a,hnO3",
        "not-even-a-list",
        "v1,\u{2665}",
    ] {
        for list in [
            format!("{others} {GOOD}"),
            format!("{GOOD} {others}"),
            format!("  {others}  {GOOD} "),
        ] {
            assert_eq!(standard_webhooks(&list), Ok(()), "{list}");
        }
    }
}

#[test]
fn only_bad_signatures_are_refused() {
    for list in [
        "v1,tFtCZ5RDCPxzWQRWXWPgrCgE2frDBe9gjpbWQxnVfsQ= v1,Mm7xgUVICxZfQ3bgf0h0Dof65L/IFx+PnZvnDWPCX6Q=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=",
    ] {
        assert_eq!(standard_webhooks(list), Err(Reason::Mismatch), "{list}");
    }
}

#[test]
fn a_signature_without_a_usable_label_or_encoding_is_refused() {
    let unusable = Err(Reason::NoUsableSignature {
        header: "webhook-signature".to_owned(),
    });
    for list in [
        BARE.to_owned(),
        format!("V1,{BARE}"),
        format!("v2,{BARE}"),
        format!("v1={BARE}"),
        format!("v1;{BARE}"),
        format!(",{BARE}"),
        format!("v1,{BARE},extra"),
        format!("v1, {BARE}"),
        "v1,".to_owned(),
        " ".to_owned(),
        "v1,g0hM9".to_owned(),
    ] {
        assert_eq!(standard_webhooks(&list), unusable, "{list}");
    }
}

/// The reference libraries compare the text, so anything but the canonical text fails there as well.
#[test]
fn base64_is_strict() {
    for text in [
        BARE.trim_end_matches('=').to_owned(),
        format!("{BARE}="),
        BARE.replace('+', "-").replace('/', "_"),
        BARE.replace("OE=", "OF="),
    ] {
        assert!(
            standard_webhooks(&format!("v1,{text}")).is_err(),
            "{text:?}"
        );
    }
}

/// Bytes are compared, not text; octokit and others compare text and write lower case.
#[test]
fn hex_may_be_upper_case_and_nothing_else() {
    let key = secret("secret");
    let good = signed(&Scheme::GITEA, &key, b"{}").remove(0).1;
    let check = |value: &str| verdict(&Scheme::GITEA, &key, &[("X-Gitea-Signature", value)], b"{}");
    assert!(check(&good.to_uppercase()).is_ok());
    let (odd, truncated) = (&good[1..], &good[2..]);
    for bad in [
        odd,
        truncated,
        "zz",
        &format!("{good}00"),
        &format!("0x{good}"),
        &format!(" {good}"),
        &good.repeat(9),
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_prefix_is_compared_exactly() {
    let key = secret("It's a Secret to Everybody");
    let hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let check = |value: &str| {
        verdict(
            &Scheme::GITHUB,
            &key,
            &[("X-Hub-Signature-256", value)],
            b"Hello, World!",
        )
        .is_ok()
    };
    assert!(check(&format!("sha256={hex}")));
    for bad in [
        "", "sha1=", "SHA256=", "sha256", "sha256:", "sha256==", "sha256= ", "sha512=",
    ] {
        assert!(!check(&format!("{bad}{hex}")), "{bad}");
    }
}

#[test]
fn an_optional_prefix_and_a_list_of_both_forms_are_accepted() {
    let scheme = Scheme::hmac_sha1("x-signature")
        .list(',')
        .label(Label::optional_prefix("sha1="));
    let check = |value: &str| {
        verdict(
            &scheme,
            &secret("secret"),
            &[("x-signature", value)],
            br#"{"a": "z"}"#,
        )
    };
    let hex = "b17e04cbb22afa8ffbff8796fc1894ed27badd9e";
    for good in [
        hex.to_owned(),
        format!("sha1={hex}"),
        format!("sha1=zz,{hex}"),
        format!("zz, sha1={hex}"),
    ] {
        assert!(check(&good).is_ok(), "{good}");
    }
    for bad in [
        format!("sha256={hex}"),
        "sha1=".to_owned(),
        format!("sha1=sha1={hex}"),
    ] {
        assert!(check(&bad).is_err(), "{bad}");
    }
}

/// Python splits without trimming, `WorkOS` writes a space: either way it is the same list.
#[test]
fn spaces_around_items_do_not_matter() {
    let key = secret("whsec_test_secret");
    let header = signed(&Scheme::STRIPE, &key, b"{}").remove(0).1;
    for header in [
        header.replace(',', ", "),
        format!(" {header} "),
        header.replace(',', " ,,\t"),
    ] {
        assert!(
            verdict(
                &Scheme::STRIPE,
                &key,
                &[("Stripe-Signature", header)],
                b"{}"
            )
            .is_ok()
        );
    }
}

#[test]
fn a_stripe_v0_signature_is_skipped() {
    let key = secret("whsec_test_secret");
    let header = signed(&Scheme::STRIPE, &key, b"{}").remove(0).1;
    let check = |header: &str| {
        verdict(
            &Scheme::STRIPE,
            &key,
            &[("stripe-signature", header)],
            b"{}",
        )
        .is_ok()
    };
    assert!(check(&format!(
        "{header},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aaf2b3a4b2e5d6a1c7"
    )));
    assert!(check(&header.replace(",v1=", ",v0=00,scheme=x,v1=")));
    assert!(!check(&header.replace("v1=", "v0=")));
    assert!(!check(&header.replace("v1=", "V1=")));
}

#[test]
fn too_many_signatures_are_refused_before_they_are_tried() {
    let wrong = "v1,tFtCZ5RDCPxzWQRWXWPgrCgE2frDBe9gjpbWQxnVfsQ= ";
    let list = |count: usize| format!("{}{GOOD}", wrong.repeat(count));
    assert_eq!(standard_webhooks(&list(MAX_SIGNATURES - 1)), Ok(()));
    assert_eq!(
        standard_webhooks(&list(MAX_SIGNATURES)),
        Err(Reason::TooManySignatures)
    );
    let unknown_versions = format!("{}{GOOD}", "v9,AA== ".repeat(500));
    assert_eq!(
        standard_webhooks(&unknown_versions),
        Ok(()),
        "items of other versions are not tried"
    );
}

#[test]
fn a_v1_value_never_passes_as_v1a_nor_the_reverse() {
    let v1a = |signature: &str| {
        with_key(
            &Scheme::STANDARD_WEBHOOKS_ED25519,
            standard::PUBLIC,
            signature,
        )
    };
    assert_eq!(v1a(standard::SIGNATURE_V1A), Ok(()));
    assert_eq!(v1a(&format!("{GOOD} {}", standard::SIGNATURE_V1A)), Ok(()));
    assert!(v1a(GOOD).is_err());
    assert!(v1a(&GOOD.replace("v1,", "v1a,")).is_err());
    assert!(v1a(&standard::SIGNATURE_V1A.replace("v1a,", "v1,")).is_err());
    assert!(standard_webhooks(standard::SIGNATURE_V1A).is_err());
    assert!(standard_webhooks(&standard::SIGNATURE_V1A.replace("v1a,", "v1,")).is_err());
}

#[test]
fn an_hmac_keyed_with_the_public_key_does_not_pass() {
    let shared = Secret::new(standard::PUBLIC.replace("whpk_", "whsec_")).unwrap();
    let forged = signed(&Scheme::STANDARD_WEBHOOKS, &shared, b"{}");
    let as_v1a: Vec<_> = forged
        .iter()
        .map(|(name, value)| (name, value.replace("v1,", "v1a,")))
        .collect();
    for headers in [
        forged
            .iter()
            .map(|(name, value)| (name, value.clone()))
            .collect(),
        as_v1a,
    ] {
        assert!(
            verdict(
                &Scheme::STANDARD_WEBHOOKS_ED25519,
                &secret(standard::PUBLIC),
                &headers,
                b"{}"
            )
            .is_err()
        );
    }
}

#[test]
fn basic_credentials_are_read_as_rfc_7617_says() {
    let check = |value: &str| {
        verdict(
            &Scheme::basic(),
            &secret("user:pass"),
            &[("authorization", value)],
            b"",
        )
    };
    for good in [
        "Basic dXNlcjpwYXNz",
        "basic dXNlcjpwYXNz",
        "BASIC   dXNlcjpwYXNz",
    ] {
        assert!(check(good).is_ok(), "{good}");
    }
    for bad in [
        "Bearer dXNlcjpwYXNz",
        "Basic",
        "Basic ",
        "Basicdxx",
        "Basic dXNlcjpwYXN6",
        "dXNlcjpwYXNz",
        "Basic !",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_token_is_compared_whole() {
    let check = |value: &str| {
        verdict(
            &Scheme::GITLAB_TOKEN,
            &secret("sampleToken!"),
            &[("x-gitlab-token", value)],
            b"",
        )
    };
    assert!(check("sampleToken!").is_ok());
    for bad in [
        "",
        "sampleToken",
        "sampleToken!!",
        "SAMPLETOKEN!",
        " sampleToken!",
        "badsampleToken!!",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_url_safe_encoding_takes_its_own_alphabet_only() {
    let scheme = Scheme::hmac_sha256("x-sig").encoding(Encoding::Base64Url);
    let key = secret("k");
    let body = (0_u8..=255)
        .find(|byte| signed(&scheme, &key, &[*byte])[0].1.contains(['-', '_']))
        .unwrap();
    let good = signed(&scheme, &key, &[body]).remove(0).1;
    assert!(verdict(&scheme, &key, &[("x-sig", &good)], &[body]).is_ok());
    let standard = good.replace('-', "+").replace('_', "/");
    assert!(verdict(&scheme, &key, &[("x-sig", standard)], &[body]).is_err());
}
