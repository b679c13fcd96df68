//! What a failure is called in the log: our words, then those of the database.
//!
//! Of a database's own error only its code and message are shown, never PostgreSQL's DETAIL, which quotes values of rows.

use std::error::Error as StdError;
use std::fmt;

use crate::error::Error;

/// An error with what is behind it, as [`Error::error_chain`] gives it.
struct ErrorChain<'a>(&'a (dyn StdError + 'static));

impl Error {
    /// The error and all that is behind it, for a log: of a database its code and message, of anything else the text of
    /// each source. It holds no row's values and no connection URL.
    ///
    /// ```
    /// use webhooks_store::Error;
    ///
    /// let error = Error::from(sqlx::Error::PoolTimedOut);
    /// assert!(error.error_chain().to_string().starts_with("the database's lock, or the pool, was taken for too long"));
    /// ```
    pub fn error_chain(&self) -> impl fmt::Display + '_ {
        ErrorChain(self)
    }
}

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.0.to_string();
        f.write_str(&own)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            if let Some(sqlx::Error::Database(reported)) = error.downcast_ref::<sqlx::Error>() {
                let code = reported.code().unwrap_or_default();
                // A problem of the schema is part of our own words already.
                return if own.contains(reported.message()) {
                    write!(f, " ({code})")
                } else {
                    write!(f, ": {} ({code})", reported.message())
                };
            }
            write!(f, ": {error}")?;
            next = error.source();
        }
        Ok(())
    }
}
