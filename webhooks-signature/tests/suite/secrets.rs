//! Secrets and keys: forms, kinds, what is refused.

use webhooks_signature::{KeyForm, Scheme, Secret, SecretError, SetupError};

use crate::support::{SENDGRID, at, schemes, secret, signed, standard, verdict, verdict_at};

fn refused(scheme: &Scheme, text: &str) -> SecretError {
    let made = Secret::new(text).map_err(|error| SetupError::Secret { index: 0, error });
    match made.and_then(|secret| scheme.verifier([secret])) {
        Err(SetupError::Secret { index: 0, error }) => error,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn an_empty_secret_is_refused_under_every_scheme() {
    for (name, scheme) in schemes() {
        assert_eq!(refused(&scheme, ""), SecretError::Empty, "{name}");
    }
    for text in ["whsec_", "whpk_", "whsk_"] {
        assert_eq!(Secret::new(text), Err(SecretError::Empty));
    }
    assert_eq!(
        refused(&Scheme::STANDARD_WEBHOOKS, "="),
        SecretError::Malformed { expected: "base64" }
    );
    assert!(serde_json::from_str::<Secret>("\"\"").is_err());
}

#[test]
fn no_secret_at_all_is_refused() {
    let none = SetupError::Secret {
        index: 0,
        error: SecretError::NoSecret,
    };
    assert_eq!(
        Scheme::GITHUB.verifier(Vec::<Secret>::new()).unwrap_err(),
        none
    );
    assert_eq!(
        Scheme::GITHUB.signer(Vec::<Secret>::new()).unwrap_err(),
        none
    );
}

/// JavaScript, Python and Rust take the secret with and without its prefix; Python also without padding.
#[test]
fn a_shared_secret_may_lack_prefix_and_padding() {
    let key = |text: &str| {
        let headers = signed(&Scheme::STANDARD_WEBHOOKS, &secret(text), b"{}");
        headers
            .into_iter()
            .find(|(name, _)| name == "webhook-signature")
            .unwrap()
            .1
    };
    let stem = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert_eq!(key(stem), key(&format!("whsec_{stem}")));
    for (cut, padded) in [
        (
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS=",
        ),
        (
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBr",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBr==",
        ),
    ] {
        assert_eq!(key(cut), key(padded), "{cut}");
        assert_eq!(key(cut), key(&format!("whsec_{cut}")), "{cut}");
    }
}

#[test]
fn a_shared_secret_that_is_not_base64_is_refused() {
    for text in [
        "w",
        "whsec_%",
        "hwsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ 9r8G",
        "whsec_ab-_",
        "WHSEC_AAAA",
    ] {
        assert_eq!(
            refused(&Scheme::STANDARD_WEBHOOKS, text),
            SecretError::Malformed { expected: "base64" },
            "{text}"
        );
    }
}

#[test]
fn the_stripe_secret_is_its_whole_text() {
    let with = signed(&Scheme::STRIPE, &secret("whsec_test"), b"{}");
    assert!(verdict(&Scheme::STRIPE, &secret("whsec_test"), &with, b"{}").is_ok());
    assert!(verdict(&Scheme::STRIPE, &secret("test"), &with, b"{}").is_err());
}

#[test]
fn a_key_of_the_other_kind_is_refused_by_its_prefix() {
    for text in [standard::PUBLIC, standard::PRIVATE] {
        let error = refused(&Scheme::STANDARD_WEBHOOKS, text);
        assert!(matches!(error, SecretError::WrongKind { .. }), "{error:?}");
    }
    let error = refused(&Scheme::STANDARD_WEBHOOKS_ED25519, standard::SECRET);
    assert!(
        matches!(
            error,
            SecretError::WrongKind {
                found: "whsec_",
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_public_key_cannot_sign() {
    let error = SetupError::Secret {
        index: 0,
        error: SecretError::CannotSign,
    };
    let spki = format!(
        "whpk_MCowBQYDK2VwAyEA{}",
        standard::PUBLIC.strip_prefix("whpk_").unwrap()
    );
    for text in [standard::PUBLIC, &spki] {
        assert_eq!(
            Scheme::STANDARD_WEBHOOKS_ED25519
                .signer([secret(text)])
                .unwrap_err(),
            error
        );
    }
    assert_eq!(
        Scheme::SENDGRID.signer([secret(SENDGRID)]).unwrap_err(),
        error
    );
}

#[test]
fn the_published_private_key_signs_what_its_public_key_verifies() {
    assert_eq!(
        secret(standard::PRIVATE).public_key().unwrap().expose(),
        standard::PUBLIC
    );
    let signer = Scheme::STANDARD_WEBHOOKS_ED25519
        .signer([secret(standard::PRIVATE)])
        .unwrap();
    let message =
        webhooks_signature::Outgoing::new(standard::BODY, at(standard::TIME)).id(standard::ID);
    let headers = signer.sign(&message).unwrap();
    assert_eq!(
        headers[2],
        ("webhook-signature", standard::SIGNATURE_V1A.to_owned())
    );
    for key in [standard::PUBLIC, standard::PRIVATE] {
        let verdict = verdict_at(
            &Scheme::STANDARD_WEBHOOKS_ED25519,
            &secret(key),
            &headers,
            standard::BODY,
            at(standard::TIME),
        );
        assert!(verdict.is_ok(), "{key}");
    }
}

#[test]
fn a_private_key_whose_halves_differ_is_refused() {
    let other = Secret::ed25519_from_seed(&[7; 32]);
    let mixed = format!(
        "{}{}",
        &standard::PRIVATE[..5 + 43],
        &other.expose()[5 + 43..]
    );
    assert_eq!(
        refused(&Scheme::STANDARD_WEBHOOKS_ED25519, &mixed),
        SecretError::HalvesDiffer
    );
    assert!(
        refused(&Scheme::STANDARD_WEBHOOKS_ED25519, &standard::PRIVATE[..40])
            .to_string()
            .contains("private")
    );
    assert!(secret(standard::SECRET).public_key().is_err());
}

/// Under the neutral element one signature fits every message.
#[test]
fn a_weak_public_key_is_refused() {
    for point in [
        "01",
        "00",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let hex = format!("{point:0<64}");
        assert!(
            matches!(
                refused(&Scheme::DISCORD, &hex),
                SecretError::Malformed { .. }
            ),
            "{hex}"
        );
    }
}

#[test]
fn a_public_key_of_the_wrong_form_is_refused() {
    for text in ["d75a98", "zz", &"d7".repeat(33), standard::PUBLIC] {
        assert!(
            matches!(
                refused(&Scheme::DISCORD, text),
                SecretError::Malformed { .. }
            ),
            "{text}"
        );
    }
    for text in [
        "AAAA",
        "not base64!",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
    ] {
        assert!(
            matches!(
                refused(&Scheme::SENDGRID, text),
                SecretError::Malformed { .. }
            ),
            "{text}"
        );
    }
}

#[test]
fn a_public_key_may_come_as_a_pem_file() {
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\r\n{}\n-----END PUBLIC KEY-----\n",
        &SENDGRID[..64],
        &SENDGRID[64..]
    );
    assert!(Scheme::SENDGRID.verifier([secret(&pem)]).is_ok());
}

#[test]
fn a_hexadecimal_secret_is_decoded() {
    let scheme = Scheme::hmac_sha256("x-sig").key(KeyForm::Hex);
    let same = signed(&Scheme::hmac_sha256("x-sig"), &secret("AB"), b"{}");
    assert!(verdict(&scheme, &secret("4142"), &same, b"{}").is_ok());
    assert_eq!(
        refused(&scheme, "414"),
        SecretError::Malformed {
            expected: "hexadecimal"
        }
    );
}

#[test]
fn generated_secrets_differ_and_work() {
    let (one, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
    assert_ne!(one, other);
    assert_eq!(one.expose().len(), "whsec_".len() + 44);
    let headers = signed(&Scheme::STANDARD_WEBHOOKS, &one, b"{}");
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS, &one, &headers, b"{}").is_ok());
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS, &other, &headers, b"{}").is_err());
    let private = Secret::generate_ed25519().unwrap();
    let headers = signed(&Scheme::STANDARD_WEBHOOKS_ED25519, &private, b"{}");
    let public = private.public_key().unwrap();
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS_ED25519, &public, &headers, b"{}").is_ok());
}

