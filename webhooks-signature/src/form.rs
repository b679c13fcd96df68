//! A form body in the canonical order that Twilio and Mandrill sign: pairs decoded, sorted, without repeats.
//!
//! The body counts as a form whatever its content type says, so that nothing of it goes unsigned.
//!
//! A form is put in order before the signature is known to be right, so its cost is bounded: names and repeated fields
//! are decoded into memory up to a limit, all other values are decoded in small pieces on their way into the MAC.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::algorithm::{Algorithm, Encoding};
use crate::error::{Reason, VerifyResult};
use crate::signature_bytes::SignatureBytes;
use crate::url::query_value;

/// The most fields of a form. Twilio sends a few dozen, Mandrill one.
pub(crate) const MAX_FIELDS: usize = 1_000;
/// The most bytes of all names together, and of the values of names that come several times.
const MAX_DECODED: usize = 256 << 10;
/// Bytes that are decoded in one piece.
const PIECE: usize = 256;

/// What `{form}` is in the signed text.
pub(crate) enum Form<'r> {
    /// The scheme signs none, or the URL holds the hash of the body instead.
    Absent,
    /// The fields in the order in which they are signed.
    Fields(Vec<Field<'r>>),
}

pub(crate) struct Field<'r> {
    name: Cow<'r, [u8]>,
    value: Value<'r>,
}

enum Value<'r> {
    /// As it came.
    Encoded(&'r [u8]),
    /// Where several fields have the same name, their values decide about the order.
    Decoded(Cow<'r, [u8]>),
}

/// What `{form}` is in the signed text of this request. Where the signed URL holds the hash of the body, the body is not a
/// form: it is compared with the hash.
pub(crate) fn signed<'r>(
    body: &'r [u8],
    url: &str,
    hash_parameter: Option<&str>,
) -> VerifyResult<Form<'r>> {
    let Some(hash) = hash_parameter.and_then(|name| query_value(url, name)) else {
        return Form::parse(body);
    };
    let expected = SignatureBytes::decode(Algorithm::HmacSha256, Encoding::Hex, hash.as_bytes());
    let expected = expected.ok_or(Reason::BodyHash)?;
    if SignatureBytes::digest_of(body).equals_any(std::iter::once(&expected)) {
        Ok(Form::Absent)
    } else {
        Err(Box::new(Reason::BodyHash))
    }
}

impl<'r> Form<'r> {
    /// Puts the fields of a body in order.
    pub(crate) fn parse(body: &'r [u8]) -> VerifyResult<Self> {
        let pairs = || {
            body.split(|byte| *byte == b'&')
                .filter(|pair| !pair.is_empty())
        };
        let count = pairs().take(MAX_FIELDS + 1).count();
        if count > MAX_FIELDS {
            return Err(Box::new(Reason::FormTooLarge));
        }
        let mut fields = Vec::with_capacity(count);
        let mut room = MAX_DECODED;
        for pair in pairs() {
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = at.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
            take(&mut room, name.len())?;
            fields.push(Field {
                name: decode(name),
                value: Value::Encoded(value),
            });
        }
        fields.sort_by(|one, other| one.name.cmp(&other.name));
        decode_repeated(&mut fields, &mut room)?;
        fields.sort_by(|one, other| {
            (&one.name, one.value.decoded()).cmp(&(&other.name, other.value.decoded()))
        });
        fields.dedup_by(|one, other| {
            one.name == other.name && one.value.decoded() == other.value.decoded()
        });
        Ok(Self::Fields(fields))
    }

    /// Feeds `k1v1k2v2..` to `sink`.
    pub(crate) fn write(&self, sink: &mut impl FnMut(&[u8])) {
        let Self::Fields(fields) = self else { return };
        for field in fields {
            sink(&field.name);
            match &field.value {
                Value::Decoded(value) => sink(value),
                Value::Encoded(value) => decode_into(value, sink),
            }
        }
    }
}

impl Value<'_> {
    /// Nothing for the value of a name that comes once, about which nothing is compared.
    fn decoded(&self) -> &[u8] {
        match self {
            Self::Decoded(value) => value,
            Self::Encoded(_) => &[],
        }
    }
}

