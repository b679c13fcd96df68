//! Send webhooks.

mod builder;
mod chance;
mod client;
mod dialect;
mod engine;
mod error;
mod guard;
mod health;
mod model;
mod operations;
mod publish;
mod queries;
mod replay;
mod retry;
mod sender;
mod settings;
mod shared;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
mod subscriptions;
#[cfg(feature = "sqlite")]
mod testing;
#[cfg(feature = "validation")]
mod untyped;
mod vault;

pub use builder::SenderBuilder;
pub use chance::{Chance, NoRandomness, SystemChance, TestChance};
pub use client::{Answer, AnswerFuture, HttpClient, HttpClientBuilder, Transport, TransportError};
pub use dialect::{Dialect, HeaderError, RecipientError};
pub use error::Error;
pub use guard::{AddressClass, Resolve, ResolveFuture, SystemResolver, Target, TargetError, TargetPolicy};
pub use health::{Circuit, CircuitBreaker, DeactivationRule, FailureWindow, Permit, RateLimit};
pub use model::{
    Attempt, DeliveryId, IdError, MessageId, Owner, Page, Settings, StoredDelivery, StoredMessage,
    StoredSubscription, Subscribed, Subscription, SubscriptionId, SubscriptionState,
};
pub use operations::{DeliveryNotice, SubscriptionNotice, operational_webhooks};
pub use publish::{Outbound, Sent};
pub use retry::{RetrySchedule, STANDARD_SCHEDULE, retry_after};
pub use sender::Sender;
pub use settings::Retention;
pub use state::{DeliveryState, Step};
#[cfg(feature = "sqlite")]
pub use testing::{TestAnswer, TestRequest, TestSender, TestSenderBuilder, TestTransport};
pub use vault::SealingKey;
pub use webhooks_signature::{Scheme, Secret};
pub use webhooks_store::{Clock, Counts, Database, Prefix};
