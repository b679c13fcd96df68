//! Every published vector gives its expectation through the public API.

use std::collections::BTreeMap;

use crate::support::{Expect, Vector, schemes, vectors};
use webhooks_signature::Scheme;

#[test]
fn every_vector_gives_its_expectation() {
    let (schemes, vectors) = (schemes(), vectors());
    let mut table: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for vector in &vectors {
        let verdict = vector.verify(&vector.scheme(&schemes), &vector.body());
        let row = table.entry(&vector.scheme).or_default();
        match (&verdict, vector.expect) {
            (Ok(_), Expect::Valid) | (Err(_), Expect::Invalid) => row.0 += 1,
            _ => row
                .1
                .push(format!("{} ({}): {verdict:?}", vector.id, vector.why)),
        }
    }
    println!("{:<24} passed failed", "scheme");
    for (scheme, (passed, failed)) in &table {
        println!("{scheme:<24} {passed:>6} {:>6}", failed.len());
    }
    let passed: usize = table.values().map(|(passed, _)| passed).sum();
    let failed: Vec<_> = table.values().flat_map(|(_, failed)| failed).collect();
    println!("{:<24} {passed:>6} {:>6}", "all", failed.len());
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(passed, vectors.len());
    assert!(passed >= 134, "vectors were lost: {passed}");
}

#[test]
fn one_flipped_bit_of_a_signed_body_is_rejected() {
    let schemes = schemes();
    let mut checked = 0;
    for vector in vectors()
        .iter()
        .filter(|vector| vector.expect == Expect::Valid)
    {
        let scheme = vector.scheme(&schemes);
        for body in flipped(vector, &scheme) {
            let verdict = vector.verify(&scheme, &body);
            assert!(
                verdict.is_err(),
                "{} accepts {:?}",
                vector.id,
                String::from_utf8_lossy(&body)
            );
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} bodies were checked");
}

/// The body with one bit flipped, at its beginning, middle and end.
fn flipped(vector: &Vector, scheme: &Scheme) -> Vec<Vec<u8>> {
    let body = vector.body();
    if !scheme.signs_body() || body.is_empty() {
        return Vec::new();
    }
    let flip = |at: usize| {
        let mut body = body.clone();
        body[at] ^= 1;
        body
    };
    [0, body.len() / 2, body.len() - 1].map(flip).to_vec()
}

#[test]
fn a_verified_vector_tells_the_id_and_time_that_were_signed() {
    let schemes = schemes();
    for vector in vectors()
        .iter()
        .filter(|vector| vector.expect == Expect::Valid)
    {
        let scheme = vector.scheme(&schemes);
        let verified = vector.verify(&scheme, &vector.body()).unwrap();
        assert_eq!(
            verified.id().is_some(),
            scheme.id_headers().next().is_some(),
            "{}",
            vector.id
        );
        assert_eq!(
            verified.timestamp().is_some(),
            schemes[&vector.scheme].tolerances().0.is_some(),
            "{}",
            vector.id
        );
        assert!(verified.secret() < vector.secret.as_slice().len());
    }
}
