//! The 29 vectors that AdCP publishes for its profile of RFC 9421.

use serde_json::{Value, json};
use webhooks_signature::{
    JwkSet, MessageKey, MessageKeys, MessageSignatureProblem, MessageSignatureProfile,
    MessageSignatureVerifier, Reason, Rejection, Request, Verified, Verifier,
};

use crate::support::at;

const ADCP: &str = include_str!("../data/adcp-webhook-signing.json");

/// The keys of a vector, and the state that its receiver has of them.
struct Keys {
    set: JwkSet,
    state: Value,
}

impl MessageKeys for Keys {
    fn key(&self, keyid: &str) -> Result<MessageKey, Rejection> {
        let state = &self.state;
        if state["revoked_kids"]
            .as_array()
            .is_some_and(|kids| kids.contains(&keyid.into()))
        {
            return Err(Rejection::because("webhook_signature_key_revoked"));
        }
        if !state["revocation_list_stale_seconds"].is_null() {
            return Err(Rejection::because("webhook_signature_revocation_stale"));
        }
        if state["per_keyid_cap_filled_for"] == keyid {
            return Err(Rejection::because("webhook_signature_rate_abuse"));
        }
        self.set.key(keyid)
    }
}

/// AdCP's name for a rejection.
fn code(rejection: &Rejection) -> String {
    let name = match rejection.reason() {
        Reason::Other(code) => return code.clone().into_owned(),
        Reason::MessageSignature(problem) => match problem {
            MessageSignatureProblem::Missing | MessageSignatureProblem::Malformed => {
                "header_malformed"
            }
            MessageSignatureProblem::ParameterMissing => "params_incomplete",
            MessageSignatureProblem::Tag => "tag_invalid",
            MessageSignatureProblem::Algorithm => "alg_not_allowed",
            MessageSignatureProblem::Window | MessageSignatureProblem::Expired => "window_invalid",
            MessageSignatureProblem::ComponentMissing => "components_incomplete",
            MessageSignatureProblem::KeyUnknown => "key_unknown",
            MessageSignatureProblem::KeyPurpose => "key_purpose_invalid",
            MessageSignatureProblem::Digest => "digest_mismatch",
            MessageSignatureProblem::Signature => "invalid",
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    format!("webhook_signature_{name}")
}

fn adcp(vector: &Value, keys: &Value) -> Result<Verified, Rejection> {
    let wanted = vector["jwks_ref"].as_array().unwrap();
    let chosen: Vec<&Value> = wanted
        .iter()
        .filter_map(|kid| {
            let replaced = &vector["jwks_override"][kid.as_str().unwrap()];
            let published = keys
                .as_array()
                .unwrap()
                .iter()
                .find(|key| key["kid"] == *kid);
            if replaced.is_null() {
                published
            } else {
                Some(replaced)
            }
        })
        .collect();
    let keys = Keys {
        set: serde_json::from_value(json!({ "keys": chosen })).unwrap(),
        state: vector["test_harness_state"].clone(),
    };
    let verifier = MessageSignatureVerifier::new(MessageSignatureProfile::ADCP_WEBHOOK, keys);
    let request = &vector["request"];
    let headers: Vec<(&str, &str)> = request["headers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let body = request["body"].as_str().unwrap();
    let request = Request::new(&headers, body.as_bytes())
        .method(request["method"].as_str().unwrap())
        .url(request["url"].as_str().unwrap());
    let now = at(vector["reference_now"].as_u64().unwrap());
    verifier
        .precheck(&request, now)
        .and_then(|()| verifier.verify(&request, now))
}

#[test]
fn every_vector_of_adcp_gives_its_expectation() {
    let data: Value = serde_json::from_str(ADCP).unwrap();
    let vectors = data["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 29);
    for vector in vectors {
        let verdict = adcp(vector, &data["keys"]);
        let expected = &vector["expected_outcome"];
        let seen = &vector["test_harness_state"]["replay_cache_entries"][0];
        let name = &vector["file"];
        match verdict {
            Ok(verified) if seen.is_object() => {
                // The receiver remembers ids; this one has come before.
                let before = format!(
                    "{} {}",
                    seen["keyid"].as_str().unwrap(),
                    seen["nonce"].as_str().unwrap()
                );
                assert_eq!(verified.id(), Some(before.as_str()), "{name}");
                assert_eq!(
                    expected["error_code"], "webhook_signature_replayed",
                    "{name}"
                );
            }
            Ok(_) => assert_eq!(expected["success"], true, "{name}"),
            Err(rejection) => {
                // What the headers alone prove is refused before the signature is looked at.
                let code = match rejection.reason() {
                    Reason::Unchecked(reason) => code(&Rejection::from((**reason).clone())),
                    _ => code(&rejection),
                };
                assert_eq!(expected["error_code"], code.as_str(), "{name}");
            }
        }
    }
}
