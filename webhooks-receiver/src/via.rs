//! The ways in which a parameter or a payload is recognised.
//!
//! Rust allows only one implementation of a trait for all `T`. A marker as a parameter of the trait tells several
//! apart, and the compiler infers it from the type of the handler's first parameter.

/// The payload alone.
#[derive(Debug)]
pub enum ViaPayload {}

/// The payload inside a [`Received`](crate::Received).
#[derive(Debug)]
pub enum ViaReceived {}

/// A [`Received`](crate::Received) that leaves its payload unread.
#[derive(Debug)]
pub enum ViaUnread {}

/// The payload of a webhook that carries it only with some of its methods.
#[derive(Debug)]
pub enum ViaOption {}

/// The owned form of a payload that was declared as a borrowed text or list.
#[derive(Debug)]
pub enum ViaOwned {}
