//! Colours, and whether text of one can be read on another (WCAG 2.2, success criterion 1.4.3).

use std::fmt;
use std::str::FromStr;

/// A colour, as six hexadecimal digits say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

impl Colour {
    pub(crate) const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// The contrast of two colours, from 1 to 21.
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The relative luminance (WCAG 2.2, definitions).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl FromStr for Colour {
    type Err = ();

    /// `#1b57b5`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let is_hex = |digits: &&str| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let digits = text.strip_prefix('#').filter(is_hex).ok_or(())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| ());
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrast_is_that_of_wcag() {
        let colour = |text: &str| text.parse::<Colour>().expect("a colour");
        let contrast = |one, two| (colour(one).contrast(colour(two)) * 100.0).round() / 100.0;
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
        assert!((contrast("#ffffff", "#767676") - 4.54).abs() < 0.01);
    }

    #[test]
    fn what_is_not_six_digits_is_no_colour() {
        for text in [
            "",
            "fff",
            "#fff",
            "#12345g",
            "#1234567",
            "red",
            "#ääää",
            "#+1+1+1",
        ] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
        assert_eq!(
            "#0A0b0C".parse::<Colour>().map(|colour| colour.to_string()),
            Ok("#0a0b0c".to_owned())
        );
    }
}
