//! Deletes what is older than its retention, a little at a time, so that no other transaction waits long for it.
//!
//! What is deleted is found at the beginning of an index. What stays there (a message without its payload, a message with
//! a delivery that waits) would be found again and again: a mark remembers how far the last step has come. The marks are in memory only; every hour, and after a restart, everything is scanned again.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::{Mutex, watch};
use tokio::time::Instant;
use webhooks_store::{Database, Id, PruneMark};

use super::duty::{self, Pace};
use super::unfetched;
use crate::context::Context;
use crate::error::Error;
use crate::tables::Tx;

/// How often old rows are looked for.
const INTERVAL: Duration = Duration::from_mins(1);
/// The pause between two transactions while there is more to delete.
const PRUNE_PAUSE: Duration = Duration::from_millis(100);
/// How often the marks are forgotten: what was passed by because a delivery still waited may have ended since.
const FULL_SCAN_EVERY: Duration = Duration::from_hours(1);
/// Rows deleted in one transaction.
const BATCH_SIZE: u32 = 500;

/// How far the last step has come.
#[derive(Debug, Clone, Default)]
struct Marks {
    /// The last message that was looked at for removal, and for its payload.
    messages: Vec<u8>,
    payloads: Vec<u8>,
    /// The store's own.
    history: PruneMark,
}

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let state = Mutex::new((Marks::default(), Instant::now()));
    let after_error = Pace::After(INTERVAL);
    duty::run(
        ("pruner", &context.delivering.duties),
        stopped,
        None,
        after_error,
        async || {
            let mut state = state.lock().await;
            let (marks, since) = &mut *state;
            if since.elapsed() >= FULL_SCAN_EVERY {
                (*marks, *since) = (Marks::default(), Instant::now());
            }
            let more = prune(&context, marks).await?;
            Ok(Pace::After(if more { PRUNE_PAUSE } else { INTERVAL }))
        },
    )
    .await;
}

/// Deletes everything that is old by now.
pub(crate) async fn prune_all<D: Database>(context: &Context<D>) -> Result<(), Error> {
    let mut marks = Marks::default();
    while prune(context, &mut marks).await? {}
    Ok(())
}

/// One step of each; whether there is more to do.
async fn prune<D: Database>(context: &Context<D>, marks: &mut Marks) -> Result<bool, Error> {
    let (retention, now) = (context.delivering.rules.retention, context.now());
    let before = |age: Duration| now.checked_sub(age).unwrap_or(UNIX_EPOCH);
    let tables = &context.tables;
    let kept = webhooks_store::Retention {
        history: retention.messages,
        attempts: retention.attempts,
        answers: retention.responses,
    };
    // Before their messages are as old, so that it is seen.
    let unfetched = retention.unfetched.min(retention.messages);
    let given_up = unfetched::give_up(context, unfetched).await?;
    let mut next = marks.clone();
    let mut more = tables
        .store
        .prune(&kept, &mut next.history, BATCH_SIZE)
        .await?;
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    more |= given_up;
    let old = window(&mut tx, &mut next.messages, before(retention.messages)).await?;
    tx.prune_messages(&old).await?;
    tx.prune_replayed(&old).await?;
    tx.prune_sequence_numbers(&old).await?;
    let oldest = Id::at(before(retention.messages), [0; 10]);
    let pruned_jobs = tx.prune_jobs(oldest, BATCH_SIZE).await?;
    more |= pruned_jobs >= BATCH_SIZE.into();
    more |= old.len() >= BATCH_SIZE as usize;
    if retention.payloads < retention.messages {
        let old = window(&mut tx, &mut next.payloads, before(retention.payloads)).await?;
        tx.prune_payloads(&old).await?;
        more |= old.len() >= BATCH_SIZE as usize;
    }
    let oldest = Id::at(before(retention.audit), [0; 10]);
    more |= tx.prune_audit(oldest, BATCH_SIZE).await? >= BATCH_SIZE.into();
    transaction.commit().await?;
    *marks = next;
    Ok(more)
}

/// The next messages that are older than this.
async fn window<D: Database>(
    tx: &mut Tx<'_, D>,
    mark: &mut Vec<u8>,
    before: SystemTime,
) -> Result<Vec<Id>, Error> {
    let ids = tx
        .window_of_messages(mark.clone(), before, BATCH_SIZE)
        .await?;
    if let Some(last) = ids.last() {
        *mark = last.as_bytes().to_vec();
    }
    Ok(ids)
}
