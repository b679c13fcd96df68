//! Recognising a message that came before.
//!
//! The claim decides, not a look-up before it. Of two requests with one id exactly one gets the claim, and the other learns
//! how far the first has come. A claim that is dropped unfinished frees the id, so that a handler that failed, panicked or was cut off
//! can run again. A claim ends by itself after its lease, because a process that is killed drops nothing.

mod recent;
mod store;
mod table;

pub use recent::RecentMessages;
pub use store::{BoxFuture, Claim, ClaimGuard, Deduplicate, MessageKey};
