//! Gives up what is not fetched: the oldest deliveries of each subscription that is fetched, once they have waited too long.
//!
//! Only what is too old itself: the younger ones behind it go on waiting.

use std::time::Duration;

use webhooks_store::lanes::Entry;
use webhooks_store::{Attempt, Database, LaneName, Outcome, Verdict};

use crate::context::Context;
use crate::error::Error;
use crate::observe;
use crate::tables::{POLLED, Tx};

/// Lanes looked at in one transaction.
const LANES: u32 = 50;
/// Deliveries given up of a lane in one transaction.
const BATCH_SIZE: u32 = 200;
/// The word of the attempt that says why.
const UNFETCHED: &str = "unfetched";

/// Gives up what has waited for longer than this, a little of each subscription; whether there is more.
pub(super) async fn give_up<D: Database>(
    context: &Context<D>,
    age: Duration,
) -> Result<bool, Error> {
    let tables = &context.tables;
    let (mut after, mut more): (Option<LaneName>, _) = (None, false);
    loop {
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let heads = tx.lock_due_lanes(POLLED, after.as_ref(), LANES).await?;
        let mut outcomes = Vec::new();
        for head in &heads {
            let old = too_old(&mut tx, &head.lane, age).await?;
            if old.is_empty() {
                continue;
            }
            more |= old.len() >= BATCH_SIZE as usize;
            observe::unfetched(&head.lane, old.len());
            let now = tx.now();
            outcomes.extend(old.iter().map(|entry| {
                let made = Attempt::new(now, Duration::ZERO).error(UNFETCHED);
                entry.tried(Verdict::Failed, made)
            }));
        }
        tx.record(&outcomes.iter().collect::<Vec<&Outcome>>())
            .await?;
        transaction.commit().await?;
        if heads.len() < LANES as usize {
            return Ok(more);
        }
        after = heads.last().map(|last| last.lane.clone());
    }
}

/// The first deliveries of a lane that have waited for longer, by the database's clock.
async fn too_old<D: Database>(
    tx: &mut Tx<'_, D>,
    lane: &LaneName,
    age: Duration,
) -> Result<Vec<Entry>, Error> {
    // Most lanes have none: one row says so.
    for limit in [1, BATCH_SIZE] {
        let waiting = tx.due_in_lane(POLLED, lane, limit).await?;
        let age_ms = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
        let before = waiting.now_ms.saturating_sub(age_ms);
        let mut old = waiting.entries;
        old.retain(|entry| entry.place.due_ms < before);
        if old.is_empty() || limit == BATCH_SIZE {
            return Ok(old);
        }
    }
    Ok(Vec::new())
}
