//! The tests live in `tests/`; this library holds what they share.

pub mod crash;
pub mod source;
pub mod workspace;
