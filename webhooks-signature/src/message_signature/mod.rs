//! HTTP message signatures (RFC 9421), with the digest of the body (RFC 9530).
//!
//! They are not a [`Scheme`](crate::Scheme): each request says itself what its signature covers. What it must cover is a
//! [`MessageSignatureProfile`].
//!
//! Not supported: RSA, signatures of responses, and the component parameters `sf`, `key`, `bs`, `req` and `tr`.

mod address;
mod components;
mod digest;
mod keys;
mod profile;
mod signer;
mod structured;

pub use keys::{MessageKey, MessageKeys};
pub use profile::MessageSignatureProfile;
pub use signer::MessageSigner;

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::algorithm::Algorithm;
use crate::error::{MessageSignatureProblem as Problem, Reason, Rejection, UrlError, VerifyResult};
use crate::request::Request;
use crate::url::{TrustedProxies, UrlSource};
use crate::verifier::{Verified, Verifier};
use address::Address;
use components::{Parts, field_values, signature_base};
use structured::{Bare, InnerList};

/// The names of algorithms in the parameter `alg` (RFC 9421 section 6.2.2).
const ALGORITHMS: [(&str, Algorithm); 3] = [
    ("ed25519", Algorithm::Ed25519),
    ("ecdsa-p256-sha256", Algorithm::EcdsaP256Sha256),
    ("hmac-sha256", Algorithm::HmacSha256),
];

/// Verifies HTTP message signatures (RFC 9421).
///
/// The signature is checked first, then the digest of the body, so that a body is hashed only for a caller who is known.
/// [`Verified::id`] is the key's id and the nonce, where there is one: remember it to refuse a replay.
///
/// ```
/// use webhooks_signature::{JwkSet, MessageSignatureProfile, MessageSignatureVerifier};
///
/// // Fetched from the sender's `jwks_uri`.
/// let keys: JwkSet = serde_json::from_str(r#"{"keys": [{
///     "kty": "OKP", "crv": "Ed25519", "kid": "2026-01", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
/// }]}"#)?;
/// let verifier = MessageSignatureVerifier::new(MessageSignatureProfile::WEBHOOK, keys)
///     .public_origin("https://hooks.example.com")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MessageSignatureVerifier {
    profile: MessageSignatureProfile,
    keys: Box<dyn MessageKeys>,
    url: UrlSource,
}

/// The signature that counts, read from the headers.
struct Claim {
    input: InnerList,
    signature: Vec<u8>,
    algorithm: Option<Algorithm>,
}

impl MessageSignatureVerifier {
    /// A verifier for a profile, with the keys of the sender.
    pub fn new(profile: MessageSignatureProfile, keys: impl MessageKeys + 'static) -> Self {
        Self {
            profile,
            keys: Box::new(keys),
            url: UrlSource::default(),
        }
    }

    /// The URL that is signed, exactly; see [`SchemeVerifier::public_url`](crate::SchemeVerifier::public_url).
    ///
    /// # Errors
    /// [`UrlError::NotAbsolute`] for anything but an absolute `http` or `https` URL.
    pub fn public_url(mut self, url: &str) -> Result<Self, UrlError> {
        self.url = UrlSource::fixed(url)?;
        Ok(self)
    }

    /// Scheme, host and port of the URL that is signed; path and query are the request's. See
    /// [`SchemeVerifier::public_origin`](crate::SchemeVerifier::public_origin).
    ///
    /// # Errors
    /// [`UrlError`] for anything but an absolute `http` or `https` URL without query and fragment.
    pub fn public_origin(mut self, origin: &str) -> Result<Self, UrlError> {
        self.url = UrlSource::origin(origin)?;
        Ok(self)
    }

    /// Believes the forwarded headers of these proxies; see [`SchemeVerifier::behind`](crate::SchemeVerifier::behind).
    pub fn behind(mut self, proxies: TrustedProxies) -> Self {
        self.url = UrlSource::Forwarded(proxies);
        self
    }

    /// What the headers say, and whether the profile allows it.
    fn claim(&self, request: &Request<'_>, now: SystemTime) -> VerifyResult<Claim> {
        let header = |name| field_values(request.headers(), name).map_err(problem);
        let (signatures, inputs) = match (header("signature")?, header("signature-input")?) {
            (Some(signatures), Some(inputs)) => (signatures, inputs),
            (None, None) => return Err(problem(Problem::Missing)),
            _ => return Err(problem(Problem::Malformed)),
        };
        let malformed = || problem(Problem::Malformed);
        let signatures = structured::byte_sequences(&signatures).ok_or_else(malformed)?;
        let inputs = structured::inputs(&inputs).ok_or_else(malformed)?;
        let (label, input) = self.choose(inputs).ok_or_else(malformed)?;
        let signature = signatures.into_iter().find(|(one, _)| *one == label);
        let (_, signature) = signature.ok_or_else(malformed)?;
        let signature = self.profile.base64.decode(&signature);
        let signature = signature.ok_or_else(malformed)?;
        let algorithm = self.check_parameters(&input, now)?;
        for component in self.profile.components {
            let is_covered = input
                .items
                .iter()
                .any(|(name, parameters)| name == component && parameters.is_empty());
            if !is_covered {
                return Err(problem(Problem::ComponentMissing));
            }
        }
        Ok(Claim {
            input,
            signature,
            algorithm,
        })
    }

    fn choose(&self, inputs: Vec<(String, InnerList)>) -> Option<(String, InnerList)> {
        let tag = self.profile.tag;
        let has_tag = |input: &InnerList| input.parameters.text("tag") == tag;
        match self.profile.label {
            Some(label) => inputs.into_iter().find(|(one, _)| one == label),
            None if tag.is_some() && inputs.iter().any(|(_, input)| has_tag(input)) => {
                inputs.into_iter().find(|(_, input)| has_tag(input))
            }
            None => inputs.into_iter().next(),
        }
    }

