//! The sender's nouns, as plain data.

mod cursor;
mod delivery;
mod filter;
mod id;
mod owner;
mod subscription;
mod written;

pub use cursor::{AttemptCursor, DeliveryCursor};
pub use delivery::{Attempt, Page, StoredDelivery, StoredMessage};
pub(crate) use filter::written as written_labels;
pub use filter::{DeliveryFilter, MessageFilter, SubscriptionFilter};
pub use id::{DeliveryId, IdError, MessageId, SubscriptionId};
pub use owner::Owner;
pub use subscription::{Settings, StoredSubscription, Subscribed, Subscription, SubscriptionState};
pub(crate) use written::{Written, pairs};
