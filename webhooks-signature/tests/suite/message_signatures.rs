//! HTTP message signatures: the examples of RFC 9421, and the rules of each part.

use serde_json::json;
use webhooks_signature::{
    Algorithm, AnyOf, Jwk, JwkSet, KeyForm, MessageKey, MessageSignatureProblem,
    MessageSignatureProfile, MessageSignatureVerifier, MessageSigner, Outgoing, Reason, Rejection,
    RejectionKind, Request, Secret, Verified, Verifier,
};

use crate::support::{NOW, URL, at, secret};

/// RFC 9421 appendix B.2.
const RFC_TIME: u64 = 1_618_884_473;

fn problem(rejection: &Rejection) -> MessageSignatureProblem {
    match rejection.reason() {
        Reason::MessageSignature(problem) => *problem,
        other => panic!("{other:?}"),
    }
}

/// Headers, body and URL of the request that all examples of appendix B.2 sign.
fn rfc_request() -> (
    Vec<(&'static str, &'static str)>,
    &'static [u8],
    &'static str,
) {
    let headers = vec![
        ("Host", "example.com"),
        ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("Content-Type", "application/json"),
        (
            "Content-Digest",
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
        ),
        ("Content-Length", "18"),
    ];
    (
        headers,
        br#"{"hello": "world"}"#,
        "https://example.com/foo?param=Value&Pet=dog",
    )
}

fn rfc(
    profile: MessageSignatureProfile,
    key: MessageKey,
    input: &'static str,
    signature: &'static str,
) -> Result<Verified, Rejection> {
    let (mut headers, body, url) = rfc_request();
    headers.extend([("Signature-Input", input), ("Signature", signature)]);
    let keys = move |_: &str| Ok(key.clone());
    let verifier = MessageSignatureVerifier::new(profile, keys);
    verifier.verify(&Request::new(&headers, body).url(url), at(RFC_TIME))
}

/// B.2.5 and B.2.6: the two examples whose algorithms are supported and that are not of a response.
#[test]
fn the_examples_of_rfc_9421_verify() {
    let shared =
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
    let hmac = MessageKey::new(
        Algorithm::HmacSha256,
        &KeyForm::Base64 { prefix: None },
        &secret(shared),
    );
    let profile = MessageSignatureProfile::WEBHOOK.covers(&["date", "@authority", "content-type"]);
    let verified = rfc(
        profile.clone(),
        hmac.unwrap(),
        r#"sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#,
        "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
    );
    assert_eq!(verified.unwrap().timestamp(), Some(at(RFC_TIME)));

    let public = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
    let ed25519 =
        MessageKey::new(Algorithm::Ed25519, &KeyForm::SpkiBase64, &secret(public)).unwrap();
    let profile = profile.covers(&[
        "date",
        "@method",
        "@path",
        "@authority",
        "content-type",
        "content-length",
    ]);
    let input = r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
    let signature = "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
    assert!(rfc(profile.clone(), ed25519.clone(), input, signature).is_ok());
    let other = signature.replacen('w', "x", 1);
    let refused = rfc(profile, ed25519, input, other.leak()).unwrap_err();
    assert_eq!(problem(&refused), MessageSignatureProblem::Signature);
}

/// A key pair, its public half under the id `k`, and a signer of the profile.
fn pair(profile: &MessageSignatureProfile, algorithm: Algorithm) -> (MessageSigner, JwkSet) {
    let private = match algorithm {
        Algorithm::Ed25519 => Secret::ed25519_from_seed(&[7; 32]),
        _ => secret(crate::jwk::P256_PRIVATE),
    };
    let jwk = Jwk::public_half_of(&private).unwrap().with_kid("k");
    let signer = MessageSigner::new(profile.clone(), "k", algorithm, &KeyForm::WHPK, &private);
    (signer.unwrap(), JwkSet::new([jwk]))
}

