//! Reading public and private keys, before an algorithm looks at them.

use zeroize::Zeroizing;

use super::form::{KeyForm, decode_base64, decode_hex, refuse_prefix};
use crate::error::SecretError;
use crate::secret::{PRIVATE, SHARED, Secret, without_version};

/// Which half of a key pair a prefix announces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Public,
    Private,
}

impl KeyForm {
    /// The bytes of an asymmetric key, and whether its prefix says that it is private.
    pub(crate) fn decode_asymmetric(
        &self,
        secret: &Secret,
    ) -> Result<(Zeroizing<Vec<u8>>, Option<Half>), SecretError> {
        let text = without_version(secret.expose());
        refuse_prefix(
            text,
            &[SHARED],
            "a public or private key (`whpk_`, `whsk_`)",
        )?;
        let (text, half) = match self {
            Self::Ed25519 { prefix } => match text.strip_prefix(PRIVATE) {
                Some(rest) => (rest, Some(Half::Private)),
                None => match prefix
                    .as_deref()
                    .and_then(|prefix| text.strip_prefix(prefix))
                {
                    Some(rest) => (rest, Some(Half::Public)),
                    None => (text, None),
                },
            },
            _ => (text, None),
        };
        let bytes = match self {
            Self::Ed25519Hex => decode_hex(text)?,
            _ => decode_base64(&without_pem_lines(text))?,
        };
        if bytes.is_empty() {
            Err(SecretError::Empty)
        } else {
            Ok((bytes, half))
        }
    }
}

/// The base64 of a PEM file in one piece; other text as it is.
fn without_pem_lines(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    if text.trim_start().starts_with("-----BEGIN ") {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("-----"))
            .for_each(|line| out.push_str(line));
    } else {
        out.push_str(text);
    }
    out
}
