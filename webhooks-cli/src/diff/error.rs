//! Why two documents cannot be compared.

use std::error::Error;
use std::fmt;

use super::change::Side;
use crate::document::DocumentError;

/// A document that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffError {
    /// Which of the two.
    pub side: Side,
    /// What is wrong with it.
    pub error: DocumentError,
}

impl fmt::Display for DiffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} document: {}", self.side, self.error)
    }
}

impl Error for DiffError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}