type Signed = Vec<(&'static str, String)>;

fn signed(
    profile: &MessageSignatureProfile,
    algorithm: Algorithm,
    body: &[u8],
) -> (Signed, JwkSet) {
    let (signer, keys) = pair(profile, algorithm);
    let type_ = [("content-type", "application/json".to_owned())];
    let message = Outgoing::new(body, at(NOW)).url(URL).headers(&type_);
    let mut headers = signer.sign(&message).unwrap();
    headers.extend(type_);
    (headers, keys)
}

fn verdict(
    profile: &MessageSignatureProfile,
    keys: &JwkSet,
    headers: &Signed,
    body: &[u8],
    now: u64,
) -> Result<Verified, Rejection> {
    let verifier = MessageSignatureVerifier::new(profile.clone(), keys.clone());
    verifier.verify(&Request::new(headers, body).url(URL), at(now))
}

#[test]
fn what_is_signed_verifies_and_nothing_else_does() {
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256Sha256] {
        let profile = MessageSignatureProfile::WEBHOOK;
        let (headers, keys) = signed(&profile, algorithm, b"{}");
        let check =
            |headers: &Signed, body: &[u8], now| verdict(&profile, &keys, headers, body, now);
        assert!(check(&headers, b"{}", NOW).is_ok());
        let refused = check(&headers, b"{ }", NOW).unwrap_err();
        assert_eq!(problem(&refused), MessageSignatureProblem::Digest);
        let refused = check(&headers, b"{}", NOW + 361).unwrap_err();
        assert_eq!(problem(&refused), MessageSignatureProblem::Expired);
        assert_eq!(refused.kind(), RejectionKind::Stale);
        assert!(check(&headers, b"{}", NOW + 360).is_ok());
        assert!(check(&headers, b"{}", NOW - 61).is_err());
        // Another URL, method or digest is another text.
        let verifier = MessageSignatureVerifier::new(profile.clone(), keys.clone());
        for request in [
            Request::new(&headers, b"{}").url("https://example.com/other?a=1"),
            Request::new(&headers, b"{}").url(URL).method("PUT"),
        ] {
            let refused = verifier.verify(&request, at(NOW)).unwrap_err();
            assert_eq!(problem(&refused), MessageSignatureProblem::Signature);
        }
        let mut moved = headers.clone();
        moved[1].1 = moved[1].1.replace("created=17", "created=16");
        assert!(check(&moved, b"{}", NOW - 100_000_000).is_err());
    }
}

#[test]
fn one_header_without_the_other_is_malformed_and_neither_is_missing() {
    let profile = MessageSignatureProfile::WEBHOOK;
    let (headers, keys) = signed(&profile, Algorithm::Ed25519, b"{}");
    let without = |names: &[&str]| {
        let kept = headers.iter().filter(|(name, _)| !names.contains(name));
        let kept: Signed = kept.cloned().collect();
        verdict(&profile, &keys, &kept, b"{}", NOW).unwrap_err()
    };
    assert_eq!(
        problem(&without(&["signature"])),
        MessageSignatureProblem::Malformed
    );
    assert_eq!(
        problem(&without(&["signature-input"])),
        MessageSignatureProblem::Malformed
    );
    let neither = without(&["signature", "signature-input"]);
    assert_eq!(neither.kind(), RejectionKind::Missing);
}

