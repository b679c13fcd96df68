//! Headers: names, repeats, alternatives, bytes.

use std::collections::{BTreeMap, HashMap};

use webhooks_signature::{FieldName, Headers, Reason, Scheme};

use crate::support::{NOW, at, secret, signed, standard, verdict, verdict_at};

const BODY: &[u8] = br#"{"yo":true}"#;

fn github() -> String {
    signed(&Scheme::GITHUB, &secret("k"), BODY).remove(0).1
}

fn check(headers: &dyn Headers) -> Result<(), Reason> {
    verdict(&Scheme::GITHUB, &secret("k"), headers, BODY).map(|_| ())
}

#[test]
fn names_are_compared_without_regard_to_case() {
    for name in [
        "x-hub-signature-256",
        "X-Hub-Signature-256",
        "X-HUB-SIGNATURE-256",
    ] {
        assert_eq!(check(&[(name, github())]), Ok(()), "{name}");
    }
}

#[test]
fn any_map_of_headers_will_do() {
    let good = github();
    let pair = ("X-Hub-Signature-256".to_owned(), good.clone().into_bytes());
    assert_eq!(check(&vec![pair.clone()]), Ok(()));
    assert_eq!(check(&HashMap::from([pair.clone()])), Ok(()));
    assert_eq!(check(&BTreeMap::from([pair.clone()])), Ok(()));
    assert_eq!(check(&[pair].as_slice()), Ok(()));
    assert!(check(&Vec::<(String, String)>::new()).is_err());
}

/// What is found of each name, in the order of the names.
fn found(headers: &dyn Headers, names: &[FieldName]) -> Vec<Vec<Vec<u8>>> {
    let mut found = vec![Vec::new(); names.len()];
    headers.for_each_of(names, &mut |name, value| found[name].push(value.to_vec()));
    found
}

/// One pass over few headers and a look-up of each name among many find the same.
#[test]
fn a_header_map_has_the_same_values_however_they_are_looked_up() {
    let names = ["x-a", "X-A", "x-b", "host", "x-absent", "no name"].map(FieldName::new);
    let mut map = http::HeaderMap::new();
    let mut pairs: Vec<(&str, String)> = Vec::new();
    let sent = ["x-a", "x-c", "host", "x-b", "x-a", "date", "x-ab", "x-b"];
    for (number, name) in sent.into_iter().cycle().take(80).enumerate() {
        let value = number.to_string();
        map.append(name, value.parse().unwrap());
        pairs.push((name, value));
        let of_map = found(&map, &names);
        assert_eq!(of_map, found(&pairs, &names), "{number}");
        assert_eq!(of_map, found(&&map, &names), "{number}");
        for (name, values) in names.iter().zip(of_map) {
            let mut single = Vec::new();
            map.for_each_value(name, &mut |value| single.push(value.to_vec()));
            assert_eq!(values, single, "{number}");
        }
    }
}

/// More names than are kept without an allocation.
#[test]
fn a_scheme_may_name_any_number_of_headers() {
    let scheme: Scheme = serde_json::from_value(serde_json::json!({
        "alg": "hmac-sha256",
        "key": ["utf8"],
        "sig": { "headers": ["sig-0", "sig-1", "sig-2", "sig-3", "sig-4", "sig-5", "sig-6"], "split": null, "label": null, "enc": "hex" },
        "base": "{h:part-0}{h:part-1}{h:part-2}{h:part-3}{body}",
    }))
    .unwrap();
    let parts = ["part-0", "part-1", "part-2", "part-3"].map(|name| (name, name));
    let key = secret("k");
    let message = webhooks_signature::Outgoing::new(BODY, at(NOW)).headers(&parts);
    let signer = scheme.signer([&key]).unwrap();
    let signature = signer.sign(&message).unwrap();
    let mut headers: Vec<(&str, String)> = vec![("sig-6", signature[0].1.clone())];
    headers.extend(parts.map(|(name, value)| (name, value.to_owned())));
    assert_eq!(verdict(&scheme, &key, &headers, BODY).map(|_| ()), Ok(()));
    headers.push(("part-3", "other".to_owned()));
    let header = "part-3".to_owned();
    assert_eq!(
        verdict(&scheme, &key, &headers, BODY).map(|_| ()),
        Err(Reason::ConflictingHeader { header })
    );
}

