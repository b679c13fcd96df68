//! The sender's nouns, as plain data.

mod id;

pub use id::{IdError, MessageId, SubscriptionId};
