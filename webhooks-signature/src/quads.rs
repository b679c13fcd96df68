//! Base64 of signatures (RFC 4648 sections 4 and 5), read four characters at a time.
//!
//! Padded, and without stray bits, as the reference libraries have it, which compare the text. What comes with a request
//! is not secret, so a table may be looked into. Secrets are read by the crate `base64`.

/// What each character stands for; [`NONE`] where it is not one of the alphabet.
pub(crate) struct Alphabet([u32; 256]);

/// No value of six bits has this bit.
const NONE: u32 = 0x80;

/// With `+` and `/`.
pub(crate) static STANDARD: Alphabet = Alphabet::ending_in(*b"+/");

/// With `-` and `_`.
pub(crate) static URL_SAFE: Alphabet = Alphabet::ending_in(*b"-_");

impl Alphabet {
    const fn ending_in(last: [u8; 2]) -> Self {
        let mut values = [NONE; 256];
        let mut value = 0;
        while value < 64 {
            let character = match value {
                0..26 => b'A' + value,
                26..52 => b'a' + value - 26,
                52..62 => b'0' + value - 52,
                _ => last[value as usize - 62],
            };
            values[character as usize] = value as u32;
            value += 1;
        }
        Self(values)
    }

    /// Decodes into the buffer; returns the length, or `None` for what is not base64 or does not fit.
    #[inline]
    pub(crate) fn decode(&self, text: &[u8], buffer: &mut [u8]) -> Option<usize> {
        let (quads, []) = text.as_chunks::<4>() else {
            return None;
        };
        let Some((last, quads)) = quads.split_last() else {
            return Some(0);
        };
        // Where nothing stands, nothing is set.
        let (last, padding) = match *last {
            [a, b, b'=', b'='] => ([a, b, b'A', b'A'], 2),
            [a, b, c, b'='] => ([a, b, c, b'A'], 1),
            last => (last, 0),
        };
        let whole = quads.len() * 3;
        let length = whole + 3 - padding;
        let (bytes, end) = buffer.get_mut(..length)?.split_at_mut(whole);
        let mut seen = 0;
        for (quad, bytes) in quads.iter().zip(bytes.as_chunks_mut::<3>().0) {
            let (bits, of_quad) = self.bits(*quad);
            let [_, high, middle, low] = bits.to_be_bytes();
            *bytes = [high, middle, low];
            seen |= of_quad;
        }
        let (bits, of_last) = self.bits(last);
        let is_canonical = bits.trailing_zeros() as usize >= padding * 8;
        end.copy_from_slice(&bits.to_be_bytes()[1..][..end.len()]);
        ((seen | of_last) & NONE == 0 && is_canonical).then_some(length)
    }

    /// The 24 bits of four characters, and all that is set in any of their values.
    #[inline]
    fn bits(&self, quad: [u8; 4]) -> (u32, u32) {
        let [a, b, c, d] = quad.map(|character| self.0[usize::from(character)]);
        (a << 18 | b << 12 | c << 6 | d, a | b | c | d)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{
        GeneralPurpose, STANDARD as STANDARD_CRATE, URL_SAFE as URL_SAFE_CRATE,
    };

    use super::*;

    const BOTH: [(&Alphabet, &GeneralPurpose); 2] =
        [(&STANDARD, &STANDARD_CRATE), (&URL_SAFE, &URL_SAFE_CRATE)];

    fn decoded(alphabet: &Alphabet, text: &[u8]) -> Option<Vec<u8>> {
        let mut buffer = [0; 96];
        let length = alphabet.decode(text, &mut buffer)?;
        Some(buffer[..length].to_vec())
    }

    /// A number that looks random, and is the same in each run.
    fn random(state: &mut u64) -> u8 {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (*state >> 56) as u8
    }

    #[test]
    fn what_the_crate_writes_is_read_and_what_it_refuses_is_refused() {
        let mut state = 1;
        for length in (0..10).chain([20, 32, 64, 71]) {
            for (alphabet, engine) in BOTH {
                let bytes: Vec<u8> = (0..length).map(|_| random(&mut state)).collect();
                let text = engine.encode(&bytes).into_bytes();
                assert_eq!(decoded(alphabet, &text), Some(bytes));
                for place in 0..text.len() {
                    for character in 0..=u8::MAX {
                        let mut other = text.clone();
                        other[place] = character;
                        let expected = engine.decode(&other).ok();
                        assert_eq!(decoded(alphabet, &other), expected, "{other:?}");
                    }
                    let cut = &text[..place];
                    assert_eq!(decoded(alphabet, cut), engine.decode(cut).ok(), "{cut:?}");
                }
            }
        }
    }

    #[test]
    fn short_texts_of_every_kind_are_read_as_the_crate_does() {
        const CHARACTERS: &[u8] = b"AQgB/+-_= \xff";
        let count = CHARACTERS.len();
        for (alphabet, engine) in BOTH {
            for number in 0..count.pow(4) {
                let character = |place: u32| CHARACTERS[number / count.pow(place) % count];
                let quad = [character(0), character(1), character(2), character(3)];
                for text in [
                    &quad[..],
                    &[&quad[..], b"AA=="].concat(),
                    &[b"AAAA", &quad[..]].concat(),
                ] {
                    assert_eq!(
                        decoded(alphabet, text),
                        engine.decode(text).ok(),
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut buffer = [0; 5];
        assert_eq!(STANDARD.decode(b"AAAAAAA=", &mut buffer), Some(5));
        assert_eq!(STANDARD.decode(b"AAAAAAAA", &mut buffer), None);
    }
}
