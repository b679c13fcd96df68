//! Reading the two data files.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use webhooks_signature::{
    Headers, Outgoing, Reason, Rejection, Request, Scheme, Secret, Verified, Verifier,
};

const SCHEMES: &str = include_str!("../data/signature-schemes.json");
const VECTORS: &str = include_str!("../data/signature-vectors.json");

/// Another file of vectors in the same form, to run instead of the one in the repository.
const ELSEWHERE: &str = "WEBHOOKS_SIGNATURE_VECTORS";

pub(crate) fn schemes() -> BTreeMap<String, Scheme> {
    serde_json::from_str(SCHEMES).unwrap()
}

pub(crate) fn scheme_texts() -> BTreeMap<String, Value> {
    serde_json::from_str(SCHEMES).unwrap()
}

pub(crate) fn vectors() -> Vec<Vector> {
    let other = std::env::var(ELSEWHERE).map(|path| std::fs::read_to_string(path).unwrap());
    serde_json::from_str(other.as_deref().unwrap_or(VECTORS)).unwrap()
}

/// A published request with what is known of it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) scheme: String,
    pub(crate) secret: OneOrMany,
    pub(crate) headers: BTreeMap<String, Option<OneOrMany>>,
    pub(crate) body_base64: String,
    pub(crate) expect: Expect,
    pub(crate) why: String,
    /// Seconds since 1970; without it the age is not part of the vector.
    pub(crate) now: Option<f64>,
    /// Seconds; 0 and null switch the check off, as in Stripe's libraries.
    #[serde(default, deserialize_with = "given")]
    pub(crate) tolerance: Option<u64>,
    pub(crate) url: Option<String>,
    pub(crate) method: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expect {
    Valid,
    Invalid,
}

impl Vector {
    pub(crate) fn body(&self) -> Vec<u8> {
        STANDARD.decode(&self.body_base64).unwrap()
    }

    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        let mut pairs = Vec::new();
        for (name, values) in &self.headers {
            for value in values.as_ref().map_or(&[][..], OneOrMany::as_slice) {
                pairs.push((name.as_str(), value.as_str()));
            }
        }
        pairs
    }

    pub(crate) fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs_f64(self.now.unwrap_or_default())
    }

    /// The scheme with the vector's own view of time.
    pub(crate) fn scheme(&self, schemes: &BTreeMap<String, Scheme>) -> Scheme {
        let scheme = schemes[&self.scheme].clone();
        match (self.now, self.tolerance) {
            (None, _) | (_, Some(0)) => scheme.any_age(),
            (Some(_), Some(tolerance)) => scheme.tolerance(Duration::from_secs(tolerance)),
            (Some(_), None) => scheme,
        }
    }

    /// What the public API says about the vector with this body. A secret that is refused counts as refusal.
    pub(crate) fn verify(&self, scheme: &Scheme, body: &[u8]) -> Result<Verified, String> {
        let secrets = self
            .secret
            .as_slice()
            .iter()
            .map(|secret| Secret::new(secret.as_str()));
        let secrets = secrets
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| error.to_string())?;
        let verifier = scheme
            .verifier(&secrets)
            .map_err(|error| format!("{error:?}"))?;
        let headers = self.headers();
        let request = Request::new(&headers, body)
            .method(self.method.as_deref().unwrap_or("POST"))
            .url(self.url.as_deref().unwrap_or_default());
        let verdict = verifier.verify(&request, self.now());
        verdict.map_err(|rejection: Rejection| rejection.reason().to_string())
    }
}

impl OneOrMany {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Null, unlike a member that is not there, switches the check off.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Option::deserialize(deserializer).map(|seconds: Option<u64>| Some(seconds.unwrap_or_default()))
}

/// The published Standard Webhooks vector that every reference library tests with.
pub(crate) mod standard {
    pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    pub(crate) const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    pub(crate) const TIME: u64 = 1_614_265_330;
    pub(crate) const BODY: &[u8] = br#"{"test": 2432232314}"#;
    pub(crate) const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    pub(crate) const PRIVATE: &str = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    pub(crate) const PUBLIC: &str = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    pub(crate) const SIGNATURE_V1A: &str = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

/// Signs `body` under `scheme` for an hour and a URL that do not matter to the test.
pub(crate) fn signed(scheme: &Scheme, secret: &Secret, body: &[u8]) -> Vec<(String, String)> {
    let message = Outgoing::new(body, at(NOW))
        .id("msg_1")
        .url(URL)
        .headers(&EXTRA);
    let signer = scheme.signer([secret]).unwrap();
    let headers = signer.sign(&message).unwrap();
    let extra = EXTRA
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(extra)
        .collect()
}

/// The verdict on such a request, [`NOW`].
pub(crate) fn verdict(
    scheme: &Scheme,
    secret: &Secret,
    headers: &dyn Headers,
    body: &[u8],
) -> Result<Verified, Reason> {
    verdict_at(scheme, secret, headers, body, at(NOW))
}

pub(crate) fn verdict_at(
    scheme: &Scheme,
    secret: &Secret,
    headers: &dyn Headers,
    body: &[u8],
    now: SystemTime,
) -> Result<Verified, Reason> {
    let verifier = scheme.verifier([secret]).unwrap();
    verifier
        .verify(&Request::new(headers, body).url(URL), now)
        .map_err(|rejection| rejection.reason().clone())
}

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const URL: &str = "https://example.com/hook?a=1";
/// Headers that some schemes sign and the application sets.
const EXTRA: [(&str, &str); 2] = [
    ("Date", "Tue, 14 Nov 2023 22:13:20 GMT"),
    ("X-Plivo-Signature-V2-Nonce", "12345"),
];

/// The public key of the test in `sendgrid-python`, SPKI.
pub(crate) const SENDGRID: &str = concat!(
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfS",
    "mpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
);
