//! Nothing of a secret or a signature comes out, and the outside cannot tell one refusal from another.

use webhooks_signature::{Request, Scheme, Secret, Verifier};

use crate::support::{NOW, at, schemes, secret, signed};

const HIDDEN: &str = "correct-horse-battery-staple";

#[test]
fn missing_and_wrong_look_the_same_from_outside() {
    let verifier = Scheme::SLACK.verifier([secret(HIDDEN)]).unwrap();
    let good = signed(&Scheme::SLACK, &secret(HIDDEN), b"{}");
    let other = signed(&Scheme::SLACK, &secret("another"), b"{}");
    let missing = Vec::new();
    let say = |headers: &Vec<(String, String)>, now| {
        verifier
            .verify(&Request::new(headers, b"{}"), at(now))
            .unwrap_err()
            .to_string()
    };
    let refusals = [
        say(&missing, NOW),
        say(&other, NOW),
        say(&good, NOW + 301),
        say(&good, 0),
    ];
    assert!(
        refusals.iter().all(|refusal| *refusal == refusals[0]),
        "{refusals:?}"
    );
}

#[test]
fn no_error_and_no_debug_output_holds_a_secret_or_a_signature() {
    let key = secret(HIDDEN);
    let mut said = vec![format!("{key:?}")];
    for scheme in schemes().values() {
        said.push(format!("{scheme:?}"));
        match (scheme.verifier([&key]), scheme.signer([&key])) {
            (Ok(verifier), Ok(signer)) => {
                said.push(format!("{verifier:?} {signer:?}"));
                let headers = [("x-other", "1")];
                let rejection = verifier
                    .verify(&Request::new(&headers, b"{}"), at(NOW))
                    .unwrap_err();
                said.push(format!("{rejection} {rejection:?} {}", rejection.reason()));
            }
            (Err(one), Err(other)) => said.push(format!("{one} {one:?} {other} {other:?}")),
            (one, other) => panic!("{one:?} {other:?}"),
        }
    }
    let good = signed(&Scheme::STRIPE, &key, b"{}").remove(0).1;
    let verifier = Scheme::STRIPE.verifier([&key]).unwrap();
    for (body, now) in [(&b"x"[..], NOW), (b"{}", NOW + 400)] {
        let headers = [("stripe-signature", good.as_str())];
        let request = Request::new(&headers, body);
        let rejection = verifier.verify(&request, at(now)).unwrap_err();
        said.push(format!(
            "{request:?} {rejection} {rejection:?} {}",
            rejection.reason()
        ));
    }
    let signature = good.split_once("v1=").unwrap().1;
    for text in said {
        assert!(
            !text.contains("horse") && !text.contains(signature),
            "{text}"
        );
        assert!(!text.contains(&hex::encode(HIDDEN)), "{text}");
    }
}

#[test]
fn a_secret_of_the_wrong_type_is_not_quoted() {
    let error = serde_json::from_str::<Secret>("123456789")
        .unwrap_err()
        .to_string();
    assert!(!error.contains("123456789"), "{error}");
    let nested = serde_json::from_str::<Secret>(r#"["correct-horse"]"#)
        .unwrap_err()
        .to_string();
    assert!(!nested.contains("horse"), "{nested}");
}

#[test]
fn a_reason_says_what_to_do() {
    let key = secret("k");
    let verifier = Scheme::SQUARE.verifier([&key]).unwrap();
    let headers = signed(&Scheme::SQUARE, &key, b"{}");
    let rejection = verifier
        .verify(&Request::new(&headers, b"{}"), at(NOW))
        .unwrap_err();
    assert!(
        rejection
            .reason()
            .to_string()
            .contains("configure the public URL")
    );
    assert!(!rejection.is_stale());
}