    fn check_parameters(
        &self,
        input: &InnerList,
        now: SystemTime,
    ) -> VerifyResult<Option<Algorithm>> {
        let parameters = &input.parameters;
        if self
            .profile
            .parameters
            .iter()
            .any(|name| parameters.get(name).is_none())
        {
            return Err(problem(Problem::ParameterMissing));
        }
        let times = ["created", "expires"];
        let texts = ["nonce", "alg", "keyid", "tag"];
        let is_wrong = |name: &&str| match parameters.get(name) {
            None => false,
            Some(Bare::Integer(_)) => !times.contains(name),
            Some(Bare::Text(_)) => !texts.contains(name),
            Some(_) => true,
        };
        if times.iter().chain(&texts).any(is_wrong) {
            return Err(problem(Problem::Malformed));
        }
        if self.profile.tag.is_some() && parameters.text("tag") != self.profile.tag {
            return Err(problem(Problem::Tag));
        }
        let algorithm = match parameters.text("alg") {
            None => None,
            Some(name) => {
                let found = ALGORITHMS.iter().find(|(one, _)| *one == name);
                let allowed = found.filter(|(_, one)| self.profile.algorithms.contains(one));
                Some(allowed.ok_or(problem(Problem::Algorithm))?.1)
            }
        };
        self.check_time(
            parameters.integer("created"),
            parameters.integer("expires"),
            now,
        )?;
        Ok(algorithm)
    }

    /// All times are whole seconds (section 2.3).
    fn check_time(
        &self,
        created: Option<i64>,
        expires: Option<i64>,
        now: SystemTime,
    ) -> VerifyResult<()> {
        let now = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => seconds(since),
            Err(before) => -seconds(before.duration()),
        };
        let (max_age, skew) = (seconds(self.profile.max_age), seconds(self.profile.skew));
        if let (Some(created), Some(expires)) = (created, expires)
            && (expires <= created || expires.saturating_sub(created) > max_age)
        {
            return Err(problem(Problem::Window));
        }
        let is_over = expires.is_some_and(|expires| now.saturating_sub(expires) > skew);
        let is_old = created
            .is_some_and(|created| now.saturating_sub(created) > max_age.saturating_add(skew));
        let is_ahead = created.is_some_and(|created| created.saturating_sub(now) > skew);
        if is_over || is_old || is_ahead {
            return Err(problem(Problem::Expired));
        }
        Ok(())
    }

    fn check(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        let claim = self.claim(request, now)?;
        let parameters = &claim.input.parameters;
        let keyid = parameters.text("keyid").unwrap_or_default();
        let key = self.keys.key(keyid)?;
        self.check_key(&key, claim.algorithm)?;
        let url = self.url.url(request)?;
        let address = Address::new(&url, self.profile.is_normalised).ok_or(Reason::UnknownUrl)?;
        let parts = Parts {
            method: request.method_text(),
            address: &address,
            headers: request.headers(),
        };
        let base = signature_base(&claim.input, &parts).map_err(problem)?;
        if !key.key.accepts(base.as_bytes(), &claim.signature) {
            return Err(problem(Problem::Signature).into());
        }
        let covers_digest = claim
            .input
            .items
            .iter()
            .any(|(name, _)| name == "content-digest");
        if covers_digest {
            let digest = field_values(request.headers(), "content-digest").map_err(problem)?;
            digest::check(
                &digest.unwrap_or_default(),
                request.body(),
                self.profile.base64,
            )
            .map_err(problem)?;
        }
        let mut verified = Verified::new();
        if let Some(nonce) = parameters.text("nonce") {
            verified = verified.with_id(format!("{keyid} {nonce}"));
        }
        let created = parameters.integer("created");
        let created = created.and_then(|created| u64::try_from(created).ok());
        if let Some(time) =
            created.and_then(|created| UNIX_EPOCH.checked_add(Duration::from_secs(created)))
        {
            verified = verified.with_timestamp(time);
        }
        Ok(verified)
    }

    fn check_key(&self, key: &MessageKey, algorithm: Option<Algorithm>) -> VerifyResult<()> {
        let of_key = key.key.algorithm();
        if algorithm.is_some_and(|algorithm| algorithm != of_key)
            || !self.profile.algorithms.contains(&of_key)
        {
            return Err(problem(Problem::Algorithm));
        }
        let has_member = |(name, values): (&str, &[&str])| {
            let member = key.jwk.as_ref().and_then(|jwk| jwk.member(name));
            member.is_some_and(|member| values.contains(&member))
        };
        let verifies = key.jwk.as_ref().is_none_or(crate::jwk::Jwk::verifies);
        if verifies && self.profile.key_member.is_none_or(has_member) {
            Ok(())
        } else {
            Err(problem(Problem::KeyPurpose))
        }
    }
}

impl Verifier for MessageSignatureVerifier {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        self.check(request, now)
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        match self.claim(request, now) {
            Ok(_) => Ok(()),
            Err(reason) => Err(Rejection::new(match *reason {
                Reason::MessageSignature(Problem::Expired) => Reason::Unchecked(reason),
                reason => reason,
            })),
        }
    }
}

#[allow(
    clippy::unnecessary_box_returns,
    reason = "steps of a verification have boxed errors"
)]
fn problem(problem: Problem) -> Box<Reason> {
    Box::new(Reason::MessageSignature(problem))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Debug for MessageSignatureVerifier {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageSignatureVerifier")
            .field("profile", &self.profile)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
