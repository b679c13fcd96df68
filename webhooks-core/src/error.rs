//! What keeps a catalogue or a document from being built. All problems are reported together.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Webhooks or a document that contradict themselves; holds every problem that was found.
///
/// ```
/// use webhooks_core::{Descriptor, Webhooks};
///
/// static ONE: Descriptor = Descriptor::post("payment.created");
/// static TWO: Descriptor = Descriptor::post("payment.created");
///
/// let error = Webhooks::new().with(&ONE).with(&TWO).build().unwrap_err();
/// assert_eq!(error.problems().len(), 1);
/// assert!(error.to_string().contains("`payment.created` is declared twice with POST"));
/// ```
#[derive(Debug, Clone)]
pub struct BuildError {
    problems: Vec<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl BuildError {
    /// An error, where there is a problem.
    pub(crate) fn check(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            let source = None;
            Err(Self { problems, source })
        }
    }

    /// An error of one problem.
    pub(crate) fn one(problem: String) -> Self {
        Self {
            problems: vec![problem],
            source: None,
        }
    }

    /// An error of one problem, which ends in the words of another error.
    pub(crate) fn of(problem: &str, error: impl Error + Send + Sync + 'static) -> Self {
        let problem = format!("{problem}: {error}");
        Self::one(problem).because(Some(Arc::new(error)))
    }

    /// Says which error of another crate is behind it. Its words are part of a problem already.
    pub(crate) fn because(mut self, error: Option<Arc<dyn Error + Send + Sync>>) -> Self {
        self.source = error;
        self
    }

    /// The problems, and what is behind them.
    pub(crate) fn into_parts(self) -> (Vec<String>, Option<Arc<dyn Error + Send + Sync>>) {
        (self.problems, self.source)
    }

    /// Each problem: what was found, where, and what to do.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [problem] => f.write_str(problem),
            problems => {
                write!(f, "{} problems:", problems.len())?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, "\n- {problem}"))
            }
        }
    }
}

/// Equal problems: they have the words of the source.
impl PartialEq for BuildError {
    fn eq(&self, other: &Self) -> bool {
        self.problems == other.problems
    }
}

impl Eq for BuildError {}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Descriptor, Message, OpenApi};

    /// A map whose keys are not texts, which JSON does not have.
    fn unwritable() -> BTreeMap<(u8, u8), u8> {
        BTreeMap::from([((1, 2), 3)])
    }

    #[test]
    fn an_error_leads_to_the_one_behind_it_whose_words_it_has() {
        static PING: Descriptor = Descriptor::post("ping").payload::<serde_json::Value>();
        let message = Message::untyped(&PING, &unwritable());
        let unsent = message.payload().expect_err("JSON has no such keys");
        let unbuilt = OpenApi::new("Payments", "1.0.0")
            .merge(unwritable())
            .build();
        let unbuilt = unbuilt.expect_err("JSON has no such keys");
        let unread = crate::openapi::read_json("{").expect_err("the text is not JSON");
        let unmerged = OpenApi::new("Payments", "1.0.0").merge_json("{").build();
        let unmerged = unmerged.expect_err("the text is not JSON");
        let errors: [&dyn Error; 4] = [&unsent, &unbuilt, &unread, &unmerged];
        for error in errors {
            let source = error.source().expect("serde said something");
            assert!(source.is::<serde_json::Error>(), "{source}");
            assert!(error.to_string().ends_with(&source.to_string()), "{error}");
        }
    }

    #[test]
    fn what_the_crate_found_itself_has_no_source() {
        static EMPTY: Descriptor = Descriptor::post("empty");
        let message = Message::untyped(&EMPTY, &17);
        let unsent = message.payload().expect_err("the webhook has no payload");
        assert!(unsent.source().is_none());
        let twice = crate::openapi::read_json(r#"{ "a": 1, "a": 2 }"#);
        assert!(
            twice
                .expect_err("a key stands there twice")
                .source()
                .is_none()
        );
    }
}
