//! Gives deliveries their numbers, where their subscription asks for a sequence.
//!
//! The owner of a lane does so when it has a delivery in hand for the first time, in the order of the lane, and before any
//! request: not the fan-out, where every send to a subscription would wait for the one before it. The number and how far the
//! sequence has come are one transaction, flushed to the disk: whatever crashes, no number is given twice, and none is left
//! out. A delivery keeps its number over retries, over a change of the lane's owner, and when it is sent again.
//!
//! So a number that a receiver never sees is a delivery that was given up, cancelled or removed, or one that is still to
//! come: without an order, later ones overtake those that wait for a retry.

use std::collections::HashMap;
use std::sync::Arc;

use webhooks_store::{Database, Id};

use super::subscription_cache::CachedSubscription;
use crate::context::Context;
use crate::error::Error;

/// The numbers of those of these deliveries, each with its subscription, that are numbered.
pub(super) async fn number<D: Database>(
    context: &Context<D>,
    deliveries: &[(Id, Id)],
    subscriptions: &HashMap<Id, Arc<CachedSubscription>>,
) -> Result<HashMap<Id, i64>, Error> {
    let is_numbered = |(_, subscription): &(Id, Id)| {
        let cached = subscriptions.get(subscription);
        // What is paused is not sent now, and gets its number later.
        cached.is_some_and(|cached| cached.is_numbered && cached.state.is_active())
    };
    let numbered = deliveries.iter().copied().filter(is_numbered);
    let numbered: Vec<_> = numbered.collect();
    if numbered.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<_> = numbered.iter().map(|(id, _)| *id).collect();
    let tables = &context.tables;
    let known = {
        let mut connection = tables.store.worker_connection().await?;
        let mut tx = tables.on(&mut connection);
        let known = tx.sequence_numbers(&ids).await?;
        connection.end();
        known
    };
    if known.len() == ids.len() {
        return Ok(known);
    }
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let sequences = numbered.iter().map(|(_, subscription)| (*subscription, 0));
    let mut sequences: Vec<_> = sequences.collect();
    sequences.sort_unstable();
    sequences.dedup();
    let mut last: HashMap<Id, i64> = tx
        .advance_sequences(&sequences)
        .await?
        .into_iter()
        .collect();
    // Read once more under the lock: a former owner, who does not know yet, may have been faster.
    let mut known = tx.sequence_numbers(&ids).await?;
    let new = continued(&numbered, &known, &mut last);
    tx.insert_sequence_numbers(&new).await?;
    let mut last: Vec<_> = last.into_iter().collect();
    last.sort_unstable();
    tx.advance_sequences(&last).await?;
    transaction.commit().await?;
    known.extend(new);
    Ok(known)
}

/// The next numbers of each sequence, for the deliveries that have none, in their order.
fn continued(
    deliveries: &[(Id, Id)],
    known: &HashMap<Id, i64>,
    last: &mut HashMap<Id, i64>,
) -> Vec<(Id, i64)> {
    let new = deliveries
        .iter()
        .filter(|(delivery, _)| !known.contains_key(delivery));
    let numbered = new.map(|(delivery, subscription)| {
        let number = last.entry(*subscription).or_default();
        *number += 1;
        (*delivery, *number)
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> Id {
        Id::from_bytes([number; 16])
    }

    #[test]
    fn each_sequence_goes_on_without_a_gap_and_what_has_a_number_keeps_it() {
        let deliveries = [(1, 100), (2, 200), (3, 100), (4, 100), (5, 200)];
        let deliveries =
            deliveries.map(|(delivery, subscription)| (id(delivery), id(subscription)));
        let known = HashMap::from([(id(3), 7)]);
        let mut last = HashMap::from([(id(100), 7)]);
        let new = continued(&deliveries, &known, &mut last);
        assert_eq!(new, [(id(1), 8), (id(2), 1), (id(4), 9), (id(5), 2)]);
        assert_eq!(last, HashMap::from([(id(100), 9), (id(200), 2)]));
    }
}
