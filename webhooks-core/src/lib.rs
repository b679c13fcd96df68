//! The catalogue.

#[cfg(feature = "page")]
pub(crate) mod page;
