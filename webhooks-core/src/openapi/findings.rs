//! What building a document finds: problems, which keep it from being built, and warnings.

use crate::error::BuildError;
use crate::warning::Warning;

/// Problems and warnings, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
}

impl Findings {
    pub(crate) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// The warnings, where there is no problem. Under `strict` each warning is one.
    pub(crate) fn into_warnings(mut self, strict: bool) -> Result<Vec<Warning>, BuildError> {
        if strict {
            self.problems
                .extend(self.warnings.iter().map(ToString::to_string));
        }
        BuildError::check(self.problems)?;
        Ok(self.warnings)
    }
}
