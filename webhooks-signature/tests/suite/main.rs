//! What the crate promises, through its public API: one file per part of a scheme, one test per rule.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]
#![allow(clippy::similar_names, reason = "signer and signed are what they are")]

mod headers;
mod labels;
mod rotation;
mod schemes;
mod secrecy;
mod secrets;
mod signing;
mod support;
mod timestamps;
mod urls;
mod vectors;
