//! What building a document finds: problems, which keep it from being built, and warnings.

use std::error::Error;
use std::sync::Arc;

use crate::error::BuildError;
use crate::warning::Warning;

/// Problems and warnings, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
    /// The first error of another crate, whose words one of the problems has.
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Findings {
    pub(crate) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// A problem that ends in the words of an error.
    pub(crate) fn problem_of(&mut self, problem: &str, error: impl Error + Send + Sync + 'static) {
        self.problems.push(format!("{problem}: {error}"));
        self.source.get_or_insert_with(|| Arc::new(error));
    }

    /// The problems of a document that could not be read.
    pub(crate) fn unread(&mut self, error: BuildError) {
        let (problems, source) = error.into_parts();
        self.problems.extend(problems);
        self.source = self.source.take().or(source);
    }

    /// The warnings, where there is no problem. Under `strict` each warning is one.
    pub(crate) fn into_warnings(mut self, strict: bool) -> Result<Vec<Warning>, BuildError> {
        if strict {
            self.problems
                .extend(self.warnings.iter().map(ToString::to_string));
        }
        let source = self.source;
        BuildError::check(self.problems).map_err(|error| error.because(source))?;
        Ok(self.warnings)
    }
}
