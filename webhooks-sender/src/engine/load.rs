//! Claimed jobs become deliveries: with their messages and subscriptions, read in one statement each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use webhooks_store::{Database, Id, Job, Parameters};

use super::recipients::{Known, Recipients};
use crate::dialect::Wire;
use crate::error::Error;
use crate::model::MessageId;
use crate::publish::{message_id, usual};
use crate::shared::{Shared, key};

/// A message as the engine needs it.
pub(crate) struct Loaded {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    pub(crate) bare: bool,
    pub(crate) wire: Arc<Wire>,
    /// Missing when the retention has removed it.
    pub(crate) body: Option<Bytes>,
    pub(crate) expires_ms: Option<i64>,
}

/// A delivery that was claimed.
pub(crate) struct Delivery {
    pub(crate) job: Job,
    pub(crate) subscription: Id,
    /// Missing when it was pruned.
    pub(crate) message: Option<Arc<Loaded>>,
    /// Missing when it was removed.
    pub(crate) known: Option<Arc<Known>>,
    /// Later than this a request might outlast the lease.
    pub(crate) send_before: SystemTime,
}

impl Delivery {
    /// What it holds in memory; shared bodies count for each delivery.
    pub(crate) fn size(&self) -> usize {
        let body = self
            .message
            .as_ref()
            .and_then(|message| message.body.as_ref());
        body.map_or(0, Bytes::len)
    }
}

/// Reads what the jobs need.
pub(crate) async fn load<D: Database>(
    shared: &Shared<D>,
    recipients: &mut Recipients,
    jobs: Vec<Job>,
    send_before: SystemTime,
) -> Result<Vec<Delivery>, Error> {
    let subscription = |job: &Job| key(job.lane.as_bytes());
    let ids: HashSet<Id> = jobs.iter().map(subscription).collect::<Result<_, _>>()?;
    let references: HashSet<Id> = jobs.iter().filter_map(|job| job.reference).collect();
    let mut connection = shared.store.worker_connection().await?;
    let known = recipients
        .get(
            shared,
            &mut connection,
            &ids.into_iter().collect::<Vec<_>>(),
        )
        .await?;
    let messages = messages(shared, &mut connection, references).await?;
    let deliveries = jobs.into_iter().map(|job| {
        let subscription = subscription(&job)?;
        let message = job
            .reference
            .and_then(|reference| messages.get(&reference).cloned());
        Ok(Delivery {
            subscription,
            message,
            known: known.get(&subscription).cloned(),
            job,
            send_before,
        })
    });
    deliveries.collect()
}

async fn messages<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    ids: HashSet<Id>,
) -> Result<HashMap<Id, Arc<Loaded>>, Error> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    // In the order of the primary key, so that pages are read once.
    ids.sort_unstable();
    let parameters = Parameters::new().blobs(ids.into_iter().map(|id| *id.as_bytes()));
    let rows = shared
        .sql
        .messages_by_id
        .fetch(connection, parameters)
        .await?;
    let common = Arc::new(usual());
    let mut messages = HashMap::with_capacity(rows.len());
    for row in rows {
        let stored = row.bytes(0)?;
        let (event, bare) = (row.text(1)?, row.int(3)? == 1);
        let wire = match row.maybe_text(4)? {
            None => Arc::clone(&common),
            Some(wire) => Arc::new(serde_json::from_str(&wire).map_err(|_| Error::NotFound)?),
        };
        let loaded = Loaded {
            id: message_id(&stored, &event, bare)?,
            event,
            bare,
            wire,
            body: row.maybe_bytes(5)?.map(Bytes::from),
            expires_ms: row.maybe_int(7)?,
        };
        messages.insert(key(&stored)?, Arc::new(loaded));
    }
    Ok(messages)
}
