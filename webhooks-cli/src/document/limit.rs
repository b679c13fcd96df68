//! How large a document may be.

/// The largest document that is read, in bytes: 64 MiB.
pub const LARGEST: usize = 64 * 1024 * 1024;
