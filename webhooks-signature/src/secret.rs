//! Secrets: the text that a provider shows, wiped from memory when dropped and absent from every output.
//!
//! A [`Secret`] is text without a meaning of its own; the scheme's [`KeyForm`](crate::KeyForm) says what the
//! text stands for, and [`Scheme::verifier`](crate::Scheme::verifier) turns it into a key once.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::SecretError;

/// How a shared secret begins in Standard Webhooks and Svix.
pub(crate) const SHARED: &str = "whsec_";
/// How a private Ed25519 key begins.
pub(crate) const PRIVATE: &str = "whsk_";
/// How a public Ed25519 key begins.
pub(crate) const PUBLIC: &str = "whpk_";

/// A secret or key in its text form: `whsec_..`, `whsk_..`, `whpk_..`, hex, or any text.
///
/// Wiped when dropped; `Debug` shows nothing of it, and there is no `Display` and no `Serialize`. Equality is
/// constant-time. It deserialises from a string, so that it can sit in a configuration file.
///
/// ```
/// use webhooks_signature::{Secret, SecretError};
///
/// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(Secret::new("").unwrap_err(), SecretError::Empty);
/// # Ok::<(), SecretError>(())
/// ```
#[derive(Clone)]
pub struct Secret {
    text: Zeroizing<String>,
}

impl Secret {
    /// A secret as its provider shows it, prefix included: also a PEM file or a JSON Web Key (RFC 7517), both as text.
    ///
    /// # Errors
    /// [`SecretError::Empty`] for an empty text, or a prefix with nothing behind it; and for what no provider gives out
    /// and a slip leaves behind: [`Blank`](SecretError::Blank), [`Surrounded`](SecretError::Surrounded) by white space
    /// or a byte order mark, [`AllZero`](SecretError::AllZero).
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(text.into());
        let prefixes = [SHARED, PRIVATE, PUBLIC];
        let is_prefix =
            |text: &str| prefixes.contains(&text) || prefixes.contains(&without_version(text));
        if text.is_empty() || is_prefix(&text) {
            return Err(SecretError::Empty);
        }
        if text.bytes().all(|byte| byte == 0) {
            return Err(SecretError::AllZero);
        }
        if text.chars().all(|char| unwanted(char).is_some()) {
            return Err(SecretError::Blank);
        }
        let text = if is_document(&text) {
            // White space around a document does not belong to the key in it.
            Zeroizing::new(text.trim().to_owned())
        } else {
            text
        };
        refuse_surroundings(&text)?;
        Ok(Self { text })
    }

    /// A new shared secret: 32 bytes of the operating system's randomness as `whsec_` and base64. Standard
    /// Webhooks asks for 24 to 64 bytes.
    ///
    /// # Errors
    /// [`SecretError::NoRandomness`] if the operating system has none to give.
    ///
    /// ```
    /// use webhooks_signature::Secret;
    ///
    /// let secret = Secret::generate()?;
    /// assert!(secret.expose().starts_with("whsec_"));
    /// # Ok::<(), webhooks_signature::SecretError>(())
    /// ```
    pub fn generate() -> Result<Self, SecretError> {
        Ok(Self::from_random(&*random()?))
    }

    /// A shared secret from random bytes of your own, 24 to 64 of them.
    ///
    /// ```
    /// use webhooks_signature::Secret;
    ///
    /// assert_eq!(Secret::from_random(&[7; 24]).expose(), "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH");
    /// ```
    pub fn from_random<const LEN: usize>(bytes: &[u8; LEN]) -> Self {
        const { assert!(24 <= LEN && LEN <= 64, "a shared secret has 24 to 64 bytes") };
        Self::prefixed(SHARED, bytes)
    }

    /// The text itself, to show it to its owner once or to store it encrypted. Keep it out of logs.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// A text that was written here and needs no check.
    pub(crate) fn written(text: String) -> Self {
        Self {
            text: Zeroizing::new(text),
        }
    }

    pub(crate) fn prefixed(prefix: &str, bytes: &[u8]) -> Self {
        // Allocated in its full size: growing would leave a copy behind in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(
            prefix.len() + bytes.len().div_ceil(3) * 4,
        ));
        text.push_str(prefix);
        STANDARD.encode_string(bytes, &mut text);
        Self { text }
    }
}

/// A secret without the version that some dashboards (Supabase) show before it: `v1,whsec_..`, `v1a,whpk_..`.
pub(crate) fn without_version(text: &str) -> &str {
    for (version, prefixes) in [("v1,", &[SHARED][..]), ("v1a,", &[PUBLIC, PRIVATE])] {
        if let Some(rest) = text.strip_prefix(version)
            && prefixes.iter().any(|prefix| rest.starts_with(prefix))
        {
            return rest;
        }
    }
    text
}

/// Whether this is a file with a key in it, which ends with a line break as files do.
fn is_document(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN ") || (text.starts_with('{') && text.ends_with('}'))
}

fn refuse_surroundings(text: &str) -> Result<(), SecretError> {
    let ends = [
        (text.chars().next(), false),
        (text.chars().next_back(), true),
    ];
    for (char, at_the_end) in ends {
        if let Some(found) = char.and_then(unwanted) {
            return Err(SecretError::Surrounded { found, at_the_end });
        }
    }
    Ok(())
}

/// What a character is called that no secret begins or ends with.
fn unwanted(char: char) -> Option<&'static str> {
    match char {
        '\u{feff}' => Some("a byte order mark"),
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some("a line break"),
        '\t' => Some("a tab"),
        ' ' => Some("a space"),
        '\u{200b}'..='\u{200f}' | '\u{2060}' => Some("an invisible character"),
        _ if char.is_whitespace() => Some("white space"),
        _ if char.is_control() => Some("a control character"),
        _ => None,
    }
}

/// 32 bytes from the operating system.
pub(crate) fn random() -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|_| SecretError::NoRandomness)?;
    Ok(bytes)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.text.as_bytes().ct_eq(other.text.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        Self::new(text)
    }
}

impl TryFrom<&str> for Secret {
    type Error = SecretError;

    fn try_from(text: &str) -> Result<Self, SecretError> {
        Self::new(text)
    }
}

impl TryFrom<String> for Secret {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, SecretError> {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer).map_err(|_| {
            // The original error quotes what it found, and that may be the secret.
            D::Error::custom("a secret must be a string")
        })?;
        Self::new(text).map_err(D::Error::custom)
    }
}
