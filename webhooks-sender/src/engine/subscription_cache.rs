//! Subscriptions in memory, prepared for sending. Their revisions are read with each batch of deliveries, so that a
//! change made by any process takes effect with the next batch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::SystemTime;

use webhooks_store::{Database, Id, from_ms};

use crate::context::Context;
use crate::dialect::Recipient;
use crate::error::Error;
use crate::model::SubscriptionState;
use crate::observe;
use crate::tables::{SubscriptionRow, Tx};

/// A subscription as the engine needs it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub(crate) struct CachedSubscription {
    pub(crate) owner: String,
    pub(crate) state: SubscriptionState,
    pub(crate) concurrency: Option<u16>,
    /// Requests in a second, at most.
    pub(crate) rate_limit: Option<u32>,
    /// Whether its deliveries are made in the order of its messages.
    pub(crate) is_fifo: bool,
    /// Whether its deliveries have numbers.
    pub(crate) is_numbered: bool,
    /// Whether what was given up stops what stands behind it, in its order.
    pub(crate) stops: bool,
    /// What makes the requests; an error's text where it cannot work any more, for instance because the policy for
    /// targets has become stricter.
    pub(crate) recipient: Result<Recipient, String>,
    /// Its secrets are encrypted with a key that this process was not given: the process is at fault, not the receiver.
    pub(crate) is_sealed: bool,
    pub(crate) revision: i64,
    /// When the oldest of its secrets ends, or the subscription itself.
    until: Option<SystemTime>,
}

/// The subscriptions that were needed lately.
#[derive(Default)]
pub(crate) struct SubscriptionCache {
    cached: HashMap<Id, Arc<CachedSubscription>>,
}

/// Beyond this many, only those of the current batch are kept.
const MAX_CACHED: usize = 10_000;

impl SubscriptionCache {
    /// The subscriptions with these ids, and the ids of those that cannot be read; those that no longer exist are in
    /// neither.
    pub(crate) async fn get<D: Database>(
        &mut self,
        context: &Context<D>,
        tx: &mut Tx<'_, D>,
        ids: &[Id],
    ) -> Result<(HashMap<Id, Arc<CachedSubscription>>, HashSet<Id>), Error> {
        let now = context.now();
        let (mut found, mut old) = (HashMap::with_capacity(ids.len()), Vec::new());
        for row in tx.revisions(ids).await? {
            let id = row.subscription;
            if row.fails {
                context.delivering.failure_windows.opened(id);
            }
            match self
                .cached
                .get(&id)
                .filter(|cached| cached.is_current(row.revision, now))
            {
                Some(cached) => _ = found.insert(id, Arc::clone(cached)),
                None => old.push(id),
            }
        }
        if self.cached.len() > MAX_CACHED {
            self.cached.clone_from(&found);
        }
        let mut unreadable = HashSet::new();
        if old.is_empty() {
            return Ok((found, unreadable));
        }
        for (id, row) in tx.subscriptions_by_id(&old).await? {
            match row {
                Ok(row) => {
                    let cached = Arc::new(CachedSubscription::new(context, &row, now));
                    self.cached.insert(id, Arc::clone(&cached));
                    found.insert(id, cached);
                }
                Err(error) => {
                    observe::subscription_unreadable(id, &error.reason());
                    unreadable.insert(id);
                }
            }
        }
        Ok((found, unreadable))
    }
}

impl CachedSubscription {
    fn new<D: Database>(context: &Context<D>, row: &SubscriptionRow, now: SystemTime) -> Self {
        let subscription = &row.subscription;
        let settings = &subscription.settings;
        let secrets = row.secrets(&context.tables.vault);
        let is_sealed = matches!(secrets, Err(Error::Sealed(_)));
        let until = secrets
            .as_ref()
            .ok()
            .and_then(|secrets| secrets.iter().filter_map(|one| one.until_ms).min());
        // The duty that switches it off may be late.
        let state = match settings.expires_at {
            Some(end) if end <= now => SubscriptionState::Expired,
            _ => subscription.state,
        };
        let recipients = &context.recipients;
        let recipient = secrets.and_then(|secrets| {
            recipients.recipient(&subscription.target, settings, &secrets, now)
        });
        Self {
            owner: subscription.owner.clone(),
            state,
            concurrency: settings.concurrency,
            rate_limit: settings.rate_limit,
            is_fifo: settings.first_in_first_out,
            is_numbered: settings.sequence_numbers,
            stops: settings.stop_when_given_up,
            recipient: recipient.map_err(|error| error.to_string()),
            is_sealed,
            revision: subscription.revision,
            until: until
                .map(from_ms)
                .into_iter()
                .chain(settings.expires_at)
                .filter(|until| *until > now)
                .min(),
        }
    }

    fn is_current(&self, revision: i64, now: SystemTime) -> bool {
        self.revision == revision && !self.is_over(now)
    }

    /// Whether one of its secrets has ended since it was read.
    pub(crate) fn is_over(&self, now: SystemTime) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}
