//! What keeps a catalogue or a document from being built. All problems are reported together.

use std::fmt;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    problems: Vec<String>,
}

impl BuildError {
    /// An error, where there is a problem.
    pub(crate) fn check(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self { problems })
        }
    }

    /// An error of one problem.
    pub(crate) fn one(problem: String) -> Self {
        Self {
            problems: vec![problem],
        }
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

impl std::error::Error for BuildError {}
