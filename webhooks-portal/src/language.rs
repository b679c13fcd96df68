//! The languages of the pages.

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// The languages that there are.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The tag (BCP 47): `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The one that a browser likes best (RFC 9110, section 12.5.4); English where it names none of them.
    pub(crate) fn of_browser(accept_language: &str) -> Self {
        let mut best = (Self::English, 0.0);
        for range in accept_language.split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=");
            let quality = quality.map_or(Some(1.0), |text| text.trim().parse::<f32>().ok());
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let known = Self::ALL
                .into_iter()
                .find(|own| own.tag().eq_ignore_ascii_case(primary));
            if let (Some(language), Some(quality)) = (known, quality)
                && quality > best.1
            {
                best = (language, quality);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_the_browser_likes_best() {
        for (header, language) in [
            ("", Language::English),
            ("de", Language::German),
            ("de-AT, en;q=0.5", Language::German),
            ("en;q=0.5, DE;q=0.9", Language::German),
            ("fr, de;q=0.1", Language::German),
            ("de;q=0", Language::English),
            ("en, de", Language::English),
            ("fr;q=x", Language::English),
        ] {
            assert_eq!(Language::of_browser(header), language, "{header}");
        }
    }
}
