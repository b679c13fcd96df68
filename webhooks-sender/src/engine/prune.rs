//! Forgetting what is older than its retention, a little at a time, so that nobody waits long for it.
//!
//! What is deleted is found at the beginning of an index. What stays without a part of it (a message without its
//! payload, an attempt without the answer's body) would be found there again and again: a mark remembers how far has
//! been looked. The marks are memory only; now and then, and after a restart, everything is looked at once more.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::Instant;
use webhooks_store::{Database, Id, Parameters, to_ms};

use super::duties::pause;
use crate::complaint::Complaint;
use crate::error::Error;
use crate::publish::DELIVERIES;
use crate::shared::Shared;

/// How often old things are looked for.
const EVERY: Duration = Duration::from_mins(1);
/// The rest between two transactions while there is more to do.
const BREATH: Duration = Duration::from_millis(100);
/// How often the marks are forgotten: what was passed by because a delivery still waited may have ended since.
const ANEW: Duration = Duration::from_hours(1);
/// Rows deleted in one transaction.
const AT_ONCE: u32 = 500;
/// Attempts looked at in one transaction.
const ATTEMPTS: i64 = 2000;

/// How far has been looked.
#[derive(Debug, Clone, Default)]
struct Marks {
    /// The last message that was looked at for removal, and for its payload.
    messages: Vec<u8>,
    payloads: Vec<u8>,
    /// The time up to which answers were removed, in milliseconds.
    responses: i64,
}

/// Forgets until it is stopped.
pub(super) async fn prune<D: Database>(shared: Arc<Shared<D>>, mut stopped: watch::Receiver<bool>) {
    let (mut marks, mut since) = (Marks::default(), Instant::now());
    let mut complaint = Complaint::default();
    while !*stopped.borrow() {
        let rest = match step(&shared, &mut marks).await {
            Ok(true) => BREATH,
            Ok(false) => EVERY,
            Err(error) => {
                if let Some(error) = complaint.about(&error.reason(), Instant::now()) {
                    tracing::warn!(error, "old deliveries could not be removed");
                }
                EVERY
            }
        };
        if since.elapsed() >= ANEW {
            (marks, since) = (Marks::default(), Instant::now());
        }
        pause(rest, &mut stopped).await;
    }
}

/// Forgets everything that is old by now.
pub(crate) async fn prune_all<D: Database>(shared: &Shared<D>) -> Result<(), Error> {
    let mut marks = Marks::default();
    while step(shared, &mut marks).await? {}
    Ok(())
}

/// One transaction's worth; whether there is more to do.
async fn step<D: Database>(shared: &Shared<D>, marks: &mut Marks) -> Result<bool, Error> {
    let (retention, now) = (shared.rules.retention, shared.now());
    let before = |age: Duration| now.checked_sub(age).unwrap_or(UNIX_EPOCH);
    let mut transaction = shared.store.begin().await?;
    let connection = &mut *transaction;
    let mut next = marks.clone();
    let jobs = shared
        .store
        .prune_in(connection, DELIVERIES, retention.messages, AT_ONCE)
        .await?;
    let aged = Parameters::new()
        .int(to_ms(before(retention.attempts)))
        .int(AT_ONCE.into());
    let attempts = shared.sql.prune_attempts.execute(connection, aged).await?;
    let mut more = jobs.len() >= AT_ONCE as usize || attempts >= u64::from(AT_ONCE);
    more |= responses(shared, connection, &mut next, before(retention.responses)).await?;
    let old = window(
        shared,
        connection,
        &mut next.messages,
        before(retention.messages),
    )
    .await?;
    let given = |ids: &[Vec<u8>]| Parameters::new().blobs(ids.iter().cloned());
    shared
        .sql
        .prune_messages
        .execute(connection, given(&old))
        .await?;
    more |= old.len() >= AT_ONCE as usize;
    if retention.payloads < retention.messages {
        let old = window(
            shared,
            connection,
            &mut next.payloads,
            before(retention.payloads),
        )
        .await?;
        shared
            .sql
            .prune_payloads
            .execute(connection, given(&old))
            .await?;
        more |= old.len() >= AT_ONCE as usize;
    }
    transaction
        .commit()
        .await
        .map_err(webhooks_store::Error::from)?;
    *marks = next;
    Ok(more)
}

/// The bodies of answers; whether there are more.
async fn responses<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    marks: &mut Marks,
    before: SystemTime,
) -> Result<bool, Error> {
    let (from, before) = (marks.responses, to_ms(before));
    if from >= before {
        return Ok(false);
    }
    let range = Parameters::new().int(from).int(before).int(ATTEMPTS);
    let end = shared.sql.window_attempts.first(connection, range).await?;
    let end = end.map(|row| row.int(0)).transpose()?;
    // Very many attempts of one moment are one step.
    let until = end.map_or(before, |end| end.max(from + 1));
    let range = Parameters::new().int(from).int(until);
    shared
        .sql
        .prune_responses
        .execute(connection, range)
        .await?;
    marks.responses = until;
    Ok(end.is_some())
}

/// The next messages that are older than this.
async fn window<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    mark: &mut Vec<u8>,
    before: SystemTime,
) -> Result<Vec<Vec<u8>>, Error> {
    let oldest = *Id::at(before, [0; 10]).as_bytes();
    let parameters = Parameters::new()
        .bytes(mark.clone())
        .bytes(oldest)
        .int(AT_ONCE.into());
    let rows = shared
        .sql
        .window_messages
        .fetch(connection, parameters)
        .await?;
    let ids = rows
        .iter()
        .map(|row| row.bytes(0))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(last) = ids.last() {
        mark.clone_from(last);
    }
    Ok(ids)
}