#[test]
fn a_repeated_header_passes_when_identical_and_is_refused_when_not() {
    let (good, name) = (github(), "x-hub-signature-256");
    assert_eq!(
        check(&[(name, &good), ("X-Hub-Signature-256", &good)]),
        Ok(())
    );
    let other = good.replace(['0', '1'], "2");
    let conflicting = Err(Reason::ConflictingHeader {
        header: name.to_owned(),
    });
    assert_eq!(check(&[(name, &good), (name, &other)]), conflicting);
    assert_eq!(check(&[(name, &other), (name, &good)]), conflicting);
    assert_eq!(
        check(&[(name, &good), (name, &good), (name, &other)]),
        conflicting
    );
    assert_eq!(check(&[(name, good), (name, String::new())]), conflicting);
}

#[test]
fn a_repeated_id_or_timestamp_with_another_value_is_refused() {
    let key = secret(standard::SECRET);
    for (name, value) in [("webhook-id", "msg_2"), ("webhook-timestamp", "1700000001")] {
        let mut headers = signed(&Scheme::STANDARD_WEBHOOKS, &key, b"{}");
        headers.push((name.to_owned(), value.to_owned()));
        let verdict = verdict(&Scheme::STANDARD_WEBHOOKS, &key, &headers, b"{}");
        assert_eq!(
            verdict,
            Err(Reason::ConflictingHeader {
                header: name.to_owned()
            })
        );
    }
}

#[test]
fn a_missing_and_an_empty_signature_are_the_same() {
    let missing = Err(Reason::MissingSignature {
        header: "x-hub-signature-256".to_owned(),
    });
    assert_eq!(check(&[("x-hub-signature", "sha1=00")]), missing);
    assert_eq!(check(&[("x-hub-signature-256", "")]), missing);
}

#[test]
fn a_missing_or_empty_id_is_refused() {
    let key = secret(standard::SECRET);
    let headers = signed(&Scheme::STANDARD_WEBHOOKS, &key, b"{}");
    let without: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name != "webhook-id")
        .cloned()
        .collect();
    let empty: Vec<_> = headers
        .into_iter()
        .map(|(name, value)| {
            if name == "webhook-id" {
                (name, String::new())
            } else {
                (name, value)
            }
        })
        .collect();
    for headers in [without, empty] {
        let verdict = verdict(&Scheme::STANDARD_WEBHOOKS, &key, &headers, b"{}");
        assert_eq!(
            verdict,
            Err(Reason::MissingHeader {
                header: "webhook-id".to_owned()
            })
        );
    }
}

/// The reference libraries accept any id; what we sign ourselves has no dot in it.
#[test]
fn an_id_with_dots_verifies() {
    let scheme = Scheme::hmac_sha256("x-sig")
        .base("{h:x-id}.{ts}.{body}")
        .timestamp(webhooks_signature::Timestamp::header("x-time"));
    let extra = [("x-id", "msg.with.dots")];
    let signer = scheme.signer([secret("k")]).unwrap();
    let signed = signer
        .sign(&webhooks_signature::Outgoing::new(b"{}", at(1_700_000_000)).headers(&extra))
        .unwrap();
    let mut headers: Vec<(&str, &str)> = signed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    headers.extend(extra);
    let read = Scheme::hmac_sha256("x-sig")
        .base("{id}.{ts}.{body}")
        .timestamp(webhooks_signature::Timestamp::header("x-time"))
        .id(&["x-id"]);
    assert_eq!(
        verdict(&read, &secret("k"), &headers, b"{}").unwrap().id(),
        Some("msg.with.dots")
    );
}

/// The text that was signed for the id `m` is also that of another id, time and body.
#[test]
fn a_signature_is_not_good_for_another_id_and_time() {
    let key = secret(standard::SECRET);
    // In UTF-8 the second character has two bytes, and is below 256 all the same.
    for (base, end) in [("{id}.{ts}.{body}", '.'), ("{id}é{ts}é{body}", 'é')] {
        let scheme = Scheme::STANDARD_WEBHOOKS.base(base);
        let signer = scheme.signer([&key]).unwrap();
        let body = format!("{}{end}25", NOW + 900);
        let message = webhooks_signature::Outgoing::new(body.as_bytes(), at(NOW)).id("m");
        let mut headers = signer.sign(&message).unwrap();
        headers[0].1 = format!("m{end}{NOW}");
        headers[1].1 = (NOW + 900).to_string();
        let verdict = verdict_at(&scheme, &key, &headers, b"25", at(NOW + 900));
        assert_eq!(verdict, Err(Reason::MalformedId), "{base}");
    }
}