#[test]
fn a_component_that_cannot_be_computed_is_refused() {
    let key = || MessageKey::new(Algorithm::HmacSha256, &KeyForm::Utf8, &secret("key")).unwrap();
    let profile = MessageSignatureProfile::WEBHOOK.covers(&[]);
    for (component, expected) in [
        (r#""@status""#, MessageSignatureProblem::ComponentUnknown),
        (r#""date";sf"#, MessageSignatureProblem::ComponentUnknown),
        (r#""date";req"#, MessageSignatureProblem::ComponentUnknown),
        (r#""Date""#, MessageSignatureProblem::ComponentUnknown),
        (
            r#""@query-param""#,
            MessageSignatureProblem::ComponentUnknown,
        ),
        (r#""x-absent""#, MessageSignatureProblem::ComponentMissing),
        (
            r#""@query-param";name="absent""#,
            MessageSignatureProblem::ComponentMissing,
        ),
        (r#""date" "date""#, MessageSignatureProblem::Malformed),
        (
            r#""@query-param";name="Pet""#,
            MessageSignatureProblem::Signature,
        ),
        (
            r#""@request-target" "@scheme" "@query""#,
            MessageSignatureProblem::Signature,
        ),
    ] {
        let input = format!(r#"s=({component});created={RFC_TIME};keyid="k""#).leak();
        let refused = rfc(profile.clone(), key(), input, "s=:AAAA:").unwrap_err();
        assert_eq!(problem(&refused), expected, "{component}");
    }
}

#[test]
fn a_nonce_is_new_each_time_and_is_the_id() {
    let profile = MessageSignatureProfile::ADCP_WEBHOOK.key_member("use", &["sig"]);
    let id = || {
        let (headers, keys) = signed(&profile, Algorithm::Ed25519, b"{}");
        let verified = verdict(&profile, &keys, &headers, b"{}", NOW).unwrap();
        verified.id().unwrap().to_owned()
    };
    let (one, other) = (id(), id());
    assert!(one.starts_with("k "));
    assert_ne!(one, other);
}

#[test]
fn a_key_that_is_not_for_verifying_is_refused() {
    let profile = MessageSignatureProfile::WEBHOOK;
    let (headers, keys) = signed(&profile, Algorithm::Ed25519, b"{}");
    for (member, value) in [("use", json!("enc")), ("key_ops", json!(["sign"]))] {
        let mut document = serde_json::to_value(&keys).unwrap();
        document["keys"][0][member] = value;
        let keys: JwkSet = serde_json::from_value(document).unwrap();
        let refused = verdict(&profile, &keys, &headers, b"{}", NOW).unwrap_err();
        assert_eq!(
            problem(&refused),
            MessageSignatureProblem::KeyPurpose,
            "{member}"
        );
    }
}

#[test]
fn several_lines_of_one_header_are_joined() {
    let profile = MessageSignatureProfile::WEBHOOK.label("sig1");
    let (mut headers, keys) = signed(&profile, Algorithm::Ed25519, b"{}");
    headers.insert(0, ("signature-input", "other=();created=1".to_owned()));
    headers.insert(0, ("signature", "other=:AAAA:".to_owned()));
    assert!(verdict(&profile, &keys, &headers, b"{}", NOW).is_ok());
}

#[test]
fn a_message_signature_and_a_scheme_stand_side_by_side() {
    let profile = MessageSignatureProfile::WEBHOOK;
    let (headers, keys) = signed(&profile, Algorithm::Ed25519, b"{}");
    let scheme = webhooks_signature::Scheme::GITHUB
        .verifier([secret("k")])
        .unwrap();
    let either = AnyOf::<Box<dyn Verifier>>::new([
        Box::new(scheme) as Box<dyn Verifier>,
        Box::new(MessageSignatureVerifier::new(profile, keys)),
    ]);
    let verify = |now| either.verify(&Request::new(&headers, b"{}").url(URL), at(now));
    assert_eq!(verify(NOW).unwrap().verifier(), 1);
    assert_eq!(verify(NOW + 1000).unwrap_err().kind(), RejectionKind::Stale);
}

#[test]
fn a_signer_says_what_the_profile_misses() {
    let profile = MessageSignatureProfile::ADCP_WEBHOOK;
    let (signer, _) = pair(&profile, Algorithm::Ed25519);
    let message = Outgoing::new(b"{}", at(NOW));
    assert!(signer.sign(&message).is_err());
    let error = signer.sign(&message.url(URL)).unwrap_err();
    assert!(error.to_string().contains("content-type"), "{error}");
    let public = Secret::ed25519_from_seed(&[7; 32]).public_key().unwrap();
    let refused = MessageSigner::new(profile, "k", Algorithm::Ed25519, &KeyForm::WHPK, &public);
    assert!(refused.is_err());
}
