//! The header field that carries signatures: which header, how items are split, what label they carry.
//!
//! An item that does not decode is skipped, never fatal: senders list signatures of versions and keys that
//! this receiver does not know beside the one it does.

mod label;

pub(crate) use label::Kind;
pub use label::Label;

use crate::algorithm::{Algorithm, Encoding};
use crate::error::Reason;
use crate::request::Headers;
use crate::signature_bytes::SignatureBytes;
use crate::text::Names;

/// The most signatures that one request may carry. Each costs a comparison, and under Ed25519 a verification,
/// before the caller is known.
pub const MAX_SIGNATURES: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignatureField {
    pub(crate) headers: Names,
    /// Every header counts (Box's primary and secondary), not only the first one present.
    pub(crate) each: bool,
    pub(crate) split: Option<char>,
    pub(crate) label: Label,
    pub(crate) encoding: Encoding,
}

impl SignatureField {
    /// The values of the headers that count, from one request.
    pub(crate) fn read<'r>(&self, headers: &'r dyn Headers) -> Result<Vec<&'r [u8]>, Reason> {
        let limit = if self.each { usize::MAX } else { 1 };
        let mut values = Vec::with_capacity(1);
        for name in self.headers.iter() {
            if values.len() < limit {
                values.extend(single(headers, name)?);
            }
        }
        if values.is_empty() {
            return Err(Reason::MissingSignature {
                header: self.headers.first().to_owned(),
            });
        }
        Ok(values)
    }

    /// The signatures in these values, decoded.
    pub(crate) fn candidates(
        &self,
        values: &[&[u8]],
        algorithm: Algorithm,
    ) -> Result<Vec<SignatureBytes>, Reason> {
        let mut candidates = Vec::with_capacity(1);
        let texts = values
            .iter()
            .flat_map(|value| self.items(value))
            .filter_map(|item| self.label.strip(item));
        for candidate in
            texts.filter_map(|text| SignatureBytes::decode(algorithm, self.encoding, text))
        {
            if candidates.len() == MAX_SIGNATURES {
                return Err(Reason::TooManySignatures);
            }
            candidates.push(candidate);
        }
        if candidates.is_empty() {
            return Err(Reason::NoUsableSignature {
                header: self.headers.first().to_owned(),
            });
        }
        Ok(candidates)
    }

    /// The one value of a field such as Stripe's `t`. Twice is ambiguous, even with the same value.
    pub(crate) fn scalar<'r>(
        &self,
        values: &[&'r [u8]],
        field: &str,
    ) -> Result<Option<&'r [u8]>, Reason> {
        let Some(separator) = self.label.separator() else {
            return Ok(None);
        };
        let mut found = values
            .iter()
            .flat_map(|value| self.items(value))
            .filter_map(|item| label::split_once(item, separator))
            .filter(|(name, _)| *name == field.as_bytes())
            .map(|(_, value)| value);
        match (found.next(), found.next()) {
            (first, None) => Ok(first),
            (_, Some(_)) => Err(Reason::RepeatedField {
                field: field.to_owned(),
            }),
        }
    }

    /// Writes signatures the way [`read`](Self::read) and [`candidates`](Self::candidates) read them, behind
    /// a field such as Stripe's `t`.
    pub(crate) fn write(&self, scalar: Option<(&str, &str)>, signatures: &[&[u8]]) -> String {
        let mut items = Vec::with_capacity(signatures.len() + 1);
        if let (Some((name, value)), Some(separator)) = (scalar, self.label.separator()) {
            items.push(format!("{name}{separator}{value}"));
        }
        items.extend(
            signatures
                .iter()
                .map(|signature| self.label.write(&self.encoding.encode(signature))),
        );
        items.join(self.split.map_or(String::new(), String::from).as_str())
    }

    fn items<'r>(&self, value: &'r [u8]) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        let split = self.split;
        // A value that is no list is taken whole, so that it is compared exactly as it came.
        value
            .split(move |byte| split.is_some_and(|split| char::from(*byte) == split))
            .map(move |item| {
                if split.is_some() {
                    item.trim_ascii()
                } else {
                    item
                }
            })
    }
}

/// The value of a header that must not come with two different values; an empty one counts as missing.
pub(crate) fn single<'r>(headers: &'r dyn Headers, name: &str) -> Result<Option<&'r [u8]>, Reason> {
    let Some(first) = headers.value(name, 0) else {
        return Ok(None);
    };
    let mut others = (1..).map_while(|index| headers.value(name, index));
    if others.any(|other| other != first) {
        return Err(Reason::ConflictingHeader {
            header: name.to_owned(),
        });
    }
    Ok(Some(first).filter(|value| !value.is_empty()))
}

/// The first of several alternative headers that is present.
pub(crate) fn first_of<'r>(
    headers: &'r dyn Headers,
    names: &Names,
) -> Result<Option<&'r [u8]>, Reason> {
    for name in names.iter() {
        if let Some(value) = single(headers, name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Whether this can be a header's name (RFC 9110 section 5.6.2).
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
