//! Keys as JSON Web Keys: read as secrets, published as a set.

use serde_json::{Value, json};
use webhooks_signature::{Algorithm, Jwk, JwkSet, Scheme, Secret, SecretError, SetupError};

use crate::support::{SENDGRID, secret, signed, standard, verdict};

/// RFC 8037 appendix A.1, the key pair of RFC 8032 TEST 1.
const ED25519_PRIVATE: &str = r#"{"kty":"OKP","crv":"Ed25519",
"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// RFC 7515 appendix A.3.1.
pub(crate) const P256_PRIVATE: &str = r#"{"kty":"EC","crv":"P-256",
"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

fn public(private: &str) -> Jwk {
    Jwk::public_half_of(&secret(private)).unwrap()
}

#[test]
fn the_thumbprint_of_the_rfc() {
    // RFC 8037 appendix A.3.
    assert_eq!(
        public(ED25519_PRIVATE).thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    // RFC 7638 has an RSA key only; this was computed with the hashlib of Python.
    assert_eq!(
        public(P256_PRIVATE).thumbprint(),
        "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"
    );
}

#[test]
fn a_jwk_is_a_secret_of_every_form() {
    for (scheme, private) in [
        (Scheme::STANDARD_WEBHOOKS_ED25519, ED25519_PRIVATE),
        (Scheme::DISCORD, ED25519_PRIVATE),
        (Scheme::SENDGRID, P256_PRIVATE),
    ] {
        let headers = signed(&scheme, &secret(private), b"{}");
        for key in [secret(private), Secret::from(&public(private))] {
            assert!(verdict(&scheme, &key, &headers, b"{}").is_ok());
            assert!(verdict(&scheme, &key, &headers, b"{ }").is_err());
        }
        let cannot = scheme.signer([Secret::from(&public(private))]).unwrap_err();
        let error = SecretError::CannotSign;
        assert_eq!(cannot, SetupError::Secret { index: 0, error });
    }
    let shared = secret(r#"{"kty":"oct","k":"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"#);
    let headers = signed(&Scheme::STANDARD_WEBHOOKS, &secret(standard::SECRET), b"{}");
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS, &shared, &headers, b"{}").is_ok());
}

#[test]
fn a_jwk_of_another_kind_or_with_other_halves_is_refused() {
    let wrong = |scheme: &Scheme, text: &str| match scheme.verifier([secret(text)]) {
        Err(SetupError::Secret { error, .. }) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(
        wrong(&Scheme::STANDARD_WEBHOOKS, ED25519_PRIVATE),
        SecretError::WrongKind { .. }
    ));
    assert!(matches!(
        wrong(&Scheme::SENDGRID, ED25519_PRIVATE),
        SecretError::WrongKind { .. }
    ));
    assert!(matches!(
        wrong(&Scheme::DISCORD, P256_PRIVATE),
        SecretError::WrongKind { .. }
    ));
    let rsa = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    assert!(matches!(
        wrong(&Scheme::DISCORD, rsa),
        SecretError::Malformed { .. }
    ));
    let short = r#"{"kty":"OKP","crv":"Ed25519","x":"11qY"}"#;
    assert!(matches!(
        wrong(&Scheme::DISCORD, short),
        SecretError::Malformed { .. }
    ));
    let off_the_curve = P256_PRIVATE.replace("f83O", "f83P");
    assert!(matches!(
        wrong(&Scheme::SENDGRID, &off_the_curve),
        SecretError::Malformed { .. }
    ));
    for (scheme, text) in [
        (Scheme::DISCORD, ED25519_PRIVATE.replace("nWGx", "nWGy")),
        (Scheme::SENDGRID, P256_PRIVATE.replace("jpsQ", "jpsR")),
    ] {
        let error = SecretError::HalvesDiffer;
        let refused = scheme.signer([secret(&text)]).unwrap_err();
        assert_eq!(refused, SetupError::Secret { index: 0, error });
    }
}

#[test]
fn a_published_set_holds_public_keys_only() {
    let whsk = secret(standard::PRIVATE);
    let keys = [
        Jwk::public_half_of(&whsk).unwrap(),
        public(P256_PRIVATE).with_kid("two"),
        Jwk::public_half_of(&secret(SENDGRID)).unwrap(),
    ];
    let document = serde_json::to_value(JwkSet::new(keys)).unwrap();
    for key in document["keys"].as_array().unwrap() {
        assert!(key["d"].is_null());
        assert_eq!(key["use"], "sig");
        assert!(key["kid"].is_string());
    }
    assert_eq!(document["keys"][0]["alg"], "EdDSA");
    assert_eq!(document["keys"][1]["alg"], "ES256");
    assert_eq!(document["keys"][1]["kid"], "two");
    let read: JwkSet = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
    assert_eq!(read.secrets(Algorithm::Ed25519).len(), 1);
    assert_eq!(read.secrets(Algorithm::EcdsaP256Sha256).len(), 2);
    let headers = signed(&Scheme::STANDARD_WEBHOOKS_ED25519, &whsk, b"{}");
    let key = &read.secrets(Algorithm::Ed25519)[0];
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS_ED25519, key, &headers, b"{}").is_ok());
}

#[test]
fn a_set_leaves_out_what_it_does_not_know_and_drops_private_members() {
    let set: JwkSet = serde_json::from_value(json!({"keys": [
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "oct", "k": "AAAA"},
        serde_json::from_str::<Value>(ED25519_PRIVATE).unwrap(),
        7,
    ], "more": 1}))
    .unwrap();
    assert_eq!(set.keys().len(), 1);
    assert!(set.keys()[0].member("d").is_none());
    assert!(!serde_json::to_string(&set).unwrap().contains("nWGxne"));
    assert!(serde_json::from_value::<JwkSet>(json!({})).is_err());
    assert!(serde_json::from_value::<Jwk>(json!({"kty": "oct", "k": "AAAA"})).is_err());
}

#[test]
fn a_shared_secret_has_no_public_half() {
    for text in [
        standard::SECRET,
        "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ] {
        let error = Jwk::public_half_of(&secret(text)).unwrap_err();
        assert!(matches!(error, SecretError::WrongKind { .. }), "{error:?}");
    }
    assert!(Jwk::public_half_of(&secret("just a text")).is_err());
}
