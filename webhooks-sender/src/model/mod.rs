//! The sender's nouns, as plain data.

mod delivery;
mod id;
mod owner;
mod subscription;
mod written;

pub use delivery::{Attempt, Page, StoredDelivery, StoredMessage};
pub use id::{DeliveryId, IdError, MessageId, SubscriptionId};
pub use owner::Owner;
pub use subscription::{Settings, StoredSubscription, Subscribed, Subscription, SubscriptionState};
pub(crate) use written::{Written, pairs};
