//! Whose pages they are: name, logo, colours.

use std::fmt;

use crate::contrast::Colour;

/// The grounds of the two themes, as the design's tokens have them.
const PAPER: Colour = Colour::new(0xff, 0xff, 0xff);
const DARK_PAPER: Colour = Colour::new(0x11, 0x15, 0x1b);
/// What text needs (WCAG 2.2, 1.4.3).
const LEAST: f64 = 4.5;

/// Whose pages they are. Everything is optional.
///
/// ```
/// use webhooks_portal::Brand;
///
/// let brand = Brand::new("Acme").accent("#7a1fa2", "#d9a6f5")?;
/// # let _ = brand;
/// # Ok::<(), webhooks_portal::BrandError>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "give it to `Portal::brand`"]
pub struct Brand {
    pub(crate) name: Option<String>,
    pub(crate) logo: Option<Logo>,
    /// For light and for dark grounds.
    accent: Option<(Colour, Colour)>,
}

/// An image.
#[derive(Debug, Clone)]
pub(crate) struct Logo {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: &'static [u8],
}

/// Why a brand cannot be shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BrandError {
    /// A colour is not written as `#` and six hexadecimal digits.
    Colour(String),
    /// Text in the accent could not be read on its ground, nor text of the ground's colour on a button.
    Contrast {
        /// The colour.
        colour: String,
        /// The ground: that of the light or the dark theme.
        ground: String,
        /// The contrast that the two have, from 1 to 21; text needs 4.5.
        found: f64,
    },
}

impl fmt::Display for BrandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Colour(text) => write!(
                f,
                "`{text}` is not a colour; write `#` and six hexadecimal digits, as in `#1b57b5`"
            ),
            Self::Contrast {
                colour,
                ground,
                found,
            } => write!(
                f,
                "`{colour}` on `{ground}` has a contrast of {found:.1}, and text needs {LEAST}; take a {} colour",
                if *ground == PAPER.to_string() {
                    "darker"
                } else {
                    "lighter"
                }
            ),
        }
    }
}

impl std::error::Error for BrandError {}

impl Brand {
    /// The brand of this name, which is at the top of each page.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }

    /// An image next to the name, such as `include_bytes!("logo.svg")` with the type `image/svg+xml`. It is shown
    /// 28 pixels high.
    pub fn logo(mut self, content_type: &'static str, bytes: &'static [u8]) -> Self {
        self.logo = Some(Logo {
            content_type,
            bytes,
        });
        self
    }

    /// The colour of links and buttons: one for light grounds, one for dark ones, each as `#` and six hexadecimal
    /// digits.
    ///
    /// # Errors
    ///
    /// When one is not written so, or text in it could not be read: a contrast of 4.5 is needed (WCAG 2.2, 1.4.3).
    ///
    /// ```
    /// use webhooks_portal::Brand;
    ///
    /// let pale = Brand::new("Acme").accent("#ffd54f", "#ffd54f").unwrap_err();
    /// assert!(pale.to_string().contains("take a darker colour"));
    /// ```
    pub fn accent(mut self, light: &str, dark: &str) -> Result<Self, BrandError> {
        self.accent = Some((legible(light, PAPER)?, legible(dark, DARK_PAPER)?));
        Ok(self)
    }

    /// Rules that come after the design's, where a colour was chosen.
    pub(crate) fn style(&self) -> String {
        let Some((light, dark)) = self.accent else {
            return String::new();
        };
        let rule = |colour| format!(":root {{ --link: {colour}; --get: {colour}; }}");
        format!(
            "{}\n@media (prefers-color-scheme: dark) {{ {} }}\n@media print {{ {} }}\n",
            rule(light),
            rule(dark),
            rule(light)
        )
    }
}

fn legible(text: &str, ground: Colour) -> Result<Colour, BrandError> {
    let colour: Colour = text
        .parse()
        .map_err(|()| BrandError::Colour(text.to_owned()))?;
    let found = colour.contrast(ground);
    if found < LEAST {
        return Err(BrandError::Contrast {
            colour: colour.to_string(),
            ground: ground.to_string(),
            found,
        });
    }
    Ok(colour)
}

#[cfg(test)]
mod tests {
    use webhooks_core::web::TOKENS;

    use super::*;

    #[test]
    fn the_grounds_are_those_of_the_design() {
        assert!(TOKENS.contains("--paper: #fff;"));
        assert!(TOKENS.contains(&format!("--paper: {DARK_PAPER};")));
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused() {
        assert!(Brand::new("a").accent("#1b57b5", "#8cb9ff").is_ok());
        let refused = |light, dark| {
            Brand::new("a")
                .accent(light, dark)
                .map(|_| ())
                .expect_err("refused")
        };
        assert!(matches!(
            refused("#8cb9ff", "#8cb9ff"),
            BrandError::Contrast { .. }
        ));
        assert!(matches!(
            refused("#1b57b5", "#1b57b5"),
            BrandError::Contrast { .. }
        ));
        assert_eq!(
            refused("blue", "#8cb9ff"),
            BrandError::Colour("blue".to_owned())
        );
    }
}
