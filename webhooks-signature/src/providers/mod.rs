//! The schemes of the providers people use, as constants of [`Scheme`](crate::scheme::Scheme).
//!
//! Each names its source, its tolerance, and what the signature does not cover.

mod code;
mod commerce;
mod messaging;
mod platforms;
mod standard;
