//! Where a provider puts what: from a verified body to the messages in it.
//!
//! What a signed body means depends on its bytes and on what is known of the provider, and on nothing that a client can
//! change without the secret: not on the content type, the order of headers or the method. The exceptions are headers that name the event
//! or hold the id. A message that has one of these is marked, so that it hides no other message.

mod compose;
mod document;
mod reader;

pub(crate) use compose::TestMessage;
pub(crate) use reader::{AuthenticRequest, Layout};
