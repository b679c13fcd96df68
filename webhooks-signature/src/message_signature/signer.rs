//! Signing messages: the same profile, from the sending side.

use std::fmt;
use std::time::UNIX_EPOCH;

use super::address::Address;
use super::components::{Parts, signature_base};
use super::profile::MessageSignatureProfile;
use super::{ALGORITHMS, digest, seconds, structured};
use crate::algorithm::Algorithm;
use crate::error::{SecretError, SignError};
use crate::key::jwk::encode;
use crate::key::{KeyForm, SigningTextKey};
use crate::request::Headers;
use crate::secret::{Secret, random};
use crate::sign::Outgoing;

/// Signs requests with an HTTP message signature (RFC 9421).
///
/// ```
/// use std::time::SystemTime;
/// use webhooks_signature::{
///     Algorithm, Jwk, JwkSet, KeyForm, MessageSignatureProfile, MessageSignatureVerifier, MessageSigner, Outgoing,
///     Request, Secret, Verifier,
/// };
///
/// let private = Secret::generate_ed25519()?;
/// let jwk = Jwk::public_half_of(&private)?.with_kid("2026-01");
/// let profile = MessageSignatureProfile::WEBHOOK;
///
/// let signer = MessageSigner::new(profile.clone(), "2026-01", Algorithm::Ed25519, &KeyForm::WHPK, &private)?;
/// let (body, now, url) = (b"{}", SystemTime::now(), "https://example.com/hook");
/// let headers = signer.sign(&Outgoing::new(body, now).url(url))?;
///
/// let verifier = MessageSignatureVerifier::new(profile, JwkSet::new([jwk]));
/// assert!(verifier.verify(&Request::new(&headers, body).url(url), now).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MessageSigner {
    profile: MessageSignatureProfile,
    keyid: String,
    algorithm: &'static str,
    key: SigningTextKey,
}

impl MessageSigner {
    /// A signer for a profile, with a key and the id under which the receiver finds it.
    ///
    /// # Errors
    /// When the secret cannot sign with this algorithm: a public key, another form, an algorithm that RFC 9421 does not
    /// name.
    pub fn new(
        profile: MessageSignatureProfile,
        keyid: impl Into<String>,
        algorithm: Algorithm,
        form: &KeyForm,
        secret: &Secret,
    ) -> Result<Self, SecretError> {
        let found = ALGORITHMS.iter().find(|(_, one)| *one == algorithm);
        let (name, _) = found.ok_or(SecretError::Malformed {
            expected: "for an algorithm of RFC 9421",
        })?;
        Ok(Self {
            profile,
            keyid: keyid.into(),
            algorithm: name,
            key: SigningTextKey::new(algorithm, form, secret)?,
        })
    }

    /// The headers to add to the request: `content-digest` where the profile covers it, `signature-input` and
    /// `signature`. Other headers that the profile covers must be in the message.
    ///
    /// # Errors
    /// When something is missing that the profile covers, or there are no random bytes for a nonce.
    pub fn sign(&self, message: &Outgoing<'_>) -> Result<Vec<(&'static str, String)>, SignError> {
        let parts = message.parts();
        let address = Address::new(parts.url, self.profile.is_normalised);
        let address = address.ok_or(SignError::MissingUrl)?;
        let since = parts.now.duration_since(UNIX_EPOCH);
        let created = seconds(since.map_err(|_| SignError::TimeOutOfRange)?);
        let label = self.profile.label.unwrap_or("sig1");
        let input = self.input(created)?;
        let text = format!("{label}={input}");
        let inputs = structured::inputs(&text).ok_or(SignError::AmbiguousId)?;
        let (_, list) = inputs.first().ok_or(SignError::AmbiguousId)?;
        let digest = digest::write(parts.body);
        let headers = WithDigest {
            digest: digest.as_bytes(),
            others: parts.headers,
        };
        for name in self.profile.components {
            if !name.starts_with('@') && headers.value(name, 0).is_none() {
                return Err(SignError::MissingHeader {
                    header: (*name).to_owned(),
                });
            }
        }
        let parts = Parts {
            method: parts.method,
            address: &address,
            headers: &headers,
        };
        let base = signature_base(list, &parts).map_err(|_| SignError::MissingUrl)?;
        let signature = self.key.sign(base.as_bytes());
        let mut signed = Vec::with_capacity(3);
        if self.profile.components.contains(&"content-digest") {
            signed.push(("content-digest", digest.clone()));
        }
        signed.push(("signature-input", text));
        signed.push((
            "signature",
            format!("{label}=:{}:", self.profile.base64.encode(&signature)),
        ));
        Ok(signed)
    }

    /// The components and parameters, as they are written.
    fn input(&self, created: i64) -> Result<String, SignError> {
        use std::fmt::Write as _;

        let components: Vec<String> = self
            .profile
            .components
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        let mut input = format!("({});created={created}", components.join(" "));
        // Writing to a string cannot fail.
        if self.profile.parameters.contains(&"expires") {
            let expires = created.saturating_add(seconds(self.profile.max_age));
            let _ = write!(input, ";expires={expires}");
        }
        if self.profile.parameters.contains(&"nonce") {
            let nonce = random().map_err(|_| SignError::NoRandomness)?;
            let _ = write!(input, ";nonce=\"{}\"", encode(&nonce[..16]));
        }
        let _ = write!(
            input,
            ";keyid=\"{}\";alg=\"{}\"",
            self.keyid, self.algorithm
        );
        if let Some(tag) = self.profile.tag {
            let _ = write!(input, ";tag=\"{tag}\"");
        }
        Ok(input)
    }
}

/// The headers of a message, with the digest that is about to be added.
struct WithDigest<'a> {
    digest: &'a [u8],
    others: Option<&'a dyn Headers>,
}

impl Headers for WithDigest<'_> {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        if name.eq_ignore_ascii_case("content-digest") {
            return (index == 0).then_some(self.digest);
        }
        self.others?.value(name, index)
    }
}

impl fmt::Debug for MessageSigner {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageSigner")
            .field("profile", &self.profile)
            .field("keyid", &self.keyid)
            .finish_non_exhaustive()
    }
}
