//! What generated code names. There are no promises: only the macros of exactly this version use it.

pub use std::sync::Arc;

pub use axum::extract::FromRequestParts;
pub use inventory;

pub use crate::collect::{CollectedHandler, collect};
pub use crate::declared::{Declares, PayloadOf, declared, event_of, payload_of};
pub use crate::handler_return::Answer;
pub use crate::on::{Block, GivesAnswer, Mistaken, Named, Read, ReadsPayload, RegistersBlock};
pub use crate::routes::Routes;

use axum::http::HeaderMap;

use crate::handler_return::HandlerReturn;
use crate::message::IncomingMessage;
use crate::payload::{DecodeError, FromMessage};

/// Reads the payload of a function.
///
/// # Errors
///
/// When the payload is not what the function asks for.
pub fn read<P: FromMessage<M>, M>(
    message: &IncomingMessage,
    headers: &HeaderMap,
) -> Result<P, DecodeError> {
    P::from_message(message, headers)
}

/// Turns what a function returns into an answer.
pub fn answer<O: HandlerReturn>(returned: O) -> Answer {
    returned.into_answer()
}

/// Says at its place that a type is not a payload.
pub const fn payload<P: FromMessage<M>, M>() {}

/// Says at its place that a handler cannot return a type.
pub const fn outcome<O: HandlerReturn>() {}

/// Says at its place that a type is not an extractor for this state.
pub const fn extractor<E: FromRequestParts<S>, S>() {}
