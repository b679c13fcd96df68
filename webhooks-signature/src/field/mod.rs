//! The header field that carries signatures: which header, how items are split, what label they carry.
//!
//! An item that does not decode is skipped, never fatal: senders list signatures of versions and keys that
//! this receiver does not know next to the one it does.

mod label;

pub(crate) use label::Kind;
pub use label::Label;

use crate::algorithm::{Algorithm, Encoding};
use crate::error::{Reason, VerifyResult};
use crate::few::Few;
use crate::request_fields::Field;
use crate::signature_bytes::SignatureBytes;
use crate::text::Names;

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
    /// Adds the signatures of this variant in these values, decoded. That there is none is not an error here.
    #[inline]
    pub(crate) fn add_signatures(
        &self,
        signatures: &mut Few<SignatureBytes>,
        fields: &[Field<'_>],
        variant: Variant<'_>,
    ) -> VerifyResult<()> {
        for item in fields
            .iter()
            .filter_map(Field::value)
            .flat_map(|value| self.items(value))
        {
            let Some(text) = variant.label.strip(item) else {
                continue;
            };
            let decoded = SignatureBytes::decode(variant.algorithm, variant.encoding, text);
            let Some(signature) = decoded else { continue };
            if signatures.len() == variant.algorithm.max_signatures() {
                return Err(Box::new(Reason::TooManySignatures));
            }
            signatures.push(signature);
        }
        Ok(())
    }

    /// The one value of a field such as Stripe's `t`. Twice is ambiguous, even with the same value.
    pub(crate) fn scalar<'r>(
        &self,
        fields: &[Field<'r>],
        field: &str,
    ) -> VerifyResult<Option<&'r [u8]>> {
        let Some(separator) = self.label.separator() else {
            return Ok(None);
        };
        let mut found = fields
            .iter()
            .filter_map(Field::value)
            .flat_map(|value| self.items(value))
            .filter_map(|item| label::split_once(item, separator))
            .filter(|(name, _)| *name == field.as_bytes())
            .map(|(_, value)| value);
        match (found.next(), found.next()) {
            (first, None) => Ok(first),
            (_, Some(_)) => Err(Box::new(Reason::RepeatedField {
                field: field.to_owned(),
            })),
        }
    }

    /// Writes labelled signatures the way [`add_signatures`](Self::add_signatures) reads them, behind a field such as
    /// Stripe's `t`.
    pub(crate) fn write(
        &self,
        scalar: Option<(&str, &str)>,
        mut signatures: Vec<String>,
    ) -> String {
        if let (None, [only]) = (scalar, signatures.as_mut_slice()) {
            return std::mem::take(only);
        }
        let mut items = Vec::with_capacity(signatures.len() + 1);
        if let (Some((name, value)), Some(separator)) = (scalar, self.label.separator()) {
            items.push(format!("{name}{separator}{value}"));
        }
        items.extend(signatures);
        items.join(self.split.map_or(String::new(), String::from).as_str())
    }

    /// The items of a list. A value that is not a list is taken whole, so that it is compared exactly as it came.
    #[inline]
    fn items<'r>(&self, value: &'r [u8]) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        // The scheme's check allows ASCII only.
        let split = self.split.and_then(|split| u8::try_from(split).ok());
        let mut rest = Some(value);
        std::iter::from_fn(move || {
            let value = rest?;
            let Some(split) = split else {
                rest = None;
                return Some(value);
            };
            let end = memchr::memchr(split, value);
            let (item, tail) = match end {
                Some(end) => (&value[..end], Some(&value[end + 1..])),
                None => (value, None),
            };
            rest = tail;
            Some(item.trim_ascii())
        })
    }
}

/// How the signatures of one algorithm are marked and written in the field.
#[derive(Clone, Copy)]
pub(crate) struct Variant<'s> {
    pub(crate) algorithm: Algorithm,
    pub(crate) label: &'s Label,
    pub(crate) encoding: Encoding,
}

impl Variant<'_> {
    /// A signature with its label.
    pub(crate) fn write(&self, signature: &[u8]) -> String {
        self.label.write(self.encoding.encode(signature))
    }
}

/// Whether this can be a header's name (RFC 9110 section 5.6.2).
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