#[test]
fn header_values_need_not_be_utf_8() {
    let headers = [("x-hub-signature-256", &b"sha256=\xff\xfe"[..])];
    assert!(check(&headers).is_err());
    let id: [(&str, &[u8]); 3] = [
        ("webhook-id", b"\xff"),
        ("webhook-timestamp", b"1614265330"),
        ("webhook-signature", b"v1,AAAA"),
    ];
    let verdict = verdict(
        &Scheme::STANDARD_WEBHOOKS,
        &secret(standard::SECRET),
        &id,
        b"{}",
    );
    assert_eq!(verdict, Err(Reason::MalformedId));
}

#[test]
fn the_first_alternative_that_is_present_counts() {
    let key = secret("k");
    let good = signed(&Scheme::SHOPIFY, &key, b"{}").remove(0).1;
    let (old, new) = ("X-Shopify-Hmac-Sha256", "shopify-hmac-sha256");
    let check = |headers: &[(&str, &str)]| verdict(&Scheme::SHOPIFY, &key, &headers, b"{}").is_ok();
    assert!(check(&[(old, &good)]) && check(&[(new, &good)]));
    assert!(check(&[(new, "AAAA"), (old, &good)]));
    assert!(!check(&[(new, &good), (old, "AAAA")]));
}

/// As the svix crate does it: each header falls back by itself.
#[test]
fn svix_headers_may_come_from_both_families() {
    let time = standard::TIME.to_string();
    let check = |headers: &[(&str, &str)]| {
        verdict_at(
            &Scheme::SVIX,
            &secret(standard::SECRET),
            &headers,
            standard::BODY,
            at(standard::TIME),
        )
        .is_ok()
    };
    let (id, signature) = (standard::ID, standard::SIGNATURE);
    assert!(check(&[
        ("svix-id", id),
        ("svix-timestamp", &time),
        ("svix-signature", signature)
    ]));
    assert!(check(&[
        ("webhook-id", id),
        ("webhook-timestamp", &time),
        ("webhook-signature", signature)
    ]));
    assert!(check(&[
        ("svix-id", id),
        ("webhook-timestamp", &time),
        ("svix-signature", signature)
    ]));
    assert!(!check(&[
        ("svix-id", "other"),
        ("webhook-id", id),
        ("svix-timestamp", &time),
        ("svix-signature", signature)
    ]));
}

#[test]
fn either_signature_header_of_box_is_enough() {
    let both = Scheme::BOX
        .signer([secret("primary"), secret("secondary")])
        .unwrap();
    let headers = both
        .sign(&webhooks_signature::Outgoing::new(b"{}", at(1_700_000_000)))
        .unwrap();
    for key in ["primary", "secondary"] {
        assert!(
            verdict(&Scheme::BOX, &secret(key), &headers, b"{}").is_ok(),
            "{key}"
        );
    }
    assert!(verdict(&Scheme::BOX, &secret("tertiary"), &headers, b"{}").is_err());
    let only_second: Vec<_> = headers
        .into_iter()
        .filter(|(name, _)| *name != "box-signature-primary")
        .collect();
    assert!(verdict(&Scheme::BOX, &secret("secondary"), &only_second, b"{}").is_ok());
}

#[test]
fn a_required_header_must_have_its_value() {
    let headers = signed(&Scheme::BOX, &secret("k"), b"{}");
    let with = |value: Option<&str>| {
        let mut headers = headers.clone();
        headers.retain(|(name, _)| name != "box-signature-version");
        headers.extend(value.map(|value| ("Box-Signature-Version".to_owned(), value.to_owned())));
        verdict(&Scheme::BOX, &secret("k"), &headers, b"{}").map(|_| ())
    };
    let header = "box-signature-version".to_owned();
    assert_eq!(with(Some("1")), Ok(()));
    assert_eq!(
        with(Some("2")),
        Err(Reason::UnexpectedHeader {
            header: header.clone()
        })
    );
    assert_eq!(with(None), Err(Reason::MissingHeader { header }));
}

#[test]
fn a_signed_header_must_be_there() {
    let scheme = Scheme::hmac_sha1("x-signature").base("{body}{h:date}");
    let mut headers = signed(&scheme, &secret("k"), b"{}");
    assert!(verdict(&scheme, &secret("k"), &headers, b"{}").is_ok());
    headers.retain(|(name, _)| name != "Date");
    let missing = Err(Reason::MissingHeader {
        header: "date".to_owned(),
    });
    assert_eq!(verdict(&scheme, &secret("k"), &headers, b"{}"), missing);
}