/// What is left behind when a secret is read from a file, an empty variable or an unfilled buffer.
#[test]
fn a_secret_that_is_a_slip_is_refused_in_words() {
    for (text, word) in [
        ("\n", "blank"),
        (" ", "blank"),
        ("\u{feff}", "blank"),
        (" \u{200b}\t", "blank"),
        ("\0\0", "zero"),
        ("whsec_abc\n", "ends with a line break"),
        (" whsec_abc", "begins with a space"),
        ("\u{feff}whsec_abc", "begins with a byte order mark"),
        ("abc\t", "ends with a tab"),
        ("abc\0", "ends with a control character"),
        ("v1,whsec_", "empty"),
    ] {
        let error = Secret::new(text).unwrap_err().to_string();
        assert!(error.contains(word), "{text:?}: {error}");
        assert!(!error.contains("abc"), "{error}");
        assert!(serde_json::from_value::<Secret>(text.into()).is_err());
    }
    for text in ["two words", "-----BEGIN X-----\nAAAA\n-----END X-----\n"] {
        assert!(Secret::new(text).is_ok(), "{text}");
    }
}

#[test]
fn a_key_of_zeros_or_too_few_bytes_is_refused() {
    let zero = refused(
        &Scheme::STANDARD_WEBHOOKS,
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    );
    assert_eq!(zero, SecretError::AllZero);
    let hex = Scheme::hmac_sha256("x-sig").key(KeyForm::Hex);
    assert_eq!(refused(&hex, "000000"), SecretError::AllZero);
    for (text, bytes) in [
        ("whsec_bm90LXZhbGlkCg==", 10),
        ("MfKQ", 3),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILQ==", 16),
    ] {
        let error = refused(&Scheme::STANDARD_WEBHOOKS, text);
        assert_eq!(
            error,
            SecretError::TooShort {
                bytes,
                at_least: 24
            },
            "{text}"
        );
    }
}

/// Supabase shows `v1,whsec_..`.
#[test]
fn a_version_before_a_secret_is_understood() {
    let headers = signed(&Scheme::STANDARD_WEBHOOKS, &secret(standard::SECRET), b"{}");
    let shown = secret(&format!("v1,{}", standard::SECRET));
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS, &shown, &headers, b"{}").is_ok());
    let private = secret(&format!("v1a,{}", standard::PRIVATE));
    let headers = signed(&Scheme::STANDARD_WEBHOOKS_ED25519, &private, b"{}");
    let public = secret(&format!("v1a,{}", standard::PUBLIC));
    assert!(verdict(&Scheme::STANDARD_WEBHOOKS_ED25519, &public, &headers, b"{}").is_ok());
    // Where the text itself is the key, it would silently be another one.
    let error = refused(&Scheme::STRIPE, shown.expose());
    assert!(
        matches!(error, SecretError::WrongKind { found: "v1,", .. }),
        "{error:?}"
    );
}
