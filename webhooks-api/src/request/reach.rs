//! What a caller reaches: one owner's account, or all of them. Both do the same things.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use webhooks_core::CatalogueEntry;
use webhooks_sender::database::Database;
use webhooks_sender::id::{AttemptId, DeliveryId, JobId, MessageId, SubscriptionId};
use webhooks_sender::job::{BulkRetry, Job, JobFilter, Replay, ReplayId};
use webhooks_sender::live_feed::{LiveFeed, LivePosition};
use webhooks_sender::query::{
    Attempt, AttemptFilter, AuditEntry, AuditFilter, DeliveryFilter, MessageFilter, MissedMessage,
    Page, PageRequest, Period, Poll, PollAnswer, RebuiltRequest, Statistics, StoredDelivery,
    StoredMessage, SubscriptionFilter,
};
use webhooks_sender::subscription::StoredSubscription;
use webhooks_sender::{Account, Error, Operator, Secret, Sent};

use crate::problem::{Kind, Problem};

pub(crate) enum Reach<D: Database> {
    Account(Account<D>),
    Operator(Operator<D>),
}

/// The same call on either.
macro_rules! both {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        impl<D: Database> Reach<D> {
            $(
                pub(crate) async fn $name(&self, $($argument: $kind),*) -> Result<$result, Error> {
                    match self {
                        Self::Account(account) => account.$name($($argument),*).await,
                        Self::Operator(operator) => operator.$name($($argument),*).await,
                    }
                }
            )*
        }
    };
}

both! {
    subscription(id: &SubscriptionId) -> StoredSubscription;
    subscriptions(filter: SubscriptionFilter, page: PageRequest) -> Page<StoredSubscription>;
    pause(id: &SubscriptionId) -> ();
    activate(id: &SubscriptionId) -> ();
    unsubscribe(id: &SubscriptionId) -> ();
    rotate(id: &SubscriptionId, grace: Duration) -> Secret;
    end_grace(id: &SubscriptionId) -> ();
    send_test(id: &SubscriptionId) -> Sent;
    replay(id: &SubscriptionId, replay: Replay) -> Job;
    poll(id: &SubscriptionId, poll: Poll) -> PollAnswer;
    retry_all(retry: BulkRetry) -> Job;
    message(id: &MessageId) -> StoredMessage;
    messages(filter: MessageFilter, page: PageRequest) -> Page<StoredMessage>;
    delivery(id: &DeliveryId) -> StoredDelivery;
    deliveries(filter: &DeliveryFilter, page: PageRequest) -> Page<StoredDelivery>;
    attempts(id: &DeliveryId) -> Vec<Attempt>;
    attempts_to(id: &SubscriptionId, page: PageRequest) -> Page<Attempt>;
    retry(id: &DeliveryId) -> ();
    cancel(id: &DeliveryId) -> ();
    audit(filter: &AuditFilter, page: PageRequest) -> Page<AuditEntry>;
    attempt(id: &AttemptId) -> Attempt;
    rebuilt_request(id: &AttemptId) -> RebuiltRequest;
    find_attempts(filter: &AttemptFilter, page: PageRequest) -> Page<Attempt>;
    statistics(id: &SubscriptionId, period: Period) -> Statistics;
    missed(id: &SubscriptionId, since: SystemTime, page: PageRequest) -> Page<MissedMessage>;
    jobs(filter: JobFilter, page: PageRequest) -> Page<Job>;
    job(id: &JobId) -> Job;
    cancel_job(id: &JobId) -> Job;
    replay_message(id: &MessageId, ids: ReplayId) -> Job;
    erase_message(id: &MessageId) -> Job;
    resend(id: &MessageId, to: &[SubscriptionId]) -> Vec<DeliveryId>;
    send_example(id: &SubscriptionId, event: &str, payload: &Value) -> Sent;
}

impl<D: Database> Reach<D> {
    /// What happens from now on, or from a position on.
    pub(crate) async fn live(&self, after: Option<LivePosition>) -> Result<LiveFeed<D>, Error> {
        match self {
            Self::Account(account) => account.live(after).await,
            Self::Operator(operator) => operator.live(after).await,
        }
    }

    /// The events that the caller can subscribe to, but for those that are not documented.
    pub(crate) fn events(&self) -> Result<Vec<&CatalogueEntry>, Error> {
        let mut events = match self {
            Self::Account(account) => account.events(),
            Self::Operator(operator) => operator.events(),
        }?;
        events.retain(|entry| entry.is_documented());
        Ok(events)
    }

    /// One owner's account, for what cannot be done for all.
    pub(crate) fn account(&self) -> Result<&Account<D>, Problem> {
        match self {
            Self::Account(account) => Ok(account),
            Self::Operator(_) => Err(Problem::new(
                Kind::OwnerRequired,
                "say for which owner, as in `?owner=acct_1`",
            )),
        }
    }
}
