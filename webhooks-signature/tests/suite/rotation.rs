//! Several secrets, several schemes.

use webhooks_signature::{
    AnyOf, Outgoing, Reason, RejectionKind, Request, Scheme, Secret, SecretError, SetupError,
    Verifier,
};

use crate::support::{NOW, at, secret, signed, standard};

#[test]
fn every_secret_is_tried_with_every_signature() {
    let (old, new) = (secret("old"), secret("new"));
    let both = Scheme::STRIPE.signer([&old, &new]).unwrap();
    let headers = both.sign(&Outgoing::new(b"{}", at(NOW))).unwrap();
    assert_eq!(headers[0].1.matches("v1=").count(), 2);
    for (secrets, matched) in [(vec![&old], 0), (vec![&new], 0), (vec![&new, &old], 0)] {
        let verifier = Scheme::STRIPE.verifier(secrets).unwrap();
        let verified = verifier
            .verify(&Request::new(&headers, b"{}"), at(NOW))
            .unwrap();
        assert_eq!(verified.secret(), matched);
    }
}

#[test]
fn the_index_tells_which_secret_matched() {
    let secrets = ["a", "b", "c"].map(secret);
    let verifier = Scheme::GITHUB.verifier(&secrets).unwrap();
    for (index, key) in secrets.iter().enumerate() {
        let headers = signed(&Scheme::GITHUB, key, b"{}");
        assert_eq!(
            verifier
                .verify(&Request::new(&headers, b"{}"), at(NOW))
                .unwrap()
                .secret(),
            index
        );
    }
}

#[test]
fn a_bad_secret_in_a_list_is_told_by_its_place() {
    let secrets = [secret(standard::SECRET), secret("whsec_%")];
    let error = Scheme::STANDARD_WEBHOOKS.verifier(&secrets).unwrap_err();
    assert!(
        matches!(error, SetupError::Secret { index: 1, .. }),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "secret number 2 cannot be used");
}

#[test]
fn a_scheme_without_a_list_signs_with_one_secret() {
    let two = [secret("a"), secret("b")];
    let error = SetupError::Secret {
        index: 1,
        error: SecretError::TooMany { allowed: 1 },
    };
    assert_eq!(Scheme::GITHUB.signer(&two).unwrap_err(), error);
    assert!(Scheme::BOX.signer(&two).is_ok());
    let error = SetupError::Secret {
        index: 2,
        error: SecretError::TooMany { allowed: 2 },
    };
    assert_eq!(
        Scheme::BOX.signer(["a", "b", "c"].map(secret)).unwrap_err(),
        error
    );
}

#[test]
fn ed25519_keys_rotate_as_well() {
    let keys = [1, 2].map(|seed| Secret::ed25519_from_seed(&[seed; 32]));
    let signer = Scheme::STANDARD_WEBHOOKS_ED25519.signer(&keys).unwrap();
    let headers = signer
        .sign(&Outgoing::new(b"{}", at(NOW)).id("msg_1"))
        .unwrap();
    for key in &keys {
        let verifier = Scheme::STANDARD_WEBHOOKS_ED25519
            .verifier([key.public_key().unwrap()])
            .unwrap();
        assert!(
            verifier
                .verify(&Request::new(&headers, b"{}"), at(NOW))
                .is_ok()
        );
    }
}

#[test]
fn any_of_several_schemes_accepts() {
    let key = secret("k");
    let either = AnyOf::new([
        Scheme::GITHUB.verifier([&key]).unwrap(),
        Scheme::GITHUB_SHA1.verifier([&key]).unwrap(),
    ]);
    for scheme in [Scheme::GITHUB, Scheme::GITHUB_SHA1] {
        let headers = signed(&scheme, &key, b"{}");
        assert!(
            either
                .verify(&Request::new(&headers, b"{}"), at(NOW))
                .is_ok()
        );
    }
    let headers = signed(&Scheme::GITEA, &key, b"{}");
    assert!(
        either
            .verify(&Request::new(&headers, b"{}"), at(NOW))
            .is_err()
    );
    let none = AnyOf::<Box<dyn Verifier>>::new([]);
    assert!(
        none.verify(&Request::new(&headers, b"{}"), at(NOW))
            .is_err()
    );
}

