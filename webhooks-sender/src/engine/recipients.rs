//! Subscriptions in memory, prepared for sending. Their revision is asked for once per claimed batch, so that a change
//! made by any process counts from the next batch on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use webhooks_store::{Database, Id, Parameters, from_ms};

use crate::dialect::Recipient;
use crate::error::Error;
use crate::health::RateLimit;
use crate::model::SubscriptionState;
use crate::shared::{Shared, key};
use crate::subscriptions::{Row, by_id, recipient};

/// A subscription as the engine needs it.
pub(crate) struct Known {
    pub(crate) owner: String,
    pub(crate) state: SubscriptionState,
    pub(crate) concurrency: Option<u16>,
    pub(crate) rate_limit: Option<RateLimit>,
    /// What makes the requests; an error's text where it cannot work any more, for instance because the policy for
    /// targets has become stricter.
    pub(crate) recipient: Result<Recipient, String>,
    /// Its secrets are encrypted with a key that this process was not given: the process is at fault, not the receiver.
    pub(crate) is_sealed: bool,
    pub(crate) revision: i64,
    /// When the oldest of its secrets ends.
    until: Option<SystemTime>,
}

/// The subscriptions that were needed lately.
#[derive(Default)]
pub(crate) struct Recipients {
    known: HashMap<Id, Arc<Known>>,
}

/// Beyond this many, those of the current batch alone are kept.
const MOST: usize = 10_000;

impl Recipients {
    /// The subscriptions with these ids; those that are gone are missing.
    pub(crate) async fn get<D: Database>(
        &mut self,
        shared: &Shared<D>,
        connection: &mut D::Connection,
        ids: &[Id],
    ) -> Result<HashMap<Id, Arc<Known>>, Error> {
        let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        let rows = shared.sql.revisions.fetch(connection, parameters).await?;
        let (mut found, mut old, now) =
            (HashMap::with_capacity(ids.len()), Vec::new(), shared.now());
        for row in rows {
            let (id, revision) = (key(&row.bytes(0)?)?, row.int(1)?);
            match self
                .known
                .get(&id)
                .filter(|known| known.is_current(revision, now))
            {
                Some(known) => _ = found.insert(id, Arc::clone(known)),
                None => old.push(id),
            }
        }
        if self.known.len() > MOST {
            self.known.clone_from(&found);
        }
        if !old.is_empty() {
            for row in by_id(shared, connection, &old).await? {
                let known = Arc::new(Known::new(shared, &row, now));
                self.known.insert(row.id(), Arc::clone(&known));
                found.insert(row.id(), known);
            }
        }
        Ok(found)
    }
}

impl Known {
    fn new<D: Database>(shared: &Shared<D>, row: &Row, now: SystemTime) -> Self {
        let subscription = &row.subscription;
        let held = row.held(shared);
        let is_sealed = matches!(held, Err(Error::Sealed(_)));
        let until = held
            .as_ref()
            .ok()
            .and_then(|held| held.iter().filter_map(|held| held.until_ms).min());
        let recipient = held.and_then(|held| {
            recipient(
                shared,
                &subscription.target,
                &subscription.settings,
                &held,
                now,
            )
        });
        Self {
            owner: subscription.owner.clone(),
            state: subscription.state,
            concurrency: subscription.settings.concurrency,
            rate_limit: subscription.settings.rate_limit.map(RateLimit::per_second),
            recipient: recipient.map_err(|error| error.to_string()),
            is_sealed,
            revision: subscription.revision,
            until: until.map(from_ms).filter(|until| *until > now),
        }
    }

    fn is_current(&self, revision: i64, now: SystemTime) -> bool {
        self.revision == revision && self.until.is_none_or(|until| until > now)
    }
}
