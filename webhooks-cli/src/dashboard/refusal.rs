//! Why there is no dashboard.

use std::fmt;

/// Why there is no dashboard, in words for the person at the terminal. It holds no password.
#[derive(Debug)]
pub(crate) struct Refusal(String);

impl Refusal {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}
