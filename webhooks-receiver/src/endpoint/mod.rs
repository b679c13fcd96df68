//! The way of a request through a receiver, one type for each step.
//!
//! [`Unread`](unread::Unread) has the head, [`Read`](unread::Read) the body, [`AuthenticatedRequest`](authenticated::AuthenticatedRequest) a signature
//! that is right, [`AcceptedRequest`](accepted::AcceptedRequest) the messages and the claim on them. A step owns what the steps before
//! it learned, and only its method leads to the next one. So nothing of a message is read before its signature is
//! verified, and no handler runs before its message is claimed.

mod accepted;
mod authenticated;
mod config;
mod label;
mod receive;
mod stop;
mod unread;

pub(crate) use config::{Endpoint, Limits, Logs};
