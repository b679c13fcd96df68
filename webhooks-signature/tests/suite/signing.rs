//! What we sign verifies, and what could not be verified is not signed.

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use webhooks_signature::{Algorithm, Outgoing, Scheme, Secret, SignError};

use crate::support::{NOW, URL, at, schemes, secret, signed, standard, verdict};

/// A private key made for these tests, PKCS#8.
const P256: &str = concat!(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgp1jQM3XR3z+e5Cv+w1fVw92yn65ntI0RoljKa/PKxjah",
    "RANCAATVcN0CoyV98ftNrk+A0xdWIzJuRUMvMNRNDEDIMpzln76m+jMGQYzfWusUOZVltAufDU/DmnR+MCZLe39OxOSX",
);

/// A secret in the form of this scheme, to sign with.
fn fitting(scheme: &Scheme) -> Secret {
    match scheme.algorithm() {
        Algorithm::Basic => secret("user:pass"),
        Algorithm::Ed25519
            if scheme
                .signature_headers()
                .any(|name| name.starts_with("x-")) =>
        {
            secret(&"07".repeat(32))
        }
        Algorithm::Ed25519 => Secret::ed25519_from_seed(&[7; 32]),
        Algorithm::EcdsaP256Sha256 => secret(P256),
        _ => secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    }
}

/// The key that verifies: the public half where there is one.
fn verifying(scheme: &Scheme, private: &Secret) -> Secret {
    if scheme.algorithm() == Algorithm::Ed25519 && !private.expose().starts_with("whsk_") {
        let seed: [u8; 32] = hex::decode(private.expose()).unwrap().try_into().unwrap();
        let public = Secret::ed25519_from_seed(&seed).public_key().unwrap();
        return secret(&hex::encode(
            STANDARD.decode(&public.expose()[5..]).unwrap(),
        ));
    }
    private.clone()
}

#[test]
fn what_is_signed_verifies_under_every_scheme() {
    let body = format!(r#"{{"webhookTimestamp":{NOW}000}}"#);
    for (name, scheme) in schemes() {
        let private = fitting(&scheme);
        let headers = signed(&scheme, &private, body.as_bytes());
        let public = verifying(&scheme, &private);
        let verified = verdict(&scheme, &public, &headers, body.as_bytes());
        assert!(verified.is_ok(), "{name}: {verified:?} {headers:?}");
        if scheme.signs_body() {
            let other = body.replace("000}", "000 }");
            assert!(
                verdict(&scheme, &public, &headers, other.as_bytes()).is_err(),
                "{name}"
            );
        }
    }
}

#[test]
fn bodies_of_any_bytes_are_signed_and_verified() {
    let every: Vec<u8> = (0..=255).collect();
    for (name, scheme) in schemes() {
        if name == "linear" {
            continue;
        }
        let private = fitting(&scheme);
        let public = verifying(&scheme, &private);
        for body in [&b""[..], b"\xff\xfe\x00", &every] {
            let headers = signed(&scheme, &private, body);
            assert!(
                verdict(&scheme, &public, &headers, body).is_ok(),
                "{name}, {} bytes",
                body.len()
            );
        }
    }
}

#[test]
fn a_large_body_is_signed_and_verified() {
    let (scheme, body) = (Scheme::STANDARD_WEBHOOKS, vec![0xff; 3 << 20]);
    let headers = signed(&scheme, &secret(standard::SECRET), &body);
    assert!(verdict(&scheme, &secret(standard::SECRET), &headers, &body).is_ok());
    assert!(verdict(&scheme, &secret(standard::SECRET), &headers, &body[1..]).is_err());
}

#[test]
fn the_published_vector_is_signed_as_published() {
    let signer = Scheme::STANDARD_WEBHOOKS
        .signer([secret(standard::SECRET)])
        .unwrap();
    let message = Outgoing::new(standard::BODY, at(standard::TIME)).id(standard::ID);
    assert_eq!(signer.sign(&message).unwrap()[2].1, standard::SIGNATURE);
}

#[test]
fn an_id_that_could_be_read_in_two_ways_is_not_signed() {
    let signer = Scheme::STANDARD_WEBHOOKS
        .signer([secret(standard::SECRET)])
        .unwrap();
    let sign = |id| {
        signer
            .sign(&Outgoing::new(b"{}", at(NOW)).id(id))
            .map(|_| ())
    };
    assert_eq!(sign("msg_1"), Ok(()));
    for id in ["", "msg.1", "msg 1", "msg\r\nx: y", "m\u{f6}"] {
        assert_eq!(sign(id), Err(SignError::AmbiguousId), "{id:?}");
    }
    assert_eq!(
        signer.sign(&Outgoing::new(b"{}", at(NOW))).unwrap_err(),
        SignError::MissingId
    );
}

#[test]
fn what_a_scheme_signs_must_be_given() {
    let sign = |scheme: Scheme, url: &str| {
        scheme
            .signer([secret("k")])
            .unwrap()
            .sign(&Outgoing::new(b"{}", at(NOW)).url(url))
            .map(|_| ())
    };
    assert_eq!(sign(Scheme::SQUARE, URL), Ok(()));
    assert_eq!(sign(Scheme::SQUARE, ""), Err(SignError::MissingUrl));
    assert_eq!(sign(Scheme::SQUARE, "/hook"), Err(SignError::MissingUrl));
    let scalr = Scheme::hmac_sha1("x-signature").base("{body}{h:date}");
    assert_eq!(
        sign(scalr, ""),
        Err(SignError::MissingHeader {
            header: "date".to_owned()
        })
    );
    let hash = "https://example.com/?bodySHA256=00";
    assert_eq!(sign(Scheme::TWILIO, hash), Err(SignError::BodyHash));
}

#[test]
fn a_time_before_1970_is_not_signed() {
    let signer = Scheme::STRIPE.signer([secret("k")]).unwrap();
    let message = Outgoing::new(b"{}", UNIX_EPOCH - Duration::from_secs(1));
    assert_eq!(
        signer.sign(&message).unwrap_err(),
        SignError::TimeOutOfRange
    );
}

#[test]
fn a_secret_that_cannot_stand_in_a_header_is_not_written() {
    let signer = Scheme::GITLAB_TOKEN.signer([secret("a\r\nb: c")]).unwrap();
    assert_eq!(
        signer.sign(&Outgoing::new(b"{}", at(NOW))).unwrap_err(),
        SignError::NotAHeaderValue
    );
}