/// Decodes the values of names that come several times; fields of one name are neighbours.
fn decode_repeated(fields: &mut [Field<'_>], room: &mut usize) -> VerifyResult<()> {
    for same in fields.chunk_by_mut(|one, other| one.name == other.name) {
        if same.len() < 2 {
            continue;
        }
        for field in same {
            if let Value::Encoded(value) = field.value {
                take(room, value.len())?;
                field.value = Value::Decoded(decode(value));
            }
        }
    }
    Ok(())
}

fn take(room: &mut usize, bytes: usize) -> VerifyResult<()> {
    *room = room.checked_sub(bytes).ok_or(Reason::FormTooLarge)?;
    Ok(())
}

/// Bytes, not text: what is not UTF-8 must not collapse into one replacement character.
fn decode(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'+') {
        return percent_decode(text).into();
    }
    let mut decoded = Vec::with_capacity(text.len());
    decode_into(text, &mut |piece| decoded.extend_from_slice(piece));
    decoded.into()
}

/// Decodes piece by piece. An escape that a piece cuts off goes to the next one.
fn decode_into(text: &[u8], sink: &mut impl FnMut(&[u8])) {
    let mut rest = text;
    let (mut spaced, mut decoded) = ([0; PIECE], [0; PIECE]);
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        if end < rest.len() {
            let cut_off = rest[end - 2..end].iter().position(|byte| *byte == b'%');
            end = cut_off.map_or(end, |at| end - 2 + at);
        }
        let (now, later) = rest.split_at(end);
        for (slot, byte) in spaced.iter_mut().zip(now) {
            *slot = if *byte == b'+' { b' ' } else { *byte };
        }
        let mut length = 0;
        for (slot, byte) in decoded.iter_mut().zip(percent_decode(&spaced[..now.len()])) {
            *slot = byte;
            length += 1;
        }
        sink(&decoded[..length]);
        rest = later;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(body: &[u8]) -> VerifyResult<Vec<u8>> {
        let mut text = Vec::new();
        Form::parse(body)?.write(&mut |piece| text.extend_from_slice(piece));
        Ok(text)
    }

    #[test]
    fn pairs_are_sorted_decoded_and_unique() {
        assert_eq!(canonical(b"b=2&a=%2B1+2&b=1&b=2").unwrap(), b"a+1 2b1b2");
        assert_eq!(canonical(b"b=+&%62=%20&b=1").unwrap(), b"b b1");
    }

    #[test]
    fn odd_forms_are_read_literally() {
        assert_eq!(canonical(b"").unwrap(), b"");
        assert_eq!(canonical(b"&&a&=b&c=").unwrap(), b"bac");
        assert_eq!(canonical(b"a=%zz&b=%4").unwrap(), b"a%zzb%4");
        assert_eq!(canonical(b"a=%ff\xfe").unwrap(), b"a\xff\xfe");
    }

    #[test]
    fn a_long_value_is_decoded_as_in_one_piece() {
        for shift in 0..4 {
            let value = format!("{}{}", "x".repeat(shift), "%41+%e2%82%ac".repeat(400));
            let whole: Vec<u8> = percent_decode(value.replace('+', " ").as_bytes()).collect();
            let form = format!("a={value}");
            assert_eq!(canonical(form.as_bytes()).unwrap()[1..], whole);
        }
    }

    #[test]
    fn a_form_that_costs_too_much_is_refused() {
        let many = "a&".repeat(MAX_FIELDS + 1);
        assert_eq!(
            canonical(many.as_bytes()),
            Err(Box::new(Reason::FormTooLarge))
        );
        let long_names = format!("{}=1", "n".repeat(MAX_DECODED + 1));
        assert_eq!(
            canonical(long_names.as_bytes()),
            Err(Box::new(Reason::FormTooLarge))
        );
        let repeated = format!("a=1&a={}", "v".repeat(MAX_DECODED));
        assert_eq!(
            canonical(repeated.as_bytes()),
            Err(Box::new(Reason::FormTooLarge))
        );
        let one_long_value = format!("a={}", "v".repeat(2 << 20));
        assert_eq!(
            canonical(one_long_value.as_bytes()).unwrap().len(),
            (2 << 20) + 1
        );
    }
}
