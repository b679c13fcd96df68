//! The signers of a subscription: its secrets, each under the scheme of the dialect that it fits.
//!
//! With several secrets a request carries several signatures, so that a receiver can change over while a secret is
//! rotated. Standard Webhooks has two schemes in one header: `v1` for shared secrets, `v1a` for key pairs.

use std::fmt;
use std::time::SystemTime;

use http::{HeaderMap, HeaderName, HeaderValue};
use webhooks_signature::{Headers, Outgoing, Scheme, Secret, SetupError, SignError, Signer};

use super::{Dialect, HeaderError};
use crate::guard::TargetError;

/// The fewest characters of a secret that the caller chose, and the fewest bytes of one that is written in base64, as
/// Standard Webhooks asks for.
const SHORTEST: usize = 24;
/// A text with fewer different characters than that is not random.
const FEWEST: usize = 8;

/// The signers for these secrets, which stand in the order in which they are to sign.
pub(crate) fn signers(
    dialect: &Dialect,
    secrets: &[Secret],
) -> Result<Vec<Signer>, RecipientError> {
    if !dialect.is_signed() {
        return Ok(Vec::new());
    }
    let mut by_scheme: Vec<(&Scheme, Vec<&Secret>)> = Vec::new();
    for secret in secrets {
        if is_weak(secret.expose()) {
            return Err(RecipientError::WeakSecret);
        }
        let scheme = scheme_for(dialect, secret);
        match by_scheme.iter_mut().find(|(known, _)| *known == scheme) {
            Some((_, secrets)) => secrets.push(secret),
            None => by_scheme.push((scheme, vec![secret])),
        }
    }
    if by_scheme.is_empty() {
        return Err(RecipientError::NoSecret);
    }
    by_scheme
        .into_iter()
        .map(|(scheme, secrets)| Ok(scheme.signer(secrets)?))
        .collect()
}

/// Whether a secret could be guessed.
fn is_weak(secret: &str) -> bool {
    let size = match secret.strip_prefix("whsec_") {
        Some(base64) => base64.trim_end_matches('=').len() * 3 / 4,
        None => secret.len(),
    };
    let mut different: Vec<u8> = secret.bytes().collect();
    different.sort_unstable();
    different.dedup();
    size < SHORTEST || different.len() < FEWEST
}

/// The names of the headers that these signers write, parsed once.
pub(crate) fn written_names(signers: &[Signer]) -> Vec<HeaderName> {
    let schemes = signers.iter().map(Signer::scheme);
    let names = schemes.flat_map(|scheme| {
        let required = scheme.required_headers().map(|(name, _)| name);
        let of_message = scheme.id_headers().chain(scheme.timestamp_headers());
        required.chain(of_message).chain(scheme.signature_headers())
    });
    names.filter_map(|name| name.parse().ok()).collect()
}

/// The headers that the signers add to a request; signatures under the same name are joined. `names` are those that have been
/// parsed already.
pub(crate) fn sign(
    signers: &[Signer],
    names: &[HeaderName],
    message: &Outgoing<'_>,
) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
    let mut signed: Vec<(HeaderName, String)> = Vec::with_capacity(3);
    for signer in signers {
        for (name, value) in signer.sign(message)? {
            let known = names
                .iter()
                .find(|known| known.as_str().eq_ignore_ascii_case(name));
            let Some(name) = known.cloned().or_else(|| name.parse().ok()) else {
                continue;
            };
            let is_signature = signer
                .scheme()
                .signature_headers()
                .any(|header| header == name.as_str());
            match signed.iter_mut().find(|(known, _)| *known == name) {
                Some((_, earlier)) if is_signature => {
                    earlier.push(' ');
                    earlier.push_str(&value);
                }
                Some(_) => {}
                None => signed.push((name, value)),
            }
        }
    }
    let checked = signed
        .into_iter()
        .map(|(name, value)| Ok((name, HeaderValue::try_from(value)?)));
    checked
        .collect::<Result<_, http::header::InvalidHeaderValue>>()
        .map_err(|_| SignError::NotAHeaderValue)
}

/// What is signed of a request.
pub(crate) fn outgoing<'a>(
    body: &'a [u8],
    now: SystemTime,
    id: &'a str,
    method: &'a str,
    url: &'a str,
    headers: &'a dyn Headers,
) -> Outgoing<'a> {
    Outgoing::new(body, now)
        .id(id)
        .method(method)
        .url(url)
        .headers(headers)
}

/// A header map as the signature crate reads it.
pub(crate) struct Readable<'a>(pub(crate) &'a HeaderMap);

impl Headers for Readable<'_> {
    fn value(&self, name: &str, index: usize) -> Option<&[u8]> {
        self.0
            .get_all(name)
            .iter()
            .nth(index)
            .map(HeaderValue::as_bytes)
    }
}

/// In a dialect with several schemes, the prefix of the secret tells: `whsk_` is the private half of a key pair.
fn scheme_for<'d>(dialect: &'d Dialect, secret: &Secret) -> &'d Scheme {
    let is_private_key = secret.expose().starts_with("whsk_");
    let is_for_keys = |scheme: &&Scheme| **scheme == Scheme::STANDARD_WEBHOOKS_ED25519;
    let found = dialect
        .schemes
        .iter()
        .find(|scheme| is_for_keys(scheme) == is_private_key);
    found.unwrap_or(&dialect.schemes[0])
}

/// Why no request can be made for a subscription.
#[derive(Debug)]
#[non_exhaustive]
pub enum RecipientError {
    /// The target is refused.
    Target(TargetError),
    /// A header is refused.
    Header(HeaderError),
    /// A secret or scheme cannot sign.
    Signer(SetupError),
    /// The secret is shorter than 24 characters (24 bytes for one that begins with `whsec_`), or made of very few
    /// different ones.
    WeakSecret,
    /// The dialect signs, and there is no secret.
    NoSecret,
    /// The authentication cannot be used; the reason, without any part of it.
    Authentication(&'static str),
    /// The client certificate cannot be used.
    ClientCertificate(&'static str),
}

impl From<TargetError> for RecipientError {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}

impl From<HeaderError> for RecipientError {
    fn from(error: HeaderError) -> Self {
        Self::Header(error)
    }
}

impl From<SetupError> for RecipientError {
    fn from(error: SetupError) -> Self {
        Self::Signer(error)
    }
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(error) => error.fmt(f),
            Self::Header(error) => error.fmt(f),
            Self::Signer(error) => error.fmt(f),
            Self::WeakSecret => write!(
                f,
                "the secret is weak: it needs at least {SHORTEST} characters ({SHORTEST} bytes behind `whsec_`), and \
                 {FEWEST} different ones; let the sender make one"
            ),
            Self::NoSecret => f.write_str("the dialect signs its requests, and there is no secret"),
            Self::Authentication(problem) => {
                write!(f, "its authentication cannot be used: {problem}")
            }
            Self::ClientCertificate(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for RecipientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Target(error) => error.source(),
            Self::Header(error) => error.source(),
            Self::Signer(error) => error.source(),
            Self::WeakSecret
            | Self::NoSecret
            | Self::Authentication(_)
            | Self::ClientCertificate(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_guessed_is_weak() {
        for weak in [
            "hunter2",
            "12345678901234567890123",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abababababababababababababababab",
            "whsec_aGVsbG8gd29ybGQ=",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZ=",
        ] {
            assert!(is_weak(weak), "{weak}");
        }
        for strong in [
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "0123456789abcdef01234567",
            "a secret that is long enough",
        ] {
            assert!(!is_weak(strong), "{strong}");
        }
    }
}
