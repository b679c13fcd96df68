//! Several secrets, several schemes.

use webhooks_signature::{
    AnyOf, Outgoing, Request, Scheme, Secret, SecretError, SetupError, Verifier,
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
