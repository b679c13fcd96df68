//! Why a client cannot be built.

use std::error::Error;
use std::fmt;

/// Why an [`HttpClient`](super::HttpClient) cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum HttpClientError {
    /// A root certificate cannot be used; the [source](Error::source) says why.
    Root(Box<dyn Error + Send + Sync>),
    /// The proxy's URL cannot be used; the reason, without the URL, which may hold a password.
    Proxy(&'static str),
}

impl HttpClientError {
    pub(super) fn root(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Root(error.into())
    }
}

impl fmt::Display for HttpClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(reason) => write!(f, "a root certificate cannot be used: {reason}"),
            Self::Proxy(reason) => write!(
                f,
                "the egress proxy's URL cannot be used: {reason}; write it like `http://proxy.internal:3128`"
            ),
        }
    }
}

impl Error for HttpClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Root(error) => Some(error.as_ref()),
            Self::Proxy(_) => None,
        }
    }
}