#[test]
fn v1_and_v1a_stand_side_by_side_by_the_prefix_of_the_key() {
    let scheme = Scheme::STANDARD_WEBHOOKS_V1_V1A;
    let shared = secret(standard::SECRET);
    let (private, public) = (secret(standard::PRIVATE), secret(standard::PUBLIC));
    let message = Outgoing::new(b"{}", at(NOW)).id("msg_1");
    let signer = scheme.signer([&shared, &private]).unwrap();
    let both = signer.sign(&message).unwrap();
    assert!(
        both[2].1.contains("v1,") && both[2].1.contains(" v1a,"),
        "{both:?}"
    );
    let (with_v1, with_v1a) = (
        scheme.signer([&shared]).unwrap(),
        scheme.signer([&private]).unwrap(),
    );
    let (v1, v1a) = (
        with_v1.sign(&message).unwrap(),
        with_v1a.sign(&message).unwrap(),
    );
    let verify = |keys: &[&Secret], headers: &Vec<(&str, String)>| {
        let verifier = scheme.verifier(keys.iter().copied()).unwrap();
        verifier.verify(&Request::new(headers, b"{}"), at(NOW))
    };
    for (keys, headers, matched) in [
        (vec![&shared, &public], &both, Some(0)),
        (vec![&public], &both, Some(0)),
        (vec![&shared, &public], &v1a, Some(1)),
        (vec![&public, &shared], &v1, Some(1)),
        (vec![&public], &v1, None),
        (vec![&shared], &v1a, None),
    ] {
        let verdict = verify(&keys, headers);
        assert_eq!(verdict.ok().map(|verified| verified.secret()), matched);
    }
    // A public key is never the key of an HMAC.
    let confused = scheme.signer([secret(standard::PUBLIC)]);
    assert!(confused.is_err());
    let json = serde_json::to_string(&scheme).unwrap();
    assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), scheme);
}

#[test]
fn the_reason_of_any_of_several_is_the_one_that_tells_most() {
    let (key, other) = (
        secret(standard::SECRET),
        secret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    );
    let v1 = || Scheme::STANDARD_WEBHOOKS.verifier([&key]).unwrap();
    let v1a = || {
        Scheme::STANDARD_WEBHOOKS_ED25519
            .verifier([secret(standard::PUBLIC)])
            .unwrap()
    };
    let good = signed(&Scheme::STANDARD_WEBHOOKS, &key, b"{}");
    let wrong = signed(&Scheme::STANDARD_WEBHOOKS, &other, b"{}");
    let mut garbage = good.clone();
    garbage
        .iter_mut()
        .filter(|(name, _)| name == "webhook-signature")
        .for_each(|(_, value)| *value = "v9,x".to_owned());
    let none: Vec<(String, String)> = Vec::new();
    for verifiers in [[v1(), v1a()], [v1a(), v1()]] {
        let either = AnyOf::new(verifiers);
        let kind = |headers: &Vec<(String, String)>, now| {
            let request = Request::new(headers, b"{}");
            either.verify(&request, at(now)).unwrap_err().kind()
        };
        assert_eq!(kind(&good, NOW + 400), RejectionKind::Stale);
        assert_eq!(kind(&wrong, NOW), RejectionKind::Mismatch);
        assert_eq!(kind(&garbage, NOW), RejectionKind::Malformed);
        assert_eq!(kind(&none, NOW), RejectionKind::Missing);
        let early = either
            .precheck(&Request::new(&good, b""), at(NOW + 400))
            .unwrap_err();
        assert_eq!(early.kind(), RejectionKind::Stale);
        assert!(!early.is_stale());
    }
}

#[test]
fn few_signatures_are_tried_that_cost_a_verification_each() {
    let scheme = Scheme::STANDARD_WEBHOOKS_ED25519;
    let keys: Vec<_> = (1..=5)
        .map(|seed| Secret::ed25519_from_seed(&[seed; 32]))
        .collect();
    assert!(scheme.signer(&keys[..4]).is_ok());
    let error = SecretError::TooMany { allowed: 4 };
    assert_eq!(
        scheme.signer(&keys).unwrap_err(),
        SetupError::Secret { index: 4, error }
    );
}

#[test]
fn a_body_of_2_mib_is_checked_twice_for_a_rotation_and_no_further_time() {
    let scheme = Scheme::STANDARD_WEBHOOKS_V1_V1A;
    let keys = [1, 2, 3].map(|seed| Secret::ed25519_from_seed(&[seed; 32]));
    let body = vec![b' '; 2 << 20];
    let signer = scheme.signer([&keys[2]]).unwrap();
    let by_the_last = signer
        .sign(&Outgoing::new(&body, at(NOW)).id("msg_1"))
        .unwrap();
    let verdict = |headers: &Vec<(&str, String)>, secrets: &[Secret]| {
        let request = Request::new(headers, &body);
        let verifier = scheme.verifier(secrets).unwrap();
        let verified = verifier.verify(&request, at(NOW));
        verified.map_err(|rejection| rejection.reason().to_string())
    };
    let public = keys.each_ref().map(|key| key.public_key().unwrap());
    let refused = verdict(&by_the_last, &public).unwrap_err();
    assert!(refused.contains("too many"), "{refused}");
    // What matches none of two keys is called what it is.
    let mismatch = verdict(&by_the_last, &public[..2]).unwrap_err();
    assert_eq!(mismatch, Reason::Mismatch.to_string());
    let rotated = verdict(&by_the_last, &public[1..]).unwrap();
    assert_eq!(rotated.secret(), 1);
    // Secrets of v1 that do not match leave at least one check to v1a.
    let mut both = vec![secret(standard::SECRET); 4];
    both.push(public[2].clone());
    assert_eq!(verdict(&by_the_last, &both).unwrap().secret(), 4);
}
