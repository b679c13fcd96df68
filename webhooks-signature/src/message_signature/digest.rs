//! The digest of a body in `Content-Digest` (RFC 9530).

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::structured::byte_sequences;
use crate::error::MessageSignatureProblem as Problem;

/// How byte sequences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base64 {
    /// As RFC 8941 section 4.2.7 reads them: padding may be absent.
    Standard,
    /// In base64url as well, but never with characters of both alphabets.
    EitherAlphabet,
}

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD_ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

impl Base64 {
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        let is_url = self == Self::EitherAlphabet && text.contains(['-', '_']);
        let engine = if is_url {
            &URL_ENGINE
        } else {
            &STANDARD_ENGINE
        };
        engine.decode(text).ok()
    }

    /// As the profile writes it: AdCP's base64url is without padding.
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Standard => STANDARD_ENGINE.encode(bytes),
            Self::EitherAlphabet => crate::key::jwk::encode(bytes),
        }
    }
}

/// Compares the body with every digest in the header that is known; there must be one. SHA-1, MD5 and the like, which
/// RFC 9530 section 5 calls insecure, do not count.
pub(super) fn check(header: &str, body: &[u8], base64: Base64) -> Result<(), Problem> {
    let digests = byte_sequences(header).ok_or(Problem::Digest)?;
    let mut is_checked = false;
    for (name, text) in digests {
        let actual = match name.as_str() {
            "sha-256" => Sha256::digest(body).to_vec(),
            "sha-512" => Sha512::digest(body).to_vec(),
            _ => continue,
        };
        let claimed = base64.decode(&text).ok_or(Problem::Digest)?;
        if !bool::from(actual.ct_eq(&claimed)) {
            return Err(Problem::Digest);
        }
        is_checked = true;
    }
    if is_checked {
        Ok(())
    } else {
        Err(Problem::Digest)
    }
}

/// The header for a body.
pub(super) fn write(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD_ENGINE.encode(Sha256::digest(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9530 appendix A.
    #[test]
    fn the_examples_of_the_rfc() {
        let body = b"{\"hello\": \"world\"}\n";
        let sha256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        assert_eq!(write(body), sha256);
        assert_eq!(check(sha256, body, Base64::Standard), Ok(()));
        let both = format!("md5=:AAAA:, {sha256}");
        assert_eq!(check(&both, body, Base64::Standard), Ok(()));
        for (header, body) in [
            (sha256, &b"{}"[..]),
            ("md5=:AAAA:", body),
            (
                "sha-256=:RK_0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg:",
                body,
            ),
            ("", body),
        ] {
            assert_eq!(
                check(header, body, Base64::Standard),
                Err(Problem::Digest),
                "{header}"
            );
        }
        let url = "sha-256=:RK_0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg:";
        assert_eq!(check(url, body, Base64::EitherAlphabet), Ok(()));
        let mixed = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg=:";
        assert_eq!(
            check(mixed, body, Base64::EitherAlphabet),
            Err(Problem::Digest)
        );
    }
}
