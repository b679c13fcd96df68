//! An error with its sources, for the log: what an application knows is often in the source alone.

use std::error::Error;
use std::fmt;

use crate::log_text::{APPLICATION, LogText};

/// Writes an error and its sources, separated by colons. A source that the text before it already ends in is left out.
/// The texts may repeat a sender's, so they are escaped and cut.
pub(crate) struct ErrorChain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        LogText(UnescapedChain(self.0), APPLICATION).fmt(f)
    }
}

struct UnescapedChain<'a>(&'a (dyn Error + 'static));

impl fmt::Display for UnescapedChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            let text = error.to_string();
            if !said.ends_with(&text) {
                write!(f, ": {text}")?;
            }
            said = text;
            next = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<Layer>>);

    impl fmt::Display for Layer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|layer| layer as _)
        }
    }

    fn layers(texts: &[&'static str]) -> Layer {
        let (first, rest) = texts.split_first().expect("an error has a text");
        Layer(first, (!rest.is_empty()).then(|| Box::new(layers(rest))))
    }

    #[test]
    fn every_source_is_written_once() {
        assert_eq!(ErrorChain(&layers(&["a"])).to_string(), "a");
        assert_eq!(
            ErrorChain(&layers(&["saving failed", "no space", "disk 3"])).to_string(),
            "saving failed: no space: disk 3"
        );
        assert_eq!(
            ErrorChain(&layers(&["saving failed: no space", "no space"])).to_string(),
            "saving failed: no space"
        );
    }
}
