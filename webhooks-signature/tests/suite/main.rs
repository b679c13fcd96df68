//! What the crate promises, through its public API: one file per part of a scheme, one test per rule.

#![allow(
    clippy::doc_markdown,
    reason = "the names of providers are proper names, not code"
)]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]
#![allow(clippy::similar_names, reason = "signer and signed are what they are")]

mod adcp;
mod garbage;
mod headers;
mod jwk;
mod labels;
mod message_signatures;
mod published;
mod rotation;
mod schemes;
mod secrecy;
mod secrets;
mod signing;
mod support;
mod timestamps;
mod urls;
mod vectors;
