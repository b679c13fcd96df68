//! The sender's nouns, as plain data.

mod cursor;
mod delivery;
mod delivery_state;
mod filter;
mod id;
mod id_sequence;
mod job;
mod json;
mod owner;
mod page;
mod queue_stats;
mod request;
mod scope;
mod subscription;
mod subscription_config;

pub(crate) use cursor::{AttemptCursor, DeliveryCursor};
pub use delivery::{Attempt, LastAttempt, StoredDelivery, StoredMessage};
pub use delivery_state::DeliveryState;
pub(crate) use filter::read_labels;
pub use filter::{DeliveryFilter, MessageFilter, SubscriptionFilter};
pub use id::{DeliveryId, IdError, JobId, MessageId, SubscriptionId};
pub(crate) use id_sequence::IdSequence;
pub(crate) use job::Selection;
pub use job::{Job, JobFilter, JobKind, JobState, Replay, ReplayId};
pub use owner::Owner;
pub use page::{Cursor, CursorError, Page, PageRequest};
pub use queue_stats::QueueStats;
pub use request::SubscriptionRequest;
pub(crate) use scope::Scope;
pub use subscription::{Settings, StoredSubscription, Subscribed, Subscription, SubscriptionState};
pub(crate) use subscription_config::{SubscriptionConfig, pairs};
