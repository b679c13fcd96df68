//! A form body in the canonical order that Twilio and Mandrill sign: pairs decoded, sorted, without repeats.
//!
//! The body counts as a form whatever its content type says, so that nothing of it goes unsigned.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::algorithm::{Algorithm, Encoding};
use crate::signature_bytes::SignatureBytes;
use crate::url::query_value;

/// What `{form}` stands for. Where the signed URL holds the hash of the body, the body is no form: it is
/// compared with the hash, and `None` says that it is another body.
pub(crate) fn signed(body: &[u8], url: &str, hash_parameter: Option<&str>) -> Option<Vec<u8>> {
    match hash_parameter.and_then(|name| query_value(url, name)) {
        None => Some(canonical(body)),
        Some(hash) => {
            let expected =
                SignatureBytes::decode(Algorithm::HmacSha256, Encoding::Hex, hash.as_bytes())?;
            SignatureBytes::digest_of(body)
                .equals_any(&[expected])
                .then(Vec::new)
        }
    }
}

/// `k1v1k2v2..` of the decoded pairs in byte order.
fn canonical(body: &[u8]) -> Vec<u8> {
    let mut pairs: Vec<_> = body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(pair)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
        .into_iter()
        .flat_map(|(name, value)| [name, value])
        .flatten()
        .collect()
}

fn pair(text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let at = text.iter().position(|byte| *byte == b'=');
    let (name, value) = at.map_or((text, &[][..]), |at| (&text[..at], &text[at + 1..]));
    (decode(name), decode(value))
}

/// Bytes, not text: what is not UTF-8 must not collapse into one replacement character.
fn decode(text: &[u8]) -> Vec<u8> {
    let spaces: Cow<'_, [u8]> = if text.contains(&b'+') {
        text.iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte })
            .collect()
    } else {
        text.into()
    };
    percent_decode(&spaces).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_decoded_and_unique() {
        assert_eq!(canonical(b"b=2&a=%2B1+2&b=1&b=2"), b"a+1 2b1b2");
    }

    #[test]
    fn odd_forms_are_read_literally() {
        assert_eq!(canonical(b""), b"");
        assert_eq!(canonical(b"&&a&=b&c="), b"bac");
        assert_eq!(canonical(b"a=%zz&b=%4"), b"a%zzb%4");
        assert_eq!(canonical(b"a=%ff\xfe"), b"a\xff\xfe");
    }
}
