//! The providers that people use.

mod chat;
mod code;
mod commerce;
mod description;
mod platforms;
mod standard;

pub use description::Provider;
