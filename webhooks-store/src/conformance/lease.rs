//! Leases run out, are made longer, and are taken back.

use std::time::Duration;

use super::{LEASE, MINUTE, QUEUE, claim, jobs, numbers, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::settle::{Settled, Verdict};
use crate::store::Store;

pub async fn a_lease_that_ran_out_is_rescued<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let first = claim(&store, 1).await?;
    store.clock().advance(LEASE + MINUTE);
    let rescued = store.rescue(QUEUE, LEASE, 10).await?;
    assert_eq!(rescued, [first[0].lease()]);
    let again = claim(&store, 10).await?;
    assert_eq!(numbers(&again), [1, 2]);
    assert_eq!(
        again.iter().map(|job| job.claim).collect::<Vec<_>>(),
        [2, 1]
    );
    assert!(
        again.iter().all(|job| job.attempts == 0),
        "a crash is not counted as an attempt"
    );
    Ok(())
}

pub async fn a_lease_that_counts_is_left_alone<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    let claimed = claim(&store, 1).await?;
    store.clock().advance(LEASE / 2);
    assert_eq!(store.rescue(QUEUE, LEASE, 10).await?, []);
    assert_eq!(
        store.rescue("other", Duration::ZERO, 10).await?,
        [],
        "another queue's"
    );
    assert_eq!(
        store.settle(outcomes(&claimed, Verdict::Done)).await?,
        [Settled::Applied]
    );
    Ok(())
}

pub async fn an_extended_lease_runs_longer<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let claimed = claim(&store, 10).await?;
    let extended = [claimed[1].lease(), claimed[1].lease()];
    assert_eq!(
        store.extend(&extended, 10 * LEASE).await?,
        [Settled::Applied; 2],
        "asked twice, answered twice"
    );
    assert_eq!(store.extend(&[], LEASE).await?, []);
    store.clock().advance(2 * LEASE);
    assert_eq!(
        store.rescue(QUEUE, 10 * LEASE, 10).await?,
        [claimed[0].lease()]
    );
    store.clock().advance(10 * LEASE);
    assert_eq!(
        store.rescue(QUEUE, 10 * LEASE, 10).await?,
        [claimed[1].lease()]
    );
    Ok(())
}

pub async fn a_lease_from_before_the_clock_was_set_back_is_rescued<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    let claimed = claim(&store, 1).await?;
    store.clock().step_back(24 * 60 * MINUTE);
    assert_eq!(store.rescue(QUEUE, LEASE, 10).await?, [claimed[0].lease()]);
    assert_eq!(
        numbers(&claim(&store, 1).await?),
        [1],
        "what is ready needs no clock"
    );
    Ok(())
}

/// The claim was committed after the rescue had read its time.
pub async fn a_lease_taken_in_the_same_instant_is_left_alone<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    let claimed = claim(&store, 1).await?;
    store.clock().step_back(MINUTE / 2);
    assert_eq!(store.rescue(QUEUE, LEASE, 10).await?, []);
    assert_eq!(
        store.settle(outcomes(&claimed, Verdict::Done)).await?,
        [Settled::Applied]
    );
    Ok(())
}

pub async fn a_rescue_is_bounded<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(0..10, "a")).await?;
    claim(&store, 10).await?;
    store.clock().advance(2 * LEASE);
    assert_eq!(store.rescue(QUEUE, LEASE, 7).await?.len(), 7);
    assert_eq!(store.rescue(QUEUE, LEASE, 7).await?.len(), 3);
    assert_eq!(store.rescue(QUEUE, LEASE, 7).await?.len(), 0);
    Ok(())
}
