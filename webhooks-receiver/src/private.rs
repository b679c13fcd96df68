//! What generated code names. No promises: the exact version of the macros belongs to this one.

pub use std::sync::Arc;

pub use axum::extract::FromRequestParts;
pub use inventory;

pub use crate::collect::{CollectedHandler, collect};
pub use crate::declared::{Declares, PayloadOf, declared, event_of, payload_of};
pub use crate::on::{Block, Named, Registers};
pub use crate::routes::Routes;

use crate::handler_return::HandlerReturn;
use crate::payload::FromMessage;

/// Says at its place that a type is no payload.
pub const fn payload<P: FromMessage<M>, M>() {}

/// Says at its place that a handler cannot return a type.
pub const fn outcome<O: HandlerReturn>() {}

/// Says at its place that a type is no extractor for this state.
pub const fn extractor<E: FromRequestParts<S>, S>() {}
