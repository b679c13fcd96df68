//! Published values that are not in the file of vectors.

use webhooks_signature::{Outgoing, Request, Scheme, Timestamp, Verifier};

use crate::support::{at, schemes, secret, standard};

/// The header values that `scheme` signs with, in order.
fn signed(scheme: &Scheme, key: &str, message: &Outgoing<'_>) -> Vec<String> {
    let signer = scheme.signer([secret(key)]).unwrap();
    signer
        .sign(message)
        .unwrap()
        .into_iter()
        .map(|(_, value)| value)
        .collect()
}

/// `standard-webhooks/libraries/rust`, `test_sign`.
#[test]
fn the_rust_reference_library() {
    let body = br#"{"email":"test@example.com","username":"test_user"}"#;
    let message = Outgoing::new(body, at(1_649_367_553)).id("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk");
    let values = signed(
        &Scheme::STANDARD_WEBHOOKS,
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        &message,
    );
    assert_eq!(values[2], "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
}

/// The body of the specification's example, signed with the secret that all libraries test with.
#[test]
fn the_body_of_the_specification() {
    let body = concat!(
        r#"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","#,
        r#""data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#,
    );
    let message =
        Outgoing::new(body.as_bytes(), at(1_674_087_231)).id("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W");
    let values = signed(&Scheme::STANDARD_WEBHOOKS, standard::SECRET, &message);
    assert_eq!(values[2], "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=");
}

/// `convoy/pkg/signature/testdata/signature-vectors.json`; the advanced form is a scheme of one's own.
#[test]
fn convoy() {
    let body = br#"{"event":"charge.success","amount":1000,"currency":"NGN"}"#;
    let message = Outgoing::new(body, at(1_700_000_000));
    let simple = Scheme::hmac_sha256("x-convoy-signature");
    assert_eq!(
        signed(&simple, "convoy-webhook-secret", &message),
        ["244449b7f48cbc2709060c9dcdc2b3aa47a78f540430579015c579fb12defbb4"]
    );
    let advanced = simple
        .list(',')
        .versions('=', &["v1"])
        .base("{ts},{body}")
        .timestamp(Timestamp::field("t"));
    assert_eq!(
        signed(&advanced, "convoy-webhook-secret", &message),
        ["t=1700000000,v1=77b8b9269f25a199846a55a2bd25b3fba151c70fdae60bb1dcd87fbbc943c55c"]
    );
}

/// Hook0's first scheme, at 2021-11-15T00:30:00Z.
#[test]
fn hook0() {
    let scheme = Scheme::hmac_sha256("x-hook0-signature")
        .list(',')
        .versions('=', &["v0"])
        .base("{ts}.{body}")
        .timestamp(Timestamp::field("t"));
    assert_eq!(
        signed(
            &scheme,
            "secret",
            &Outgoing::new(b"hello !", at(1_636_936_200))
        ),
        ["t=1636936200,v0=1b3d69df55f1e52f05224ba94a5162abeb17ef52cd7f4948c390f810d6a87e98"]
    );
}

/// HubSpot's documentation, "v2 request validation": a GET without a body.
#[test]
fn hubspot_v2() {
    let key = secret("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy");
    let verifier = schemes()["hubspot-v2"].verifier([key]).unwrap();
    let headers = [(
        "X-HubSpot-Signature",
        "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
    )];
    let request = Request::new(&headers, b"").url("https://www.example.com/webhook_uri");
    assert!(verifier.verify(&request.method("GET"), at(0)).is_ok());
    assert!(verifier.verify(&request.method("POST"), at(0)).is_err());
}
